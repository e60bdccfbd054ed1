"""Spans of tag sequences by the rules of seqeval, over whole files at once.

A tag is read as a letter (B, I, O, E, S or any other) and a type; where letters and types change
tells where spans begin and end. This is seqeval's default, not its strict mode: I-PER after O
begins a span. Its loop over tokens is done here as comparisons of shifted arrays.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from xtk.core.errors import XtkError

Sentences = Sequence[Sequence[int]]  # tags as indices into their names
Type = Callable[[str], str]


def type_of_2020(tag: str) -> str:
    """The type in seqeval <= 0.0.12: a tag without a dash is its own type.

    XTREME's published tagging numbers are made with it (evaluate_test.py: udpos 70.21746).
    """
    return tag.rsplit("-", maxsplit=1)[-1]


def type_of_seqeval_1(tag: str) -> str:
    """The type in seqeval >= 1.0: the first letter is dropped, so SCONJ and CCONJ are one type."""
    return tag[1:].split("-", maxsplit=1)[-1] or "_"


@dataclass(frozen=True)
class Flat:
    """All tags of a file in a row, an O after each sentence, as seqeval lays them out."""

    tags: NDArray[np.int64]
    sentence: NDArray[np.int64]  # of each tag


def flatten(sentences: Sentences, names: Sequence[str]) -> Flat:
    """The index of the added O is `len(names)`."""
    lengths = np.fromiter(map(len, sentences), np.int64, len(sentences))
    sentence = np.repeat(np.arange(len(sentences)), lengths + 1)
    tags = np.full(len(sentence), len(names), dtype=np.int64)
    total = int(lengths.sum())
    places = np.arange(total) + np.repeat(np.arange(len(sentences)), lengths)
    tags[places] = np.fromiter(chain.from_iterable(sentences), np.int64, total)
    return Flat(tags, sentence)


def counts(
    gold: Sentences, predictions: Sentences, names: Sequence[str], type_of: Type
) -> NDArray[np.float64]:
    """(sentences, (true positives, predicted, gold)) spans."""
    flat, predicted = flatten(gold, names), flatten(predictions, names)
    if not np.array_equal(flat.sentence, predicted.sentence):
        raise XtkError("Sentences of unequal length cannot be scored; compare them first.")
    begin, kind = _spans(flat.tags, names, type_of)
    predicted_begin, predicted_kind = _spans(predicted.tags, names, type_of)
    both = (begin >= 0) & (begin == predicted_begin) & (kind == predicted_kind)
    columns = [
        np.bincount(flat.sentence, weights=mask, minlength=len(gold))
        for mask in (both, predicted_begin >= 0, begin >= 0)
    ]
    return np.stack(columns, axis=1)


def right(gold: Sentences, predictions: Sentences, names: Sequence[str]) -> NDArray[np.float64]:
    """(sentences, (right, all)) tokens."""
    flat, predicted = flatten(gold, names), flatten(predictions, names)
    token = flat.tags < len(names)
    columns = [
        np.bincount(flat.sentence, weights=mask, minlength=len(gold))
        for mask in (token & (flat.tags == predicted.tags), token)
    ]
    return np.stack(columns, axis=1)


def _spans(
    tags: NDArray[np.int64], names: Sequence[str], type_of: Type
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each place the begin of the span that ends there, -1 where none does, and its type."""
    names = [*names, "O"]
    codes = {kind: code for code, kind in enumerate(dict.fromkeys(map(type_of, names)))}
    kind = np.array([codes[type_of(name)] for name in names])[tags]
    before = np.roll(tags, 1)  # the last tag is an O

    def letter(one: NDArray[np.int64], letters: str) -> NDArray[np.bool_]:
        return np.array([name[0] in letters for name in names])[one]

    changes = kind != np.roll(kind, 1)
    ends = (
        letter(before, "ES")
        | (letter(before, "BI") & letter(tags, "BSO"))
        | (~letter(before, "O.") & changes)
    )
    starts = (
        letter(tags, "BS")
        | (letter(before, "ESO") & letter(tags, "EI"))
        | (~letter(tags, "O.") & changes)
    )
    last_start = np.maximum.accumulate(np.where(starts, np.arange(len(tags)), 0))
    begin = np.where(np.roll(ends, -1), last_start, -1)
    return begin, kind
