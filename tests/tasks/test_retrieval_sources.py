"""Retrieval tasks in every layout of their fixtures, and the same rows as the Hub has them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from xtk.data import hub
from xtk.data.sources import LABELLED, UNLABELLED, HubSource, LocalSource, Rows
from xtk.tasks.benchmarks import GROUPS
from xtk.tasks.catalogue import find
from xtk.tasks.reading import hub_source, read_split
from xtk.tasks.retrieval import BUCC2018, LAREQA, MEWSLIX, TATOEBA
from xtk.tasks.task import HUB, LOCAL, Task

FIXTURES = Path(__file__).parent / "fixtures"
HUB_ROWS = json.loads((FIXTURES / "retrieval_hub_rows.json").read_text(encoding="utf-8"))


def read(task: Task, split: str, lang: str, *, layout: int | None = None) -> Rows:
    sources = task.sources[LOCAL] if layout is None else (task.sources[LOCAL][layout],)
    one = replace(task, sources={LOCAL: sources})
    return read_split(one, split, lang, source="local", roots=[FIXTURES])


def queries(rows: Rows) -> list[tuple]:
    return [(e.id, e.text, e.targets) for e in rows.examples if e.is_query]


def candidates(rows: Rows) -> list[tuple]:
    return [(e.id, e.text) for e in rows.examples if not e.is_query]


def squad_file(folder: Path, rows: list[dict]) -> None:
    """Rows of the Hub as the paragraphs of SQuAD's own file."""
    paragraphs: list[dict] = []
    for row in rows:
        if not paragraphs or paragraphs[-1]["context"] != row["context"]:
            paragraphs.append({"context": row["context"], "qas": []})
        texts, starts = row["answers"]["text"], row["answers"]["answer_start"]
        answers = [
            {"text": text, "answer_start": start} for text, start in zip(texts, starts, strict=True)
        ]
        asked = {"id": row["id"], "question": row["question"], "answers": answers}
        paragraphs[-1]["qas"].append(asked)
    (folder / "squad").mkdir()
    article = {"title": "t", "paragraphs": paragraphs}
    (folder / "squad/dev-v1.1.json").write_text(json.dumps({"data": [article]}))


@pytest.mark.parametrize("case", HUB_ROWS, ids=lambda case: case["task"])
def test_equal_rows_are_equal_examples_from_the_hub_and_from_every_layout(
    case, monkeypatch, tmp_path
):
    task, split, lang = find(case["task"]), case["split"], case["lang"]
    source = hub_source(task, split, lang)
    assert isinstance(source, HubSource)
    monkeypatch.setattr(hub, "load", lambda *_: case["rows"])
    counted = replace(source, rows={split: len(case["rows"])})
    remote = read_split(replace(task, sources={HUB: (counted,)}), split, lang, source=HUB, roots=[])
    assert remote.labels == LABELLED
    squad_file(tmp_path, HUB_ROWS[-1]["rows"])
    root = tmp_path if task is LAREQA else FIXTURES
    compared = 0
    for layout in task.sources[LOCAL]:
        assert isinstance(layout, LocalSource)
        if not layout.serves(split, lang) or not layout.find(split, lang, [root]):
            continue
        one = replace(task, sources={LOCAL: (layout,)})
        local = read_split(one, split, lang, source="local", roots=[root])
        texts = [(e.id, e.text) for e in local.examples]
        assert texts == [(e.id, e.text) for e in remote.examples]
        if local.labels == LABELLED:  # XTREME takes some gold away
            assert (local.examples, local.sha256) == (remote.examples, remote.sha256)
            compared += 1
    assert compared == 1


def test_tatoeba_asks_in_english_in_the_order_of_the_alphabet():
    rows = read(TATOEBA, "test", "th", layout=0)
    assert queries(rows) == [
        ("en:0", "A cat sleeps.", ("2",)),
        ("en:1", "Hello, world.", ("1",)),
        ("en:2", "It rains.", ("0",)),
    ]
    assert candidates(rows) == [("0", "ฝนตก"), ("1", "สวัสดีชาวโลก"), ("2", "แมวนอนหลับ")]
    assert (rows.labels, rows.rows_read) == (LABELLED, 3)


def test_tatoeba_as_xtreme_has_it_is_the_same_without_gold():
    rows, aligned = read(TATOEBA, "test", "th", layout=1), read(TATOEBA, "test", "th", layout=0)
    assert rows.labels == UNLABELLED
    assert candidates(rows) == candidates(aligned)
    assert [query[:2] for query in queries(rows)] == [query[:2] for query in queries(aligned)]
    assert {query[2] for query in queries(rows)} == {None}


