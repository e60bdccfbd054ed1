"""Exact nearest neighbours by cosine, CSLS or margin; what is exact, and how: scan.py."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xtk.core.errors import UsageError, XtkError, unknown
from xtk.kinds.scan import Best, Block, Floats, Rows, Vectors, blocks

CHUNK = 8192  # candidates at once: 25 MB of 768 float32
CSLS_NEIGHBOURS = 10  # Conneau et al. 2018, section 2.3
MARGIN_NEIGHBOURS = 4  # Artetxe and Schwenk 2019, section 3; `neighborhood` of utils_retrieve.py

MeasureName = Literal["cosine", "csls", "margin"]


@dataclass(frozen=True)
class Neighbours:
    """The best candidates of each query, best first: (queries, k), fewer if there are not k."""

    scores: NDArray[np.float64]
    ids: NDArray[np.int64]


@dataclass(frozen=True)
class Measure:
    """A score of a cosine and the neighbour means of its query and its candidate.

    `slope(query_means, lowest)` is the most by which the score of each query can rise with its
    cosine, `lowest` being the smallest mean of the candidates.
    """

    neighbours: int
    score: Callable[[Floats, Floats, Floats], Floats]
    slope: Callable[[Floats, float], Floats]


def csls(cosines: Floats, of_query: Floats, of_candidate: Floats) -> Floats:
    """2 cos - r_q - r_c (Conneau et al. 2018, equation 3)."""
    return 2 * cosines - of_query - of_candidate


def ratio(cosines: Floats, of_query: Floats, of_candidate: Floats) -> Floats:
    """The ratio margin cos / ((r_q + r_c) / 2) (Artetxe and Schwenk 2019, equations 1 and 2)."""
    return cosines / ((of_query + of_candidate) / 2)


MEASURES = {
    "csls": Measure(CSLS_NEIGHBOURS, csls, lambda means, lowest: np.full(len(means), 2.0)),
    "margin": Measure(MARGIN_NEIGHBOURS, ratio, lambda means, lowest: 2 / (means + lowest)),
}


def unit(vectors: Vectors) -> NDArray[np.float32]:
    """The vectors at length 1, float32. A zero vector has no direction: it is an error."""
    wide = np.asarray(vectors, np.float64)
    lengths = np.sqrt(np.vecdot(wide, wide))
    off = np.flatnonzero(~((lengths > 0) & np.isfinite(lengths)))
    if len(off):
        raise XtkError(
            f"Vector {off[0]} has length {lengths[off[0]]:g} and so no direction; "
            "look for a text without tokens, or a model that gives no finite numbers."
        )
    return np.asarray(wide / lengths[:, None], np.float32)


def top_k(queries: Vectors, candidates: Vectors, k: int, *, chunk: int = CHUNK) -> Neighbours:
    """The k candidates of the largest inner product with each query, whatever their lengths."""
    return _by_product(queries, candidates, k, chunk, unit_length=False)


def nearest(
    queries: Vectors,
    candidates: Vectors,
    k: int,
    measure: MeasureName = "cosine",
    *,
    chunk: int = CHUNK,
) -> Neighbours:
    """The k nearest candidates of each query; all are unit vectors.

    `csls` and `margin` weigh a cosine against the mean cosines of query and candidate to their 10
    or 4 nearest on the other side, so their scores depend on all queries that are given together.
    """
    if measure == "cosine":
        return _by_product(queries, candidates, k, chunk, unit_length=True)
    if measure not in MEASURES:
        raise unknown("measure", measure, ["cosine", *MEASURES])
    _check(queries, candidates, k, chunk)
    chosen = MEASURES[measure]
    there, back = both_ways(queries, candidates, chosen.neighbours, chunk=chunk)
    means = there.scores.mean(axis=1), back.scores.mean(axis=1)
    if measure == "margin":
        check_means(*means)
    best = Best(len(queries), min(k, len(candidates)))
    for block in blocks(queries, candidates, chunk=chunk, unit_length=True):
        of_query, of_candidate = means[0][block.query_span], means[1][block.candidate_span]
        scanned = chosen.score(
            block.scores, of_query.astype(np.float32)[:, None], of_candidate.astype(np.float32)
        )
        slack = block.error * chosen.slope(of_query, float(of_candidate.min()))
        best.offer(block, scanned, slack, partial(_exact, block, chosen, (of_query, of_candidate)))
    return Neighbours(best.scores, best.ids)


def both_ways(
    queries: Vectors, candidates: Vectors, k: int, *, chunk: int = CHUNK
) -> tuple[Neighbours, Neighbours]:
    """The k nearest candidates of each query and queries of each candidate; all unit vectors.

    One pass instead of two, and a pair has the same cosine, to the last bit, both ways.
    """
    _check(queries, candidates, k, chunk)
    there = Best(len(queries), min(k, len(candidates)))
    back = Best(len(candidates), min(k, len(queries)))
    for block in blocks(queries, candidates, chunk=chunk, unit_length=True):
        for best, side in ((there, block), (back, block.turned())):
            best.offer(side, side.scores, side.error, side.exact)
    return Neighbours(there.scores, there.ids), Neighbours(back.scores, back.ids)


def check_means(of_query: Floats, of_candidate: Floats) -> None:
    """What the ratio margin divides by must be above 0."""
    for what, means in (("Query", of_query), ("Candidate", of_candidate)):
        off = np.flatnonzero(~(means > 0))
        if len(off):
            raise XtkError(
                f"{what} {off[0]} has a mean cosine of {means[off[0]]:g} to its nearest "
                "neighbours; the margin divides by it, so it must be above 0. Use csls instead."
            )


def _by_product(
    queries: Vectors, candidates: Vectors, k: int, chunk: int, *, unit_length: bool
) -> Neighbours:
    _check(queries, candidates, k, chunk)
    best = Best(len(queries), min(k, len(candidates)))
    for block in blocks(queries, candidates, chunk=chunk, unit_length=unit_length):
        best.offer(block, block.scores, block.error, block.exact)
    return Neighbours(best.scores, best.ids)


def _exact(
    block: Block, measure: Measure, means: tuple[Floats, Floats], rows: Rows, columns: Rows
) -> Floats:
    return measure.score(block.exact(rows, columns), means[0][rows], means[1][columns])


def _check(queries: Vectors, candidates: Vectors, k: int, chunk: int) -> None:
    for what, vectors in (("queries", queries), ("candidates", candidates)):
        if vectors.ndim != 2 or vectors.dtype not in (np.float32, np.float16):
            raise UsageError(
                f"The {what} are {vectors.dtype} of shape {vectors.shape}, expected float32 or "
                "float16 of shape (count, size); no other is converted, for that would lose digits."
            )
        if not len(vectors):
            raise XtkError(f"There are no {what} to search with.")
    if queries.shape[1] != candidates.shape[1]:
        raise XtkError(
            f"The queries have {queries.shape[1]} numbers each and the candidates "
            f"{candidates.shape[1]}; embed both with the same model."
        )
    if k < 1 or chunk < 1:
        raise UsageError(f"k and chunk must be 1 or more, found k = {k} and chunk = {chunk}.")
