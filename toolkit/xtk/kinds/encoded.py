"""Examples as flat arrays of token ids, ready to be cut into batches."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

SPECIAL_TOKENS = 2  # <s> A </s>
SPECIAL_TOKENS_OF_A_PAIR = 4  # <s> A </s> </s> B </s>
UNKNOWN = 3  # XLM-R's <unk>
NO_LABEL = -1

# What one label belongs to: an example; each token; a window, which has the tokens at which its
# span begins and ends; a pair of sequences that belong together; or nothing, where tokens are
# masked anew in every epoch.
Level = Literal["example", "token", "window", "pair", "masked"]


class Tokenized(Protocol):
    """What is used of a `tokenizers.Encoding`."""

    @property
    def ids(self) -> list[int]: ...
    @property
    def offsets(self) -> list[tuple[int, int]]: ...


class Tokenizer(Protocol):
    """What is used of a `tokenizers.Tokenizer`, so that kinds need no tokenizer library."""

    def encode_batch(
        self, input: Sequence[str], add_special_tokens: bool = True
    ) -> Sequence[Tokenized]: ...


@dataclass(frozen=True)
class Encoded:
    """The examples of one split for one backbone.

    A *sequence* is one input of the backbone; an example has one (classification) or several (one
    a choice, or one a window of a long text). `ids` holds all sequences end to end.
    """

    ids: NDArray[np.int32]  # (tokens,)
    offsets: NDArray[np.int64]  # (sequences + 1,): sequence i is ids[offsets[i]:offsets[i + 1]]
    groups: NDArray[np.int64]  # (examples + 1,): example i has sequences groups[i]:groups[i + 1]
    # (examples,), (tokens,) or, for windows, (sequences, 2); NO_LABEL where there is none
    labels: NDArray[np.int64]
    truncated: int  # sequences that were cut to the maximum length
    level: Level
    # (tokens, k): what decoding must know of each token, its word or its characters; -1 for none
    places: NDArray[np.int32]

    @property
    def examples(self) -> int:
        return len(self.groups) - 1

    def lengths(self) -> NDArray[np.int64]:
        """The tokens of each example's longest sequence, (examples,)."""
        sequence_lengths = np.diff(self.offsets)
        return np.maximum.reduceat(sequence_lengths, self.groups[:-1])


def special_ids(tokenizer: Tokenizer) -> tuple[int, int]:
    """The ids that begin and end a sequence."""
    ids = tokenizer.encode_batch([""])[0].ids
    return ids[0], ids[-1]


def encode_texts(
    tokenizer: Tokenizer, firsts: Sequence[str], seconds: Sequence[str | None], max_length: int
) -> tuple[list[list[int]], int]:
    """Token ids of texts and pairs of texts in XLM-R's form, and how many were cut.

    The form is `<s> A </s>`, or `<s> A </s> </s> B </s>` where there is a second text. A pair that
    is too long loses tokens from the end of its longer text, one by one (the `longest_first` rule
    of transformers).
    """
    bos, eos = special_ids(tokenizer)
    first_ids = [e.ids for e in tokenizer.encode_batch(firsts, add_special_tokens=False)]
    given = [second or "" for second in seconds]
    second_ids = [e.ids for e in tokenizer.encode_batch(given, add_special_tokens=False)]
    cut = 0
    sequences = []
    for first, second, text in zip(first_ids, second_ids, seconds, strict=True):
        if text is None:
            keep_first, keep_second = min(len(first), max_length - SPECIAL_TOKENS), 0
            sequences.append([bos, *first[:keep_first], eos])
        else:
            budget = max_length - SPECIAL_TOKENS_OF_A_PAIR
            keep_first, keep_second = longest_first(len(first), len(second), budget)
            sequences.append([bos, *first[:keep_first], eos, eos, *second[:keep_second], eos])
        cut += keep_first + keep_second < len(first) + len(second)
    return sequences, cut


def longest_first(first: int, second: int, budget: int) -> tuple[int, int]:
    """How many tokens of two texts fit into `budget` when the longer one is cut first."""
    if first + second <= budget:
        return first, second
    if first > second:
        keep = min(second, budget // 2)
        return budget - keep, keep
    keep = min(first, budget // 2)
    return keep, budget - keep


def flatten(
    sequences: Sequence[Sequence[int]],
    groups: Sequence[int],
    labels: Sequence[int] | NDArray[np.int64],
    cut: int,
    *,
    level: Level = "example",
    places: NDArray[np.int32] | None = None,
) -> Encoded:
    """Lay sequences end to end; `groups` says how many belong to each example."""
    lengths = np.fromiter((len(s) for s in sequences), dtype=np.int64, count=len(sequences))
    tokens = int(lengths.sum())
    return Encoded(
        ids=np.fromiter((i for s in sequences for i in s), dtype=np.int32, count=tokens),
        offsets=np.concatenate(([0], np.cumsum(lengths))).astype(np.int64),
        groups=np.concatenate(([0], np.cumsum(groups))).astype(np.int64),
        labels=np.asarray(labels, dtype=np.int64),
        truncated=cut,
        level=level,
        places=np.zeros((tokens, 0), dtype=np.int32) if places is None else places,
    )
