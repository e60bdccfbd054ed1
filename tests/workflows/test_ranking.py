from dataclasses import replace

import numpy as np

from xtk.data.sources import LABELLED, Rows
from xtk.kinds.retrieval import RetrievalExample
from xtk.kinds.search import unit
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.tasks.retrieval import LAREQA
from xtk.workflows.ranking import found, search_of


def test_ranks_and_top_agree_where_float32_cannot_tell_candidates_apart():
    """Forty candidates a billionth apart: rounding must not move one across the end of the top."""
    rng = np.random.default_rng(0)
    base = rng.normal(size=384)
    near = base + 1e-9 * rng.normal(size=(40, 384))
    candidates = unit(np.concatenate([near, rng.normal(size=(60, 384))]))
    queries = unit(base[None] + 1e-3 * rng.normal(size=(8, 384)))
    names = [f"en:0:{i}" for i in range(100)]
    asked = [RetrievalExample(f"q{i}", "", True, tuple(names[i : i + 90 : 9])) for i in range(8)]
    pool = [RetrievalExample(name, "", False) for name in names]
    rows = Rows((*asked, *pool), "local", (), "", LABELLED)
    rankings = found(LAREQA, rows, queries, candidates, "cosine")
    gold = {query.id: frozenset(query.targets or ()) for query in asked}
    assert not [p for p in MULTI_RANKINGS.compare(gold, rankings) if p.fatal]
    for query in asked:
        ranking = rankings[query.id]
        assert len(set(ranking.ranks)) == len(query.targets or ())
        in_top = [ranking.top.index(t) + 1 for t in query.targets or () if t in ranking.top]
        assert sorted(in_top) == [rank for rank in ranking.ranks if rank <= search_of(LAREQA).rank]


def test_ranks_are_those_of_the_whole_ranking():
    rng = np.random.default_rng(1)
    candidates, queries = (unit(rng.normal(size=(n, 16))) for n in (50, 5))
    names = [f"de:0:{i}" for i in range(50)]
    asked = [RetrievalExample(f"q{i}", "", True, (names[i], names[49 - i])) for i in range(5)]
    rows = Rows(
        (*asked, *(RetrievalExample(n, "", False) for n in names)), "local", (), "", LABELLED
    )
    few = replace(LAREQA, search=replace(search_of(LAREQA), rank=3))
    rankings = found(few, rows, queries, candidates, "cosine")
    order = np.argsort(-(queries.astype(float) @ candidates.T.astype(float)), axis=1)
    for i, query in enumerate(asked):
        places = {names[c]: int(np.flatnonzero(order[i] == c)[0]) + 1 for c in range(50)}
        assert rankings[query.id].ranks == tuple(sorted(places[t] for t in query.targets or ()))
