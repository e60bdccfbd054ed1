"""From the vectors of queries and candidates to the predictions of a retrieval task."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.data.sources import Rows
from xtk.kinds.mining import Pairs, best_threshold, first_of_each, ids_of_unique, mine
from xtk.kinds.retrieval import RetrievalExample, Search
from xtk.kinds.search import MeasureName, nearest
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS, Ranking
from xtk.scoring.schemes.pointers import POINTERS
from xtk.tasks.task import Task

Vectors = NDArray[np.float32]
_CHUNK = 256  # queries whose whole rankings are looked at together


def sides(rows: Rows) -> tuple[list[RetrievalExample], list[RetrievalExample]]:
    """The queries and the candidates of a split, each in the order of the rows."""
    examples = [e for e in rows.examples if isinstance(e, RetrievalExample)]
    return [e for e in examples if e.is_query], [e for e in examples if not e.is_query]


def search_of(task: Task) -> Search:
    if task.search is None:
        raise ValueError(f"{task.name} declares no search")
    return task.search


def ranked(task: Task, rows: Rows, vectors: Vectors) -> Any:
    """Predictions from unit vectors of all of a split's examples, in the order of the rows."""
    is_query = np.array([isinstance(e, RetrievalExample) and e.is_query for e in rows.examples])
    return found(task, rows, vectors[is_query], vectors[~is_query], search_of(task).measure)


def found(
    task: Task, rows: Rows, queries: Vectors, candidates: Vectors, measure: MeasureName
) -> Any:
    """Predictions as the task's scheme has them; both sides are unit vectors."""
    asked, pool = sides(rows)
    ids = [candidate.id for candidate in pool]
    best = nearest(queries, candidates, search_of(task).rank, measure).ids
    if task.scheme is POINTERS:
        return tuple(int(ids[row[0]]) for row in best)
    rankings = {q.id: tuple(ids[i] for i in row) for q, row in zip(asked, best, strict=True)}
    if task.scheme is MULTI_RANKINGS and measure == "cosine":
        ranks = _target_ranks(asked, ids, (queries, candidates), best)
        return {name: Ranking(top, ranks[name]) for name, top in rankings.items()}
    return rankings


def turned(rows: Rows, queries: Vectors, candidates: Vectors, measure: MeasureName) -> Any:
    """For each candidate, in the order of their ids as numbers, the number of the nearest query."""
    _, pool = sides(rows)
    order = np.argsort([int(candidate.id) for candidate in pool])
    best = nearest(candidates[order], queries, 1, measure).ids
    return tuple(int(row[0]) for row in best)


def mined(rows: Rows, queries: Vectors, candidates: Vectors) -> tuple[list[tuple[str, str]], Pairs]:
    """One-to-one pairs of ids, best first, with their scores; repeated sentences have no id."""
    asked, pool = sides(rows)
    here, there = ([e.text for e in side] for side in (asked, pool))
    first_here, first_there = first_of_each(here), first_of_each(there)
    pairs = mine(queries[first_here], candidates[first_there])
    names_here = ids_of_unique(here, [e.id for e in asked])
    names_there = ids_of_unique(there, [e.id for e in pool])
    kept, names = [], []
    for i, (a, b) in enumerate(zip(pairs.sources, pairs.targets, strict=True)):
        source, target = names_here[first_here[a]], names_there[first_there[b]]
        if source is not None and target is not None:
            kept.append(i)
            names.append((source, target))
    return names, Pairs(pairs.sources[kept], pairs.targets[kept], pairs.scores[kept])


def threshold_of(names: Sequence[tuple[str, str]], pairs: Pairs, gold: frozenset[Any]) -> float:
    """The score from which on pairs are taken for the best F1 against `gold`."""
    return best_threshold(pairs.scores, [name in gold for name in names], len(gold))


def _target_ranks(
    asked: Sequence[RetrievalExample],
    ids: Sequence[str],
    vectors: tuple[Vectors, Vectors],
    best: NDArray[np.int64],
) -> dict[str, tuple[int, ...]]:
    """Where in the whole ranking each target of each query is, from 1.

    `best` are the first ones, (queries, k), in the exact order of the search; behind them the
    others follow by their products in float32, equal ones by the lower row.
    """
    rows = {name: i for i, name in enumerate(ids)}
    queries, candidates = vectors
    ranks: dict[str, tuple[int, ...]] = {}
    for start in range(0, len(asked), _CHUNK):
        chunk = slice(start, start + _CHUNK)
        scores = queries[chunk] @ candidates.T
        # above all others, whatever rounding says of neighbours
        np.put_along_axis(scores, best[chunk], np.arange(best.shape[1], 0, -1) + 2.0, axis=1)
        order = np.argsort(-scores, axis=1, kind="stable")
        places = np.empty_like(order)
        np.put_along_axis(places, order, np.arange(order.shape[1])[None], axis=1)
        for query, place in zip(asked[chunk], places, strict=True):
            wanted = sorted(int(place[rows[target]]) + 1 for target in query.targets or ())
            ranks[query.id] = tuple(wanted)
    return ranks
