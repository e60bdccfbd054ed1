"""The labels of the rows that a run has predicted, in the form of the official label files."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from xtk.core.errors import XtkError
from xtk.core.settings import Settings
from xtk.data.sources import Rows, first
from xtk.kinds.kind import RETRIEVAL
from xtk.runs.store import Run
from xtk.scoring.cells import Cell
from xtk.scoring.places import file_name
from xtk.tasks.task import Task
from xtk.workflows.evaluate import On, rows_of
from xtk.workflows.gold import gold_of
from xtk.workflows.scores import cells_in, read_predictions


def gold_files(
    run: Run, task: Task, split: str, paths: Mapping[str, Path], settings: Settings
) -> dict[str, bytes]:
    """The content of each label file by its name, for the languages that `paths` names.

    Rows are read again from where the run had them; where those are other rows now, it is an error.
    """
    files = {}
    cells = [c for c in cells_in(run.path) if (c.task, c.split) == (task.name, split)]
    sources = {cell.lang: cell.source for cell in cells}
    for lang, rows in _rows(task, split, sources, settings).items():
        if lang in paths:
            own = [cell for cell in cells if cell.lang == lang]
            gold = _gold(run, task, lang, rows, own)
            text = task.scheme.write_gold(gold, task.label_names)
            files[file_name(lang, task.scheme.suffix)] = text.encode()
    lacking = [lang for lang in paths if file_name(lang, task.scheme.suffix) not in files]
    if lacking:
        raise XtkError(
            f"{run.name} has predictions of {task.name} {split} without a score in "
            f"{' '.join(lacking)}; evaluate that run again."
        )
    return files


def _rows(
    task: Task, split: str, sources: Mapping[str, str], settings: Settings
) -> dict[str, Rows]:
    """The labelled rows by language; of a pooled search those of all languages."""
    is_pooled = task.kind is RETRIEVAL and task.search is not None and task.search.is_pooled
    wanted = next(iter(task.languages.values())) if is_pooled and sources else tuple(sources)
    anywhere = next(iter(sources.values()), "")
    rows = {
        lang: rows_of(task, split, lang, On(source=sources.get(lang, anywhere)), settings)
        for lang in wanted
    }
    if not is_pooled:
        return rows
    from xtk.workflows.retrieve import pooled

    return pooled(rows)


def _gold(run: Run, task: Task, lang: str, rows: Rows, cells: list[Cell]) -> Any:
    """What is right for the rows that the prediction file is of: all, or as many as were scored."""
    split = cells[-1].split
    found = read_predictions(run.path, task, split, lang, task.label_names)
    for candidate in _candidates(rows, cells):
        gold = gold_of(task, candidate)
        if not task.scheme.compare(gold, found):
            return gold
    raise XtkError(
        f"{run.name}: the rows of {task.name} {split} {lang} from {', '.join(rows.files)} are not "
        "those that were predicted; evaluate that run again."
    )


def _candidates(rows: Rows, cells: list[Cell]) -> Iterator[Rows]:
    """The rows that the cells were scored on, the last first."""
    for size, digest in dict.fromkeys((cell.n, cell.data_sha256) for cell in reversed(cells)):
        for candidate in (rows, first(rows, size)):
            if candidate.sha256 == digest:
                yield candidate
                break
