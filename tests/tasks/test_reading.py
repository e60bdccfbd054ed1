"""Fixtures are a few rows in the official format of each task; hub_rows.json has the same rows."""

import json
import shutil
from pathlib import Path

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.data import hub
from xtk.data.sources import HubSource, first, labels_or_error
from xtk.tasks.catalogue import TASKS, find
from xtk.tasks.check import check
from xtk.tasks.reading import hub_source, read_files, read_split

FIXTURES = Path(__file__).parent / "fixtures"
HUB_ROWS = json.loads((FIXTURES / "hub_rows.json").read_text(encoding="utf-8"))
CASES = [
    pytest.param(case, id=f"{case['task']}-{case['split']}-{case['lang']}") for case in HUB_ROWS
]


@pytest.fixture
def on_the_hub(monkeypatch):
    """The Hub's rows come from the fixture, as many as it has."""

    def serve(case: dict) -> None:
        monkeypatch.setattr(hub, "load", lambda source, config, split: case["rows"])
        found = hub_source(find(case["task"]), case["split"], case["lang"])
        assert isinstance(found, HubSource)
        for part in found.splits[case["split"]][1:]:
            assert part  # several splits are read one after the other: one of them is enough here
        monkeypatch.setitem(found.rows, case["split"], len(case["rows"]))  # type: ignore[arg-type]
        splits = {**found.splits, case["split"]: found.splits[case["split"]][:1]}
        monkeypatch.setattr("xtk.tasks.reading.hub_items", lambda source, split, lang:
                            hub.hub_items(_with(source, splits), split, lang))  # fmt: skip

    return serve


def _with(source: HubSource, splits: dict) -> HubSource:
    from dataclasses import replace

    return replace(source, splits=splits)


@pytest.mark.parametrize("case", CASES)
def test_equal_rows_are_equal_examples_from_every_source(case, on_the_hub):
    on_the_hub(case)
    task = find(case["task"])
    local = read_split(task, case["split"], case["lang"], source="local", roots=[FIXTURES])
    remote = read_split(task, case["split"], case["lang"], source="hub", roots=[])
    assert local.examples == remote.examples
    assert (local.sha256, local.labels, local.left_out) == (
        remote.sha256, remote.labels, remote.left_out
    )  # fmt: skip
    assert len(local.examples) + local.left_out == len(case["rows"])


def test_every_task_of_the_hub_has_a_fixture():
    assert {case["task"] for case in HUB_ROWS} == {
        task.name for task in TASKS if "hub" in task.sources
    }


def test_another_number_of_rows_than_published_is_an_error(on_the_hub, monkeypatch):
    case = HUB_ROWS[0]
    on_the_hub(case)
    source = hub_source(find(case["task"]), case["split"], case["lang"])
    monkeypatch.setitem(source.rows, case["split"], 99)
    with pytest.raises(XtkError, match=r"gave 4 rows for validation, and its owner published 99"):
        read_split(find(case["task"]), case["split"], case["lang"], source="hub", roots=[])


def test_the_parts_of_a_task_are_read_one_after_the_other(tmp_path):
    plus = find("anli_plus")
    shutil.copytree(FIXTURES, tmp_path, dirs_exist_ok=True)
    snli = tmp_path / "snli_1.0"
    shutil.copy(snli / "snli_1.0_train.jsonl", snli / "snli_1.0_dev.jsonl")
    together = read_split(plus, "validation", "en", source="local", roots=[tmp_path])
    parts = [
        read_split(find(name), "validation", "en", source="local", roots=[tmp_path])
        for name in ("anli", "mnli", "snli")
    ]
    assert together.examples == tuple(e for part in parts for e in part.examples)
    assert together.left_out == sum(part.left_out for part in parts)


def test_auto_takes_local_files_then_the_sample(tmp_path):
    siqa = find("siqa")
    assert read_split(siqa, "validation", "en", source="auto", roots=[FIXTURES]).source == "local"
    assert read_split(siqa, "validation", "en", source="auto", roots=[tmp_path]).source == "sample"


