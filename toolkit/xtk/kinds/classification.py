"""Sequence classification: one label for a text or a pair of texts."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtk.kinds.encoded import NO_LABEL, Encoded, Tokenizer, encode_texts, flatten


@dataclass(frozen=True)
class PairExample:
    """A text, a second one where there are two, and the index of their label, None if unknown."""

    first: str
    second: str | None
    label: int | None


def encode(examples: Sequence[PairExample], tokenizer: Tokenizer, max_length: int) -> Encoded:
    """One sequence per example: `<s> first </s>` or `<s> first </s> </s> second </s>`."""
    sequences, cut = encode_texts(
        tokenizer, [e.first for e in examples], [e.second for e in examples], max_length
    )
    labels = [NO_LABEL if e.label is None else e.label for e in examples]
    return flatten(sequences, [1] * len(examples), labels, cut)


def decode(
    scores: NDArray[np.float32], encoded: Encoded, examples: Sequence[PairExample]
) -> tuple[int, ...]:
    """The best label of each example; `scores` is (examples, labels)."""
    return tuple(int(label) for label in scores.argmax(axis=1))
