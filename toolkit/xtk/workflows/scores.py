"""Predictions in the official form, and the cells that are scored from them."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xtk.core.errors import XtkError
from xtk.core.files import write_json, write_whole
from xtk.runs.store import locked
from xtk.scoring.cells import Cell, Place, cells_of, from_json
from xtk.tasks.task import Task


def score(
    folder: Path, task: Task, place: Place, gold: Any, predictions: Any, names: tuple[str, ...]
) -> list[Cell]:
    """Write the predictions into a run folder as the benchmark wants them, and score that file.

    `names` are those of labels or tags, in the order of the indices in `gold` and `predictions`.
    """
    path = prediction_file(folder, task, place.split, place.lang)
    write_whole(path, task.scheme.write_predictions(predictions, names))
    read = read_predictions(folder, task, place.split, place.lang, names)
    found = cells_of(place, task.scheme, gold, read, names, task.metrics)
    return add_cells(folder, found)


def read_predictions(
    folder: Path, task: Task, split: str, lang: str, names: tuple[str, ...]
) -> Any:
    """The predictions in a file of a run folder; an error where it is damaged."""
    path = prediction_file(folder, task, split, lang)
    predictions, problems = task.scheme.read_predictions(path.read_text(encoding="utf-8"), names)
    fatal = [problem for problem in problems if problem.fatal]
    if fatal:
        raise XtkError(f"{path}, line {fatal[0].line}: {fatal[0].what}")
    return predictions


def known_cells(
    folder: Path, task: Task, place: Place, gold: Any, names: tuple[str, ...]
) -> list[Cell]:
    """The cells of a place that are there already and that the prediction file still gives.

    A file has one place whatever rows it is of: one of other rows (another --limit) or a damaged
    one gives no cells, and the run predicts again.
    """
    stored = [cell for cell in cells_in(folder) if _place_of(cell) == place]
    if not stored:
        return []
    try:
        predictions = read_predictions(folder, task, place.split, place.lang, names)
        cells = cells_of(place, task.scheme, gold, predictions, names, task.metrics)
    except (OSError, UnicodeDecodeError, XtkError):
        return []
    main = [cell for cell in stored if cell.metric in task.metrics]
    return stored if [c.as_json() for c in cells] == [c.as_json() for c in main] else []


def prediction_file(folder: Path, task: Task, split: str, lang: str) -> Path:
    """Where a benchmark's submission has it: `xnli/test-de.tsv`."""
    return folder / "predictions" / task.name / f"{split}-{lang}.{task.scheme.suffix}"


def add_cells(folder: Path, cells: Sequence[Cell]) -> list[Cell]:
    """Put cells beside those of other places, in place of those of the same one; as they are kept.

    What is given back is what is found again: rounded as in the file.
    """
    path = folder / "cells.json"
    new = {_key(cell) for cell in cells}
    with locked(path):
        kept = [cell for cell in cells_in(folder) if _key(cell) not in new]
        write_json(path, [cell.as_json() for cell in [*kept, *cells]])
    return [from_json(cell.as_json()) for cell in cells]


def _key(cell: Cell) -> tuple[str, ...]:
    return (cell.task, cell.lang, cell.split, cell.data_sha256, cell.how, cell.metric)


def _place_of(cell: Cell) -> Place:
    return Place(cell.task, cell.lang, cell.split, cell.source, cell.data_sha256, cell.how)


def cells_in(folder: Path) -> list[Cell]:
    """All cells of a run folder; an error where their file is damaged."""
    path = folder / "cells.json"
    try:
        return [from_json(cell) for cell in json.loads(path.read_text(encoding="utf-8"))]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError) as error:
        raise XtkError(f"{path} cannot be read ({error}); remove it and evaluate again.") from error
