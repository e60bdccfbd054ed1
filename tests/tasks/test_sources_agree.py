"""Fixtures are a few rows in the official format of each task; *hub_rows.json have the same rows.

Equal rows are equal examples from every source and in every layout of files.
"""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import XtkError
from xtk.data import hub
from xtk.data.rows import ChoiceColumns
from xtk.data.sources import LABELLED, HubSource, LocalSource, Rows
from xtk.kinds.kind import RETRIEVAL
from xtk.tasks.catalogue import TASKS, find
from xtk.tasks.commonsense import SIQA
from xtk.tasks.labels import with_labels
from xtk.tasks.paraphrase import PAWSX
from xtk.tasks.reading import hub_source, read_files, read_split
from xtk.tasks.task import HUB, LOCAL, Task

FIXTURES = Path(__file__).parent / "fixtures"
HUB_FILES = ("hub_rows.json", "tagging_hub_rows.json", "qa_hub_rows.json")
HUB_ROWS = [
    case for name in HUB_FILES for case in json.loads((FIXTURES / name).read_text(encoding="utf-8"))
]
CCG_TAGS = ("(S[dcl]\\NP)/(S[b]\\NP)", ".", "LRB", "N", "N/N", "S[b]\\NP")
# any text of one line without tabs, which is what all formats here can hold
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\t\r\n\ufeff"))
# the same texts each time, and no failure because the disk is busy
STEADY = settings(derandomize=True, deadline=None)


def layouts(task: Task) -> list[LocalSource]:
    return [source for source in task.sources.get(LOCAL, ()) if isinstance(source, LocalSource)]


def with_layout(task: Task, layout: LocalSource) -> Task:
    return replace(task, sources={LOCAL: (layout,)})


def case_id(case: dict) -> str:
    return f"{case['task']}-{case['split']}-{case['lang']}"


every_case = pytest.mark.parametrize("case", HUB_ROWS, ids=case_id)
# each layout that has the rows of a case: XTREME's folder beside the owner's own
IN_LAYOUTS = [
    pytest.param(case, layout, id=f"{case_id(case)}-{layout.folders[0]}-{number}")
    for case in HUB_ROWS
    for number, layout in enumerate(layouts(find(case["task"])))
    if layout.serves(case["split"], case["lang"])
    and layout.find(case["split"], case["lang"], [FIXTURES])
]


def from_the_hub(case: dict, monkeypatch: pytest.MonkeyPatch, published: int | None = None) -> Rows:
    """The rows of a case as the Hub would give them, where the first of several splits has all."""
    task, split, lang = find(case["task"]), case["split"], case["lang"]
    source = hub_source(task, split, lang)
    assert source is not None
    asked: list[tuple[str, str]] = []

    def load(source: HubSource, config: str, part: str) -> list[dict]:
        asked.append((config, part))
        return case["rows"] if part == source.splits[split][0] else []

    monkeypatch.setattr(hub, "load", load)
    counted = replace(source, rows={split: of_language(case) if published is None else published})
    rows = read_split(replace(task, sources={HUB: (counted,)}), split, lang, source=HUB, roots=[])
    assert asked == [(source.config_of(lang), part) for part in source.splits[split]]
    return rows


def of_language(case: dict) -> int:
    """How many of the rows are in the case's language, where the Hub mixes several."""
    return case.get("chosen", len(case["rows"]))


@every_case
def test_equal_rows_are_equal_examples_from_every_source(case, monkeypatch):
    task = find(case["task"])
    remote = from_the_hub(case, monkeypatch)
    local = read_split(task, case["split"], case["lang"], source="local", roots=[FIXTURES])
    assert local.examples == remote.examples
    assert (local.sha256, local.labels) == (remote.sha256, remote.labels)
    assert local.left_out == remote.left_out
    assert local.rows_read == of_language(case)
    assert (local.source, remote.source) == ("local", "hub")


@pytest.mark.parametrize(("case", "layout"), IN_LAYOUTS)
def test_equal_rows_are_equal_examples_in_every_layout(case, layout, monkeypatch):
    one = with_layout(find(case["task"]), layout)
    local = read_split(one, case["split"], case["lang"], source="local", roots=[FIXTURES])
    remote = from_the_hub(case, monkeypatch)
    assert (local.examples, local.sha256) == (remote.examples, remote.sha256)


@pytest.mark.parametrize(
    ("task", "layout"),
    [
        (task, layout)
        for task in TASKS
        if task.kind is not RETRIEVAL
        for layout in layouts(task)
        if any(
            layout.serves(split, lang) and hub_source(task, split, lang)
            for split in task.splits
            for lang in task.all_languages
        )
    ],
    ids=lambda value: value.name if isinstance(value, Task) else value.folders[0],
)
def test_every_layout_is_compared_with_the_hub(task, layout):
    # what is not on the Hub: XQuAD-R with its sentences (test_own_files.py reads its fixture), the
    # languages of UD 2.7 and CCG (below)
    compared = [param.values for param in IN_LAYOUTS]
    assert any(case["task"] == task.name and other is layout for case, other in compared)


