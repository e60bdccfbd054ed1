import json
import shutil
from pathlib import Path

from xtk.tasks.catalogue import find
from xtk.tasks.check import Finding, check

FIXTURES = Path(__file__).parent / "fixtures"
COPA = {"premise": "p", "choice1": "a", "choice2": "b", "question": "cause", "idx": 0}


def findings(task: str, *roots: Path) -> dict[tuple[str, str, str], Finding]:
    found = list(check(find(task), roots=roots))
    by_place = {(f.source, f.split, f.lang): f for f in found}
    assert len(by_place) == len(found)
    return by_place


def test_what_is_there_is_read_and_counted():
    found = findings("siqa", FIXTURES)
    assert set(found) == {
        ("local", "validation", "en"), ("sample", "train", "en"), ("sample", "validation", "en"),
    }  # fmt: skip
    local = found["local", "validation", "en"]
    assert local.files == (str(FIXTURES / "socialiqa-train-dev/dev.jsonl"),)
    assert (local.rows, local.labels, local.problem) == (2, "labelled", "")
    sample = found["sample", "train", "en"]
    assert (sample.rows, sample.official_rows, sample.note) == (4_000, None, "")


def test_another_number_than_the_owner_published_is_told():
    local = findings("siqa", FIXTURES)["local", "validation", "en"]
    assert not local.official
    assert local.note == "2 rows where the owner published 1,954"


def test_as_many_rows_as_published_need_no_note(tmp_path: Path):
    (tmp_path / "COPA").mkdir()
    rows = [json.dumps(COPA | {"label": number % 2}) for number in range(100)]
    (tmp_path / "COPA/val.jsonl").write_text("\n".join(rows))
    local = findings("xcopa", tmp_path)["local", "validation", "en"]
    assert (local.rows, local.official_rows, local.official, local.note) == (100, 100, True, "")


def test_a_placeholder_is_told_although_the_number_is_right(tmp_path: Path):
    (tmp_path / "xcopa").mkdir()
    rows = [json.dumps(COPA | {"label": 0})] * 500
    (tmp_path / "xcopa/test-et.jsonl").write_text("\n".join(rows))
    local = findings("xcopa", tmp_path)["local", "test", "et"]
    assert local.official and local.labels == "placeholder"
    assert local.note.startswith("every label is 0, a placeholder")


def test_rows_left_out_are_counted():
    local = findings("mnli", FIXTURES)["local", "validation", "en"]
    assert (local.rows, local.left_out) == (4, 1)


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path):
    shutil.copytree(FIXTURES / "csqa", tmp_path / "csqa")
    (tmp_path / "csqa/dev_rand_split.jsonl").write_text("{")
    found = findings("csqa", tmp_path)
    assert "dev_rand_split.jsonl, line 1" in found["local", "validation", "en"].problem
    assert not found["local", "validation", "en"].official
    assert found["local", "test", "en"].problem == ""
    assert found["local", "test", "en"].labels == "unlabelled"


def test_a_damaged_archive_is_a_finding(tmp_path: Path):
    (tmp_path / "csqa.zip").write_bytes(b"PK")
    problem = findings("csqa", tmp_path)["local", "train", "en"].problem
    assert "csqa.zip is damaged" in problem


def test_a_set_that_lacks_a_file_is_told_by_that_file(tmp_path: Path):
    shutil.copytree(FIXTURES / "anli_v1.0", tmp_path / "anli_v1.0")
    assert findings("anli", tmp_path)["local", "validation", "en"].problem == ""
    (tmp_path / "anli_v1.0/R2/dev.jsonl").unlink()
    problem = findings("anli", tmp_path)["local", "validation", "en"].problem
    assert problem == f"not there, beside the others: {tmp_path / 'anli_v1.0/R2/dev.jsonl'}"


def test_the_parts_of_a_task_are_checked_each():
    tasks = {finding.task for finding in check(find("anli_plus"), roots=[FIXTURES])}
    assert tasks == {"anli", "mnli", "snli"}
