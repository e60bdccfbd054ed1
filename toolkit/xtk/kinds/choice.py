"""Multiple choice: which of several continuations or answers fits a context."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xtk.kinds.encoded import NO_LABEL, Encoded, Tokenizer, encode_texts, flatten


@dataclass(frozen=True)
class ChoiceExample:
    """A context, the choices (each with its question before it) and the index of the right one."""

    context: str
    choices: tuple[str, ...]
    label: int | None


def encode(examples: Sequence[ChoiceExample], tokenizer: Tokenizer, max_length: int) -> Encoded:
    """One sequence per choice: `<s> context </s> </s> choice </s>`."""
    pairs = [(e.context, choice) for e in examples for choice in e.choices]
    sequences, cut = encode_texts(
        tokenizer, [p[0] for p in pairs], [p[1] for p in pairs], max_length
    )
    labels = [NO_LABEL if e.label is None else e.label for e in examples]
    return flatten(sequences, [len(e.choices) for e in examples], labels, cut)


def decode(
    scores: NDArray[np.float32], encoded: Encoded, examples: Sequence[ChoiceExample]
) -> tuple[int, ...]:
    """The best choice of each example; `scores` is (choices of all examples, 1)."""
    flat = scores[:, 0]
    return tuple(int(flat[start:end].argmax()) for start, end in pairwise(encoded.groups))
