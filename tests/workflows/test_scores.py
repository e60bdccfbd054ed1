"""A cell always stands for the prediction file that lies beside it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from xtk.scoring.cells import Place
from xtk.tasks.catalogue import find
from xtk.workflows.scores import known_cells, read_predictions, score

TASK = find("xqnli")
PLACE = Place(TASK.name, "de", "test", "sample", "a" * 64)
LABELS, RIGHT = (0, 1, 0, 1, 1, 0), (0, 1, 0, 1, 0, 0)
NAMES = TASK.label_names


def test_scores_are_found_again(tmp_path: Path):
    assert known_cells(tmp_path, TASK, PLACE, LABELS, NAMES) == []
    made = score(tmp_path, TASK, PLACE, LABELS, RIGHT, NAMES)
    assert known_cells(tmp_path, TASK, PLACE, LABELS, NAMES) == made
    assert json.loads((tmp_path / "cells.json").read_text()) == [c.as_json() for c in made]


def test_other_rows_take_the_file_and_the_first_are_predicted_again(tmp_path: Path):
    score(tmp_path, TASK, PLACE, LABELS, RIGHT, NAMES)
    fewer = replace(PLACE, data_sha256="b" * 64)
    score(tmp_path, TASK, fewer, LABELS[:3], RIGHT[:3], NAMES)
    assert len(read_predictions(tmp_path, TASK, "test", "de", NAMES)) == 3
    assert known_cells(tmp_path, TASK, fewer, LABELS[:3], NAMES)
    assert known_cells(tmp_path, TASK, PLACE, LABELS, NAMES) == []


@pytest.mark.parametrize("content", [b"", b"answer\n" * 6, b"neither\n" * 6, b"\xff", None])
def test_a_changed_file_is_not_scored_by_what_it_was(tmp_path: Path, content):
    score(tmp_path, TASK, PLACE, LABELS, RIGHT, NAMES)
    path = tmp_path / "predictions/xqnli/test-de.tsv"
    path.unlink() if content is None else path.write_bytes(content)
    assert known_cells(tmp_path, TASK, PLACE, LABELS, NAMES) == []
