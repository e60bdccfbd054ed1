"""Masked language modelling: words that are left out of a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from xtk.kinds.encoded import NO_LABEL, SPECIAL_TOKENS, Encoded, Tokenizer, flatten, special_ids


@dataclass(frozen=True)
class TextExample:
    """One text."""

    text: str

    @property
    def label(self) -> tuple[()]:
        return ()


def encode(examples: Sequence[TextExample], tokenizer: Tokenizer, max_length: int) -> Encoded:
    """The whole of each text, in sequences of `max_length` tokens; no token is dropped."""
    bos, eos = special_ids(tokenizer)
    room = max_length - SPECIAL_TOKENS
    sequences: list[list[int]] = []
    for encoding in tokenizer.encode_batch([e.text for e in examples], add_special_tokens=False):
        parts = range(0, max(1, len(encoding.ids)), room)
        sequences += [[bos, *encoding.ids[start : start + room], eos] for start in parts]
    count = len(sequences)  # each one is an example of its own, so that batches can be even
    return flatten(sequences, [1] * count, [NO_LABEL] * count, 0, level="masked")
