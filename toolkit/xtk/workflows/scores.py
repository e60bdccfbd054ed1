"""Predictions in the official form, and the cells that are scored from them."""

import json
from collections.abc import Sequence
from pathlib import Path

from xtk.core.errors import XtkError
from xtk.core.files import write_json, write_whole
from xtk.runs.store import locked
from xtk.scoring.cells import Cell, Place, classification_cells, from_json
from xtk.tasks.task import Task


def score(
    folder: Path, task: Task, place: Place, labels: Sequence[int], predictions: Sequence[int]
) -> list[Cell]:
    """Write the predictions into a run folder as the benchmark wants them, and score that file."""
    path = _prediction_file(folder, task, place.split, place.lang)
    write_whole(path, task.kind.write_predictions(predictions, task.label_names))
    read = read_predictions(folder, task, place.split, place.lang)
    cells = classification_cells(place, labels, read, task.metrics)
    _add_cells(folder, cells)
    return cells


def read_predictions(folder: Path, task: Task, split: str, lang: str) -> list[int]:
    """The label indices in a prediction file of a run folder."""
    path = _prediction_file(folder, task, split, lang)
    return task.kind.read_predictions(path.read_text(encoding="utf-8"), task.label_names)


def known_cells(folder: Path, task: Task, place: Place, labels: Sequence[int]) -> list[Cell]:
    """The cells of a place that are there already and that the prediction file still gives.

    A file has one place whatever rows it is of: one of other rows (another --limit) or a damaged
    one gives no cells, and the run predicts again.
    """
    stored = [cell for cell in _read(folder / "cells.json") if _key(cell)[:-1] == _place_key(place)]
    if not stored:
        return []
    try:
        predictions = read_predictions(folder, task, place.split, place.lang)
        cells = classification_cells(place, labels, predictions, task.metrics)
    except (OSError, UnicodeDecodeError, XtkError):
        return []
    return cells if [c.as_json() for c in cells] == [c.as_json() for c in stored] else []


def _prediction_file(folder: Path, task: Task, split: str, lang: str) -> Path:
    """Where a benchmark's submission has it: `xnli/test-de.tsv`."""
    return folder / "predictions" / task.name / f"{split}-{lang}.{task.kind.prediction_suffix}"


def _add_cells(folder: Path, cells: Sequence[Cell]) -> None:
    """Put cells beside those of other places; cells of the same place are replaced."""
    path = folder / "cells.json"
    new = {_key(cell) for cell in cells}
    with locked(path):
        kept = [cell for cell in _read(path) if _key(cell) not in new]
        write_json(path, [cell.as_json() for cell in [*kept, *cells]])


def _key(cell: Cell) -> tuple[str, ...]:
    return (cell.task, cell.lang, cell.split, cell.data_sha256, cell.metric)


def _place_key(place: Place) -> tuple[str, ...]:
    return (place.task, place.lang, place.split, place.data_sha256)


def _read(path: Path) -> list[Cell]:
    try:
        return [from_json(cell) for cell in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError) as error:
        raise XtkError(f"{path} cannot be read ({error}); remove it and evaluate again.") from error