def test_the_owners_labels_go_before_placeholders(tmp_path):
    row = {"premise": "p", "choice1": "a", "choice2": "b", "question": "cause", "idx": 0}
    (tmp_path / "xcopa/data/et").mkdir(parents=True)
    zeros = "".join(json.dumps(row | {"label": 0}) + "\n" for _ in range(20))
    (tmp_path / "xcopa/test-et.jsonl").write_text(zeros)
    task = find("xcopa")
    rows = read_split(task, "test", "et", source="local", roots=[tmp_path])
    with pytest.raises(XtkError, match="all 20 rows have the label 0, a placeholder"):
        labels_or_error(rows)
    real = "".join(json.dumps(row | {"label": i % 2}) + "\n" for i in range(20))
    (tmp_path / "xcopa/data/et/test.et.jsonl").write_text(real)
    rows = read_split(task, "test", "et", source="local", roots=[tmp_path])
    assert labels_or_error(rows) == [0, 1] * 10


def test_rows_without_labels_are_not_scored():
    rows = read_split(find("xnli"), "test", "th", source="local", roots=[FIXTURES])
    assert rows.labels == "unlabelled"
    with pytest.raises(XtkError, match="these rows have no labels"):
        labels_or_error(rows)


@pytest.mark.parametrize(
    ("task", "split", "lang", "source", "message"),
    [
        ("xnli", "validation", "xx", "local", "Unknown language of xnli 'xx'"),
        ("xnli", "dev", "de", "local", "Unknown split of xnli 'dev'"),
        ("xnli", "validation", "de", "lokal", "did you mean 'local'"),
    ],
)
def test_a_wrong_name_is_a_usage_error(task, split, lang, source, message):
    with pytest.raises(UsageError, match=message):
        read_split(find(task), split, lang, source=source, roots=[])


def test_missing_files_are_told_with_the_places_and_the_ways(tmp_path):
    with pytest.raises(XtkError) as caught:
        read_split(find("siqa"), "train", "en", source="local", roots=[tmp_path])
    for words in (str(tmp_path), "siqa/train.jsonl", "XTK_DATA", "--train-file", "--source sample"):
        assert words in str(caught.value)


def test_own_files_are_read_in_the_layout_that_fits(tmp_path):
    siqa = find("siqa")
    beside = read_files(siqa, [FIXTURES / "socialiqa-train-dev/dev.jsonl"])
    inside = read_files(siqa, [FIXTURES / "siqa/socialIQa_v1.4_dev.jsonl"])
    assert beside.source == "file"
    assert {type(e) for e in (*beside.examples, *inside.examples)} == {type(beside.examples[0])}
    two = read_files(siqa, [FIXTURES / "socialiqa-train-dev/dev.jsonl"] * 2)
    assert two.examples == beside.examples * 2
    with pytest.raises(UsageError, match=r"siqa is read from files ending in \.jsonl"):
        (tmp_path / "rows.txt").write_text("x")
        read_files(siqa, [tmp_path / "rows.txt"])


def test_bad_rows_are_counted_over_all_files(tmp_path):
    good = (FIXTURES / "cosmosqa/valid.csv").read_text(encoding="utf-8")
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(good + "1,2\n", encoding="utf-8")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    rows = read_files(find("cosmosqa"), paths, skip_bad_rows=2)
    assert len(rows.skipped) == 2 and len(rows.examples) == 4
    with pytest.raises(XtkError, match=r"b\.csv, line \d: expected 8 columns"):
        read_files(find("cosmosqa"), paths, skip_bad_rows=1)


def test_the_first_rows_are_their_own_data():
    rows = read_files(find("siqa"), [FIXTURES / "socialiqa-train-dev/dev.jsonl"])
    one = first(rows, 1)
    assert one.examples == rows.examples[:1] and one.sha256 != rows.sha256
    assert first(rows, None) is first(rows, 99) is rows


def test_a_check_says_what_is_there_and_what_is_missing():
    findings = {(f.source, f.split): f for f in check(find("siqa"), roots=[FIXTURES])}
    local = findings["local", "validation"]
    assert (local.rows, local.official_rows, local.official) == (2, 1_954, False)
    assert findings["sample", "train"].rows == 4_000
