"""Parallel sentences mined from two lists: ratio margin, both ways, one to one (BUCC).

Artetxe and Schwenk 2019, "Margin-based Parallel Corpus Mining with Multilingual Sentence
Embeddings", as `mine_bitext` of xtreme's third_party/utils_retrieve.py does it by default.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from xtk.core.errors import XtkError
from xtk.kinds.scan import Vectors
from xtk.kinds.search import (
    CHUNK,
    MARGIN_NEIGHBOURS,
    Neighbours,
    both_ways,
    check_means,
    ratio,
)


@dataclass(frozen=True)
class Pairs:
    """Pairs of a source and a target sentence, best first: three arrays of one length."""

    sources: NDArray[np.int64]
    targets: NDArray[np.int64]
    scores: NDArray[np.float64]


def mine(
    source: Vectors,
    target: Vectors,
    *,
    neighbours: int = MARGIN_NEIGHBOURS,
    chunk: int = CHUNK,
) -> Pairs:
    """One-to-one pairs of unit vectors by the ratio margin, best first ("max" retrieval).

    Each sentence proposes the one of its nearest neighbours with the highest margin; the proposals
    of both sides are taken from the highest down, unless a sentence is taken already. Equal scores
    go by the lower source, then the lower target. A pair with a score of 0 or less takes its
    sentences but is not given, as in the official script.
    """
    there, back = both_ways(source, target, neighbours, chunk=chunk)
    means = there.scores.mean(axis=1), back.scores.mean(axis=1)
    check_means(*means)
    best_target, forward = _proposals(there, *means)
    best_source, backward = _proposals(back, *means[::-1])
    sources = np.concatenate([np.arange(len(source)), best_source])
    targets = np.concatenate([best_target, np.arange(len(target))])
    scores = np.concatenate([forward, backward])
    order = np.lexsort((targets, sources, -scores))
    kept = order[_one_to_one(sources[order], targets[order])]
    kept = kept[scores[kept] > 0]
    return Pairs(sources[kept], targets[kept], scores[kept])


def best_threshold(scores: ArrayLike, is_gold: ArrayLike, gold_count: int) -> float:
    """The threshold of the best F1 when every pair with a score at or above it is taken.

    `gold_count` counts all gold pairs, mined or not. As `bucc_optimize` of utils_retrieve.py: half
    way between the last pair taken and the next, the highest such threshold when several are best,
    0 when no mined pair is gold. Unlike it, equal scores are not parted, for no threshold can, and
    when all pairs are taken the threshold is the lowest score (the script reads past the end).
    """
    if gold_count < 1:
        raise XtkError("There are no gold pairs to choose a threshold by.")
    values = np.asarray(scores, np.float64)
    order = np.argsort(-values, kind="stable")
    values = values[order]
    hits = np.cumsum(np.asarray(is_gold, bool)[order])
    if not len(hits) or not hits[-1]:
        return 0.0
    # F1 = 2 P R / (P + R) = 2 hits / (taken + gold)
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + gold_count)
    f1[:-1][values[:-1] == values[1:]] = -1
    last = int(np.argmax(f1))
    if last == len(values) - 1:
        return float(values[last])
    middle = (values[last] + values[last + 1]) / 2
    # Between neighbouring floats there is no middle; then the score itself parts them.
    return float(middle if middle > values[last + 1] else values[last])


def first_of_each(texts: Sequence[str]) -> NDArray[np.int64]:
    """Where each different text stands first, in order: mining takes a sentence once.

    As `text_load_unify` of the official script, which then takes the vector of the last of equal
    lines; equal texts have equal vectors.
    """
    first: dict[str, int] = {}
    for i, text in enumerate(texts):
        first.setdefault(text, i)
    return np.array(list(first.values()), np.int64)


def ids_of_unique(texts: Sequence[str], ids: Sequence[str]) -> list[str | None]:
    """The id of each text, or None for a text that occurs more than once.

    As `read_sent2id` of the official script: texts are compared without blanks around them, and a
    pair with such a text is dropped, for it is not clear which id it has.
    """
    if len(texts) != len(ids):
        raise XtkError(f"{len(texts)} sentences have {len(ids)} ids, expected one each.")
    stripped = [text.strip() for text in texts]
    times = Counter(stripped)
    return [id_ if times[text] == 1 else None for text, id_ in zip(stripped, ids, strict=True)]


def _proposals(
    found: Neighbours, own: NDArray[np.float64], others: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Of each row's neighbours the one with the highest margin, and that margin."""
    scores = ratio(found.scores, own[:, None], others[found.ids])
    best = scores.argmax(axis=1)[:, None]
    ids = np.take_along_axis(found.ids, best, axis=1)[:, 0]
    return ids, np.take_along_axis(scores, best, axis=1)[:, 0]


def _one_to_one(sources: NDArray[np.int64], targets: NDArray[np.int64]) -> list[int]:
    """The places of the pairs whose source and target are both still free when it is their turn."""
    seen_sources: set[int] = set()
    seen_targets: set[int] = set()
    kept = []
    for place, (i, j) in enumerate(zip(sources.tolist(), targets.tolist(), strict=True)):
        if i not in seen_sources and j not in seen_targets:
            seen_sources.add(i)
            seen_targets.add(j)
            kept.append(place)
    return kept
