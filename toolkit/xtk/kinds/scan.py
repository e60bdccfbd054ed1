"""Every query against every candidate in blocks that fit memory, and the best k of each kept.

A float32 matrix product finds what could be among the best: whatever scores no lower than the k-th
best so far, less the largest error that such a product can make. These few pairs are scored again,
each by itself, in float64. So what is kept is a function of the vectors alone: neither chunks nor
order, threads or BLAS change it. Equal scores are ordered by the lower candidate index.
"""

import mmap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.core.errors import XtkError

QUERIES = 1024  # queries at once: 32 MB of scores for 8192 candidates
PAIRS = 2048  # pairs scored again at once: 25 MB of 768 float64
OFF_UNIT = 0.01  # how far from 1 a unit vector's length may be; float16 storage moves it by 0.0005

Vectors = NDArray[Any]  # (n, d), float32 or float16, in memory or memory-mapped
Floats = NDArray[Any]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Block:
    """The inner products of some queries and some candidates, float32, and what they are made of.

    `error` (queries,) is the most by which one of a query's products may be off. `scores` belongs
    to the block only until the next one is made.
    """

    queries: Vectors
    candidates: Vectors
    query_span: slice
    candidate_span: slice
    lengths: tuple[Floats, Floats]
    scores: Floats

    @property
    def error(self) -> Floats:
        """By the bound d u |q| |c| for any order of summation (Higham 2002, section 3.1).

        u is 2^-24; twice that, and 16 more terms, leave room for the few operations after it.
        """
        of_query, of_candidate = self.lengths
        terms = self.queries.shape[1] + 16
        return np.asarray(of_query * (terms * 2.0**-23 * float(of_candidate.max())))

    def turned(self) -> "Block":
        """The same block with queries for candidates."""
        return Block(
            self.candidates,
            self.queries,
            self.candidate_span,
            self.query_span,
            (self.lengths[1], self.lengths[0]),
            self.scores.T,
        )

    def exact(self, rows: Rows, columns: Rows) -> Floats:
        """Inner products of pairs in float64, each the same wherever it is computed."""
        result = np.empty(len(rows))
        for span in _spans(len(rows), PAIRS):
            left = self.queries[rows[span]].astype(np.float64)
            result[span] = np.vecdot(left, self.candidates[columns[span]].astype(np.float64))
        return result


class Best:
    """The best k candidates of each query so far, best first."""

    def __init__(self, queries: int, k: int) -> None:
        self.scores = np.full((queries, k), -np.inf)
        self.ids = np.full((queries, k), np.iinfo(np.int64).max)  # none yet: after every candidate

    def offer(
        self,
        block: Block,
        scanned: Floats,
        slack: Floats,
        exact: Callable[[Rows, Rows], Floats],
    ) -> None:
        """Take in a block's candidates.

        `scanned` (queries, candidates) has their scores to within `slack` (queries,); `exact` gives
        those of single pairs.
        """
        k = self.ids.shape[1]
        rows, columns = _entering(scanned, self.scores[block.query_span, -1], slack, k)
        if len(rows):
            scores = exact(rows, columns)
            self._merge(rows + block.query_span.start, columns + block.candidate_span.start, scores)

    def _merge(self, rows: Rows, ids: Rows, scores: Floats) -> None:
        k = self.ids.shape[1]
        touched = np.unique(rows)
        rows = np.concatenate([np.repeat(touched, k), rows])
        ids = np.concatenate([self.ids[touched].ravel(), ids])
        scores = np.concatenate([self.scores[touched].ravel(), scores])
        order = np.lexsort((ids, -scores, rows))
        starts = np.searchsorted(rows[order], touched)
        best = order[starts[:, None] + np.arange(k)]
        self.scores[touched] = scores[best]
        self.ids[touched] = ids[best]


def blocks(
    queries: Vectors, candidates: Vectors, *, chunk: int, unit_length: bool
) -> Iterator[Block]:
    """All blocks, candidates in the inner loop; `unit_length` says that other lengths are errors.

    The pages of a memory map are given back after each block, so that no more than one chunk of
    it is resident.
    """
    buffer = np.empty(min(len(queries), QUERIES) * min(chunk, len(candidates)), np.float32)
    for query_span in _spans(len(queries), QUERIES):
        some = _read(queries, query_span)
        lengths = _lengths(some, "Query", query_span, unit_length)
        for candidate_span in _spans(len(candidates), chunk):
            others = _read(candidates, candidate_span)
            other_lengths = _lengths(others, "Candidate", candidate_span, unit_length)
            scores = buffer[: len(some) * len(others)].reshape(len(some), len(others))
            np.matmul(some, others.T, out=scores)
            both = (lengths, other_lengths)
            yield Block(some, others, query_span, candidate_span, both, scores)
            del others
            _give_back(candidates)


def _entering(scanned: Floats, worst: Floats, slack: Floats, k: int) -> tuple[Rows, Rows]:
    """The pairs (row, column) that could be among the best k of their row."""
    places, across = _at_least(scanned, worst - slack)
    if scanned.shape[1] > k and len(places) > 4 * k * len(scanned):
        # Many at once, as in the first block: those below this block's own k-th are none of them.
        here = np.partition(scanned, -k, axis=1)[:, -k]
        places, across = _at_least(scanned, np.maximum(worst, here - slack) - slack)
    first, second = np.divmod(places, across)
    return (first, second) if scanned.flags.c_contiguous else (second, first)


def _at_least(scanned: Floats, floor: Floats) -> tuple[Rows, int]:
    """Where the scores reach their row's floor, counted as they lie in memory, and a line's length.

    A turned block lies in memory by columns.
    """
    mask = scanned >= floor.astype(np.float32)[:, None]
    lying = mask if scanned.flags.c_contiguous else mask.T
    return np.flatnonzero(lying), lying.shape[1]


def _lengths(vectors: Vectors, what: str, span: slice, unit_length: bool) -> Floats:
    lengths: Floats = np.sqrt(np.vecdot(vectors, vectors).astype(np.float64))
    off = ~np.isfinite(lengths)
    if unit_length:
        off |= ~(np.abs(lengths - 1) <= OFF_UNIT)
    if off.any():
        row = int(np.flatnonzero(off)[0])
        expected = "1; give the vectors through unit() first" if unit_length else "a finite number"
        raise XtkError(
            f"{what} vector {span.start + row} has length {lengths[row]:g}, expected {expected}."
        )
    return lengths


def _read(vectors: Vectors, span: slice) -> Vectors:
    return np.ascontiguousarray(vectors[span], np.float32)


def _spans(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def _give_back(vectors: Vectors) -> None:
    """Let the system take back the pages of a memory-mapped file; they are read again when used.

    Not those of a copy-on-write map, which hold changes that the file does not have.
    """
    owner: Any = vectors
    while isinstance(owner, np.ndarray):
        if isinstance(owner, np.memmap) and owner.mode == "c":
            return
        owner = owner.base
    if isinstance(owner, mmap.mmap) and hasattr(mmap, "MADV_DONTNEED"):
        owner.madvise(mmap.MADV_DONTNEED)
