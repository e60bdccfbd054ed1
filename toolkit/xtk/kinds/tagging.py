"""Token classification: one tag for each token of a sentence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtk.kinds.encoded import (
    NO_LABEL,
    SPECIAL_TOKENS,
    UNKNOWN,
    Encoded,
    Tokenizer,
    flatten,
    special_ids,
)


@dataclass(frozen=True)
class TaggedExample:
    """The tokens of a sentence and the index of each one's tag, None where they are not known."""

    tokens: tuple[str, ...]
    tags: tuple[int, ...] | None

    @property
    def label(self) -> tuple[int, ...] | None:
        return self.tags


def encode(examples: Sequence[TaggedExample], tokenizer: Tokenizer, max_length: int) -> Encoded:
    """Each token's subwords; its first one has the tag.

    A sentence that is too long is split between tokens into several sequences, as XTREME does, so
    that no token is without a prediction; a token that has no subword is the unknown one. A single
    token that fills a sequence by itself is cut, and counted.
    """
    budget = max_length - SPECIAL_TOKENS
    bos, eos = special_ids(tokenizer)
    subwords = _subwords(examples, tokenizer)
    sequences, groups, places, labels, cut = [], [], [], [], 0
    for example in examples:
        pieces = [subwords[token][:budget] for token in example.tokens]
        cut += sum(len(subwords[token]) > budget for token in example.tokens)
        groups.append(0)
        for start, end in _splits([len(piece) for piece in pieces], budget):
            groups[-1] += 1
            sequences.append([bos, *(i for piece in pieces[start:end] for i in piece), eos])
            words = [NO_LABEL]
            for word in range(start, end):
                words += [word, *[NO_LABEL] * (len(pieces[word]) - 1)]
            places += [*words, NO_LABEL]
            labels += [_tag(example, word) for word in (*words, NO_LABEL)]
    words_of_tokens = np.asarray(places, dtype=np.int32).reshape(-1, 1)
    return flatten(sequences, groups, labels, cut, level="token", places=words_of_tokens)


def decode(
    scores: NDArray[np.float32], encoded: Encoded, examples: Sequence[TaggedExample]
) -> tuple[tuple[int, ...], ...]:
    """The best tag of each token of each sentence; `scores` is (subwords, tags)."""
    tags = scores[encoded.places[:, 0] != NO_LABEL].argmax(axis=1)
    ends = np.cumsum([len(example.tokens) for example in examples])
    return tuple(tuple(part.tolist()) for part in np.split(tags, ends[:-1]))


def _subwords(examples: Sequence[TaggedExample], tokenizer: Tokenizer) -> dict[str, list[int]]:
    """The ids of each distinct token, each by itself, as XTREME's script does it."""
    tokens = list(dict.fromkeys(token for example in examples for token in example.tokens))
    encoded = tokenizer.encode_batch(tokens, add_special_tokens=False)
    return {token: e.ids or [UNKNOWN] for token, e in zip(tokens, encoded, strict=True)}


def _splits(lengths: Sequence[int], budget: int) -> Iterator[tuple[int, int]]:
    """Where to split a sentence so that each part has at most `budget` subwords."""
    start = used = 0
    for word, length in enumerate(lengths):
        if used + length > budget:
            yield start, word
            start, used = word, 0
        used += length
    yield start, len(lengths)


def _tag(example: TaggedExample, word: int) -> int:
    return NO_LABEL if word == NO_LABEL or example.tags is None else example.tags[word]
