"""The cells of a retrieval task."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from xtk.core.errors import UsageError
from xtk.core.files import write_whole
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.sources import Rows
from xtk.scoring.cells import Cell, Place, cells_of
from xtk.tasks.reading import AUTO
from xtk.tasks.task import VALIDATION, Task
from xtk.workflows.evaluate import On, languages_of, read_languages
from xtk.workflows.gold import gold_of
from xtk.workflows.loaded import Loaded
from xtk.workflows.ranking import search_of
from xtk.workflows.retrieve import (
    How,
    Retriever,
    choose_layer,
    pooled,
    predictions_of,
    temporary_folder,
)
from xtk.workflows.scores import add_cells, known_cells, prediction_file, score


def search_cells(
    loaded: Loaded, task: Task, on: On, settings: Settings, report: Reporter
) -> list[Cell]:
    """A cell a language and metric, and with `--layer all` a layer; the last layer's files stay."""
    split, search = on.split or task.eval_split, search_of(task)
    if search.is_mined and on.measure not in (None, search.measure):
        raise UsageError(f"{task.name} is mined by {search.measure}; leave --measure away.")
    asked = languages_of(task, on)
    everywhere = next(iter(task.languages.values()), asked)
    rows = read_languages(task, split, everywhere if search.is_pooled else asked, on, settings)
    if search.is_pooled:
        rows = {lang: one for lang, one in pooled(rows).items() if lang in asked}
    dev = _dev(task, split, rows, on, settings, report) if search.is_mined else {}
    how = How(
        layer=-1,
        pooling=on.pooling or loaded.backbone.pooling,
        measure=on.measure or search.measure,
    )
    cells: list[Cell] = []
    with temporary_folder(settings) as folder:

        def retriever_of(layers: Sequence[int]) -> Retriever:
            return Retriever(loaded, settings, Path(folder), layers, how.pooling, report)

        layers = _layers(loaded, on)
        if on.layer == AUTO:
            layers = [choose_layer(retriever_of(layers), task, dev, how, report)]
        retriever = retriever_of(layers)
        for lang, one in rows.items():
            for layer in layers:
                chosen = replace(how, layer=layer)
                place = Place(task.name, lang, split, one.source, one.sha256, str(chosen))
                known = known_cells(loaded.run.path, task, place, gold_of(task, one), ())
                if not known:
                    report.note(f"  {loaded.run.name}: {task.name} {split} {lang}, {chosen}")
                    found = predictions_of(retriever, task, one, chosen, dev.get(lang))
                    known = _score(loaded, task, place, one, found)
                cells += known
    return cells


def _score(
    loaded: Loaded, task: Task, place: Place, rows: Rows, found: tuple[Any, Any]
) -> list[Cell]:
    """The cells of both directions, the second only where the task is searched both ways."""
    predictions, back = found
    path, gold = loaded.run.path, gold_of(task, rows)
    cells = score(path, task, place, gold, predictions, ())
    for side, scheme in task.scheme.sides.items() if back is not None else ():
        file = prediction_file(path, task, place.split, f"{place.lang}.{side}")
        write_whole(file, scheme.write_predictions(back, ()))
        turned_gold, _ = scheme.read_gold(task.scheme.write_gold(gold, ()), ())
        turned_cells = cells_of(place, scheme, turned_gold, back, (), tuple(scheme.metrics))
        cells += add_cells(path, turned_cells)
    return cells


def _dev(
    task: Task, split: str, rows: Mapping[str, Rows], on: On, settings: Settings, report: Reporter
) -> Mapping[str, Rows]:
    """The dev rows by which thresholds are chosen, in each language."""
    if split == VALIDATION:
        report.note(
            f"  {task.name}: the threshold is chosen on the very rows that are scored, for they "
            "are the dev rows; scores are higher than on unseen rows"
        )
        return rows
    return read_languages(task, VALIDATION, tuple(rows), on, settings)


def _layers(loaded: Loaded, on: On) -> Sequence[int]:
    """The layers that were asked for; all of them where one is to be chosen."""
    last = loaded.backbone.layers
    if on.layer in (AUTO, "all"):
        return range(last + 1)
    if not on.layer.isdecimal() or int(on.layer) > last:
        raise UsageError(f"--layer is '{on.layer}'; expected auto, all, or 0 to {last}.")
    return [int(on.layer)]