@pytest.mark.parametrize(
    ("name", "lang", "count"), [("udpos", "wo", 2), ("ccg", "en", 3), ("tydiqa", "te", 3)]
)
def test_equal_rows_are_equal_examples_in_layouts_that_the_hub_lacks(name, lang, count):
    task = with_labels(find(name), CCG_TAGS)
    read = [
        read_split(with_layout(task, layout), "validation", lang, source="local", roots=[FIXTURES])
        for layout in layouts(task)
        if layout.serves("validation", lang) and layout.find("validation", lang, [FIXTURES])
    ]
    assert len(read) == count
    assert len({rows.sha256 for rows in read}) == 1 and read[0].labels == LABELLED


def test_labels_are_codes_in_the_order_of_the_label_names(monkeypatch):
    by_task = {case["task"]: case for case in HUB_ROWS if case["split"] == "validation"}
    labels = {
        name: [example.label for example in from_the_hub(case, monkeypatch).examples]
        for name, case in by_task.items()
    }
    assert labels["mnli"] == [0, 1, 2]  # entailment, neutral, contradiction
    assert labels["siqa"] == [1, 0]  # codes 2 and 1
    assert labels["hellaswag"] == [1]
    assert labels["csqa"] == [0]  # code A
    assert labels["xcopa"] == [1, 0]
    assert labels["udpos"] == [(10, 11, 1, 15, 3, 12)]  # PRON PROPN ADP VERB AUX PUNCT
    assert labels["ner"][1] == (3, 0)  # B-ORG O
    assert labels["squad2"] == [((59, "1902"),), ()]
    assert labels["mlqa"] == [((14, "القاهرة"),)]


@pytest.mark.parametrize("published", [3, 99])
def test_another_number_of_rows_than_published_is_an_error(monkeypatch, published):
    with pytest.raises(XtkError, match=f"gave 4 rows .* and its owner published {published}"):
        from_the_hub(HUB_ROWS[0], monkeypatch, published)


@STEADY
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 1)), min_size=1, max_size=5))
def test_any_text_is_read_alike_from_the_owners_file_and_from_xtremes(tmp_path_factory, rows):
    root = tmp_path_factory.mktemp("texts")
    (root / "x-final/th").mkdir(parents=True)
    (root / "pawsx").mkdir()
    lines = ["id\tsentence1\tsentence2\tlabel"]
    lines += [f"{number}\t{a}\t{b}\t{label}" for number, (a, b, label) in enumerate(rows)]
    (root / "x-final/th/dev_2k.tsv").write_bytes("\n".join(lines).encode())
    with (root / "pawsx/dev-th.tsv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter="\t").writerows(rows)
    thai = replace(PAWSX, languages={"any": ("th",)})
    owners, xtremes = (
        read_split(with_layout(thai, layout), "validation", "th", source="local", roots=[root])
        for layout in layouts(PAWSX)
    )
    assert [(e.first, e.second, e.label) for e in owners.examples] == rows
    assert (owners.examples, owners.sha256) == (xtremes.examples, xtremes.sha256)


@STEADY
@given(
    texts=st.lists(TEXTS, min_size=5, max_size=5),
    labels=st.lists(st.integers(0, 2), min_size=1, max_size=5),
)
def test_any_text_is_read_alike_with_labels_beside_and_inside(tmp_path_factory, texts, labels):
    folder = tmp_path_factory.mktemp("texts")
    columns = SIQA.sources[LOCAL][0].columns
    assert isinstance(columns, ChoiceColumns) and columns.question is not None
    row = dict(zip((columns.context, columns.question, *columns.choices), texts, strict=True))
    beside, inside = folder / "beside.jsonl", folder / "inside.jsonl"
    beside.write_text("".join(f"{json.dumps(row)}\n" for _ in labels))
    (folder / "beside-labels.lst").write_text("".join(f"{label + 1}\n" for label in labels))
    inside.write_text("".join(json.dumps(row | {"correct": "ABC"[i]}) + "\n" for i in labels))
    one, other = (read_files(SIQA, [path]) for path in (beside, inside))
    context, question, *choices = texts
    assert one.examples[0].context == context
    assert one.examples[0].choices == tuple(f"{question} {choice}" for choice in choices)
    assert [example.label for example in one.examples] == labels
    assert (one.examples, one.sha256) == (other.examples, other.sha256)
