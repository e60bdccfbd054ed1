"""The kinds that there are, each a row of functions that know no task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.kinds import choice, classification
from xtk.kinds.encoded import Encoded, Tokenizer


@dataclass(frozen=True)
class Kind:
    """One shape of task.

    `encode(examples, tokenizer, max_length)` gives the arrays; `decode(scores)` turns the head's
    scores, one row of `outputs` numbers per sequence, grouped by example, into label indices.
    """

    name: str
    encode: Callable[[Sequence[Any], Tokenizer, int], Encoded]
    decode: Callable[[NDArray[np.float32], NDArray[np.int64]], NDArray[np.int64]]
    labels_are_positions: bool  # so that a head serves any label names and number of choices
    prediction_suffix: str  # of a prediction file in the official form
    write_predictions: Callable[[Sequence[int], Sequence[str]], str]
    read_predictions: Callable[[str, Sequence[str]], list[int]]


SEQUENCE_CLASSIFICATION = Kind(
    name="sequence classification",
    encode=classification.encode,
    decode=classification.decode,
    labels_are_positions=False,
    prediction_suffix="tsv",
    write_predictions=classification.write_predictions,
    read_predictions=classification.read_predictions,
)

MULTIPLE_CHOICE = Kind(
    name="multiple choice",
    encode=choice.encode,
    decode=choice.decode,
    labels_are_positions=True,
    prediction_suffix="jsonl",
    write_predictions=choice.write_predictions,
    read_predictions=choice.read_predictions,
)

TOKEN_CLASSIFICATION = Kind(
    name="token classification",
    encode=classification.encode,
    decode=classification.decode,
    labels_are_positions=False,
    prediction_suffix="tsv",
    write_predictions=classification.write_predictions,
    read_predictions=classification.read_predictions,
)
SPAN_EXTRACTION = TOKEN_CLASSIFICATION
RETRIEVAL = TOKEN_CLASSIFICATION

KINDS = {kind.name: kind for kind in (SEQUENCE_CLASSIFICATION, MULTIPLE_CHOICE)}
