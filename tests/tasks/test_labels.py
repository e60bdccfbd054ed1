"""Label names that only a user's training rows say: CCG's categories."""

from pathlib import Path

import pytest

from xtk.core.errors import XtkError
from xtk.data.tags import UNSEEN
from xtk.tasks.catalogue import TASKS, find
from xtk.tasks.labels import has_open_labels, learned_labels, unseen, with_labels
from xtk.tasks.reading import read_files, read_split
from xtk.tasks.task import Task

TRAIN = "She|PRP|NP likes|VBZ|(S\\NP)/NP té|NN|N\n|||X|N\n"
DEV = "He|PRP|NP sleeps|VBZ|S\\NP té|NN|N\n"
LEARNED = ("(S\\NP)/NP", "N", "NP")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "ccg").mkdir()
    (tmp_path / "ccg/wsj02-21.stagged").write_text(TRAIN, encoding="utf-8")
    (tmp_path / "ccg/wsj00.stagged").write_text(DEV, encoding="utf-8")
    return tmp_path


def test_only_ccg_has_an_open_set():
    assert [task.name for task in TASKS if has_open_labels(task)] == ["ccg"]


def test_the_set_is_that_of_the_training_rows(folder: Path):
    ccg = find("ccg")
    names = learned_labels(
        ccg, lambda task: read_split(task, "train", "en", source="local", roots=[folder])
    )
    assert names == LEARNED
    closed = with_labels(ccg, names)
    assert closed.label_names == LEARNED and not has_open_labels(closed)
    rows = read_split(closed, "train", "en", source="local", roots=[folder])
    assert [e.label for e in rows.examples] == [(2, 0, 1), (1,)] and unseen(rows) == 0
    dev = read_split(closed, "validation", "en", source="local", roots=[folder])
    assert [e.label for e in dev.examples] == [(2, UNSEEN, 1)] and unseen(dev) == 1


def test_own_files_teach_the_set_too(folder: Path):
    path = folder / "ccg/wsj02-21.stagged"
    names = learned_labels(find("ccg"), lambda task: read_files(task, [path]))
    assert names == LEARNED


def test_rows_without_tags_teach_nothing(tmp_path: Path):
    (tmp_path / "own.tsv").write_text("She\nlikes\n")
    with pytest.raises(XtkError, match=r"own\.tsv, line 1, column 'tags': expected this column"):
        learned_labels(find("ccg"), lambda task: read_files(task, [tmp_path / "own.tsv"]))


def test_a_task_that_declares_its_names_keeps_them():
    task: Task = find("panx")
    assert with_labels(task, ("X",)) is task
