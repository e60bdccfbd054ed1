"""The kinds that there are, each a row of functions that know no task."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from xtk.kinds import choice, classification, masked, retrieval, span, tagging
from xtk.kinds.encoded import Encoded, Tokenizer

Encode = Callable[[Sequence[Any], Tokenizer, int], Encoded]


@dataclass(frozen=True)
class Kind:
    """One shape of task.

    `encode(examples, tokenizer, max_length)` gives the arrays, `encode_training` those to learn
    from where they are others. `reads` says what the head sees: the vector of a sequence, each
    token, or nothing, where the vector itself is the result. `decode(scores, encoded, examples)`
    turns the head's scores, a row a sequence or a token, into predictions as a scheme of `scoring`
    has them; retrieval has no scores and searches instead.
    """

    name: str
    reads: Literal["sequence", "token", "vector"]
    encode: Encode
    decode: Callable[[NDArray[np.float32], Encoded, Sequence[Any]], Any] | None
    encode_training: Encode | None = None
    labels_are_positions: bool = False  # so that a head serves any label names


SEQUENCE_CLASSIFICATION = Kind(
    name="sequence classification",
    reads="sequence",
    encode=classification.encode,
    decode=classification.decode,
)
MULTIPLE_CHOICE = Kind(
    name="multiple choice",
    reads="sequence",
    encode=choice.encode,
    decode=choice.decode,
    labels_are_positions=True,
)
TOKEN_CLASSIFICATION = Kind(
    name="token classification",
    reads="token",
    encode=tagging.encode,
    decode=tagging.decode,
)
SPAN_EXTRACTION = Kind(
    name="span extraction",
    reads="token",
    encode=span.encode,
    decode=span.decode,
    labels_are_positions=True,
)
RETRIEVAL = Kind(
    name="retrieval",
    reads="vector",
    encode=retrieval.encode,
    encode_training=retrieval.encode_pairs,
    decode=None,
    labels_are_positions=True,
)
MASKED_LM = Kind(name="masked LM", reads="token", encode=masked.encode, decode=None)

KINDS = {
    kind.name: kind
    for kind in (
        *(SEQUENCE_CLASSIFICATION, MULTIPLE_CHOICE, TOKEN_CLASSIFICATION),
        *(SPAN_EXTRACTION, RETRIEVAL, MASKED_LM),
    )
}