@pytest.mark.parametrize(
    ("split", "layout", "labels"),
    [
        ("validation", 0, LABELLED),
        ("test", 0, LABELLED),
        ("validation", 1, LABELLED),
        ("test", 1, UNLABELLED),
    ],
)
def test_bucc_has_gold_where_it_lies_beside(split, layout, labels):
    rows = read(BUCC2018, split, "ru", layout=layout)
    assert rows.labels == labels
    found = [query[2] for query in queries(rows)]
    assert found == (
        [None] * 3 if labels == UNLABELLED else [("en-000000003",), (), ("en-000000001",)]
    )
    assert candidates(rows)[0] == ("en-000000001", "A house stands by the river.")
    assert rows.rows_read == 3


def test_lareqa_ranks_sentences_with_their_passages():
    rows = read(LAREQA, "test", "th")
    context = "แม่น้ำยาว 10 กิโลเมตร มันไหลลงทะเล"
    assert queries(rows) == [
        ("q1", "แม่น้ำไหลไปที่ไหน?", ("th:1:1",)),
        ("q2", "คนเมืองชอบอะไร?", ("th:2:0",)),
    ]
    assert candidates(rows) == [
        ("th:1:0", "แม่น้ำยาว 10 กิโลเมตร" + context),
        ("th:1:1", "มันไหลลงทะเล" + context),
        ("th:2:0", "คนเมืองชอบ “เรือ”คนเมืองชอบ “เรือ”"),
    ]


def test_lareqa_trains_on_squad_with_sentences_found_by_rules(tmp_path):
    squad_file(tmp_path, HUB_ROWS[-1]["rows"])
    rows = read_split(LAREQA, "validation", "en", source="local", roots=[tmp_path])
    house = "The house is old. Mr. Low says that it stands by the river. It is red."
    assert queries(rows) == [
        ("5a", "Where is the river?", ("1:1",)),
        ("5b", "How old is it?", ("1:0",)),
        ("5c", "What flows?", ("2:0",)),
    ]
    assert candidates(rows)[1] == ("1:1", "Mr. Low says that it stands by the river." + house)
    assert candidates(rows)[4] == ("2:1", "It is cold.Water flows.It is cold.")


# worked out by hand from utils_mewslix.py: one sentence, braces as parentheses, blanks once halved
TAMIL = [
    ("ta-1", "சென்னை: { சென்னை } யில் மழை பெய்தது.", "Q1352"),
    ("ta-2", "வைகை: { வைகை } ஆற்றில் வெள்ளம் (சிறிது) வந்தது.", "Q2509"),
]


@pytest.mark.parametrize(
    ("split", "layout", "labels"),
    [("dev", 0, LABELLED), ("test", 0, LABELLED), ("test", 1, UNLABELLED)],
)
def test_mewslix_asks_with_one_sentence_around_a_mention(split, layout, labels):
    rows = read(MEWSLIX, split, "ta", layout=layout)
    assert rows.labels == labels
    assert queries(rows) == [
        (name, text, (entity,) if labels == LABELLED else None) for name, text, entity in TAMIL
    ]
    assert candidates(rows) == [
        ("Q1352", "சென்னை ஒரு நகரம். அது கடலருகே உள்ளது."),
        ("Q2509", "The Vaigai is a river. It flows through Madurai."),
        ("Q208213", "کارون یک رود است."),
        ("Q90", "Paris ist eine Stadt."),
    ]


def test_the_release_of_mewslix_mixes_languages_and_one_is_read():
    rows = read(MEWSLIX, "test", "fa", layout=0)
    assert queries(rows) == [("fa-1", "کارون: رود { کارون } پرآب است.", ("Q208213",))]
    assert len(candidates(rows)) == 4


@pytest.mark.parametrize("split", ["train", "validation"])
def test_mewslix_trains_on_pairs_of_which_each_entity_is_a_candidate_once(split):
    rows = read(MEWSLIX, split, "en")
    assert [(name, targets) for name, _, targets in queries(rows)] == [
        ("en-1", ("Q2509",)),
        ("en-2", ("Q2509",)),
        ("en-3", ("Q90",)),
    ]
    assert queries(rows)[0][1] == "Vaigai: The { Vaigai } rose (a little) overnight."
    assert [name for name, _ in candidates(rows)] == ["Q2509", "Q90"]


def test_the_benchmarks_have_as_many_languages_as_their_scripts():
    # google-research/xtreme, evaluate.py; XQuAD-R for LAReQA, which has none there
    counts = {
        task.name: {benchmark: len(langs) for benchmark, langs in task.languages.items()}
        for task in (TATOEBA, BUCC2018, LAREQA, MEWSLIX)
    }
    assert counts == {
        "tatoeba": {"xtreme": 36, "xtreme-r": 41},
        "bucc2018": {"xtreme": 4},
        "lareqa": {"xtreme-r": 11},
        "mewslix": {"xtreme-r": 11},
    }


def test_groups_hold_the_tasks_of_their_benchmark():
    for benchmark, groups in GROUPS.items():
        grouped = {name for names in groups.values() for name in names}
        assert {find(name).name for name in grouped} == grouped
        assert all(benchmark in find(name).languages for name in grouped)
    assert [len({n for names in g.values() for n in names}) for g in GROUPS.values()] == [9, 10]
