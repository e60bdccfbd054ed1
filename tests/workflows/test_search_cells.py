"""Retrieval with a bare backbone and with runs: layers, thresholds, directions and pools."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.core.settings import Settings
from xtk.tasks.benchmarks import ENGLISH_SEARCH
from xtk.tasks.catalogue import find
from xtk.tasks.reading import read_split
from xtk.workflows.evaluate import On, evaluate
from xtk.workflows.ranking import found, turned
from xtk.workflows.retrieve import How, pooled
from xtk.workflows.untrained import untrained

FIXTURES = Path(__file__).parents[1] / "tasks" / "fixtures"
LAST = 2  # of the tiny backbone's layers


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.of(home=tmp_path, environ={"XTK_DATA": str(FIXTURES)})


@pytest.fixture
def bare(settings, tiny_folder) -> str:
    return untrained(str(tiny_folder), settings=settings).name


def on(task: str, *languages: str, **changes) -> On:
    return replace(On(task=task, languages=languages, source="local", layer="1"), **changes)


def test_a_bare_backbone_is_a_run_that_is_made_once(settings, tiny_folder, bare):
    assert bare.startswith("tiny-untrained-")
    assert untrained(str(tiny_folder), settings=settings).name == bare
    other = untrained(str(tiny_folder), settings=settings, pooling="mean")
    assert other.name != bare and other.identity.pooling == "mean"
    with pytest.raises(UsageError, match="was trained on no task; name one with --task"):
        evaluate(bare, settings=settings)
    with pytest.raises(UsageError, match=r"has no head for xnli .* it has none at all"):
        evaluate(bare, On(task="xnli", languages=("th",)), settings=settings)


def test_pointers_are_found_both_ways(settings, bare):
    cells = evaluate(bare, on("tatoeba", "th"), settings=settings)
    assert [(c.metric, c.lang, c.n) for c in cells] == [
        ("accuracy", "th", 3), ("accuracy_to_en", "th", 3)
    ]  # fmt: skip
    assert {c.how for c in cells} == {str(How(1, "first", "cosine"))}
    folder = settings.home / "runs" / bare / "predictions" / "tatoeba"
    assert {p.name for p in folder.iterdir()} == {"test-th.tsv", "test-th.to-en.tsv"}
    assert evaluate(bare, on("tatoeba", "th"), settings=settings) == cells


def test_the_first_queries_alone_are_searched_among_all(settings, bare):
    cells = evaluate(bare, on("tatoeba", "th", limit=2), settings=settings)
    # the other direction would be that of all candidates: it is left out
    assert [(c.metric, c.n) for c in cells] == [("accuracy", 2)]


def test_every_layer_is_told_apart(settings, bare):
    every = evaluate(bare, on("tatoeba", "th", layer="all"), settings=settings)
    hows = [c.how for c in every if c.metric == "accuracy"]
    assert hows == [f"layer {i}, first, cosine" for i in range(LAST + 1)]
    for layer in range(LAST + 1):
        cells = evaluate(bare, on("tatoeba", "th", layer=str(layer)), settings=settings)
        assert cells == [c for c in every if c.how == f"layer {layer}, first, cosine"]
    for wrong in ("99", "x", "-1", "1.0", ""):
        with pytest.raises(UsageError, match="expected auto, all, or 0 to 2"):
            evaluate(bare, on("tatoeba", "th", layer=wrong), settings=settings)


@pytest.mark.parametrize("pooling", ["first", "mean"])
@pytest.mark.parametrize("measure", ["cosine", "csls", "margin"])
def test_pooling_and_measure_can_be_asked_for(pooling, measure, settings, bare):
    asked = on("tatoeba", "th", pooling=pooling, measure=measure)
    cells = evaluate(bare, asked, settings=settings)
    assert cells[0].how == f"layer 1, {pooling}, {measure}"


def test_the_layer_is_chosen_in_english(settings, bare, monkeypatch):
    task = find("lareqa")
    rows = read_split(task, "test", "th", source="local", roots=[FIXTURES])
    monkeypatch.setattr("xtk.workflows.retrieve.read_split", lambda *a, **n: rows)
    (cell, _) = evaluate(bare, on("tatoeba", "th", layer="auto"), settings=settings)
    assert cell.how in {f"layer {i}, first, cosine" for i in range(LAST + 1)}


def test_the_english_rows_that_choose_a_layer_are_embedded():
    judge = find(ENGLISH_SEARCH)
    rows = read_split(judge, judge.eval_split, judge.train_language, source="sample", roots=())
    queries = [e for e in rows.examples if e.is_query]
    names = {e.id for e in rows.examples if not e.is_query}
    assert len(queries) > 1_000 and all(set(q.targets) & names for q in queries)


def test_pairs_are_mined_above_the_threshold_of_dev(settings, bare):
    cells = evaluate(bare, on("bucc2018", "ru"), settings=settings)
    assert [c.metric for c in cells] == ["f1", "precision", "recall"]
    path = settings.home / "runs" / bare / "predictions/bucc2018/test-ru.tsv"
    assert all(line.startswith("ru-") for line in path.read_text().splitlines())
    auto = evaluate(bare, on("bucc2018", "ru", layer="auto"), settings=settings)
    # dev and test are the same rows here: no layer is better than the one that dev chose
    every = evaluate(bare, on("bucc2018", "ru", layer="all"), settings=settings)
    assert auto[0].value == max(c.value for c in every if c.metric == "f1")


def test_mining_needs_dev_rows(settings, bare, tmp_path):
    for name in ("ru-en.test.ru", "ru-en.test.en"):
        (tmp_path / "data/bucc2018").mkdir(parents=True, exist_ok=True)
        content = (FIXTURES / "bucc2018" / name).read_bytes()
        (tmp_path / "data/bucc2018" / name).write_bytes(content)
    alone = replace(settings, data_roots=(tmp_path / "data",))
    with pytest.raises(XtkError, match="bucc2018"):
        evaluate(bare, on("bucc2018", "ru"), settings=alone)


def test_entities_are_ranked(settings, bare):
    cells = evaluate(bare, on("mewslix", "fa", "ta"), settings=settings)
    assert [(c.lang, c.metric) for c in cells] == [("fa", "map@20"), ("ta", "map@20")]
    path = settings.home / "runs" / bare / "predictions/mewslix/test-fa.json"
    assert all(isinstance(ids, list) for ids in json.loads(path.read_text()).values())


def test_candidates_of_all_languages_are_one_pool():
    task = find("lareqa")
    thai = read_split(task, "test", "th", source="local", roots=[FIXTURES])
    other = replace(
        thai,
        sha256="1" * 64,
        examples=tuple(
            replace(e, id=e.id.replace("th:", "xx:"),
                    targets=tuple(t.replace("th:", "xx:") for t in e.targets or ()))
            for e in thai.examples
        ),
    )  # fmt: skip
    both = pooled({"th": thai, "xx": other})
    assert len({rows.sha256 for rows in both.values()} | {thai.sha256}) == 3
    for rows in both.values():
        queries = [e for e in rows.examples if e.is_query]
        candidates = [e.id for e in rows.examples if not e.is_query]
        assert len(queries) == 2 and len(candidates) == 6
        for query in queries:
            assert {t[:2] for t in query.targets} == {"th", "xx"}
            assert set(query.targets) <= set(candidates)


def test_ranks_of_targets_are_those_of_the_whole_ranking():
    task = find("lareqa")
    rows = read_split(task, "test", "th", source="local", roots=[FIXTURES])
    queries = [e for e in rows.examples if e.is_query]
    candidates = [e for e in rows.examples if not e.is_query]
    rng = np.random.default_rng(0)
    one, other = (rng.normal(size=(len(side), 8)) for side in (queries, candidates))
    one, other = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (one, other))
    ranking = found(task, rows, one.astype("f4"), other.astype("f4"), "cosine")
    for i, query in enumerate(queries):
        order = sorted(range(len(candidates)), key=lambda j, i=i: -float(one[i] @ other[j]))
        ids = [candidates[j].id for j in order]
        assert list(ranking[query.id].top) == ids[:20]
        assert list(ranking[query.id].ranks) == sorted(ids.index(t) + 1 for t in query.targets)


def test_turned_pointers_are_in_the_order_of_the_rows():
    task = find("tatoeba")
    rows = read_split(task, "test", "th", source="local", roots=[FIXTURES])
    vectors = np.eye(3, dtype=np.float32)
    assert found(task, rows, vectors, vectors, "cosine") == (0, 1, 2)
    assert turned(rows, vectors, vectors[[1, 0, 2]], "cosine") == (1, 0, 2)
