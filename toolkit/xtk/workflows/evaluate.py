"""Zero-shot evaluation of a finished run: predictions in the official form, scored from there."""

from dataclasses import dataclass

from xtk.core.errors import UsageError, unknown
from xtk.core.progress import Reporter, Silent
from xtk.core.settings import Settings
from xtk.data.sources import Rows, first, labels_or_error
from xtk.runs import store
from xtk.runs.store import Run
from xtk.scoring.cells import Cell, Place
from xtk.tasks.catalogue import find
from xtk.tasks.reading import AUTO, read_split
from xtk.tasks.task import Task
from xtk.workflows.inputs import encode
from xtk.workflows.loaded import Loaded
from xtk.workflows.scores import known_cells, score


@dataclass(frozen=True, kw_only=True)
class On:
    """What a run is evaluated on; None takes what the run's own task declares."""

    task: str | None = None
    languages: tuple[str, ...] = ()  # none: every one of the task's benchmarks
    split: str | None = None
    source: str = AUTO
    limit: int | None = None  # the first N rows of each language
    skip_bad_rows: int = 0


def evaluate(
    run: str,
    on: On | None = None,
    *,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> list[Cell]:
    """The cells of a finished run, one a language and metric; known ones are not made again."""
    on, settings, report = on or On(), settings or Settings.of(), report or Silent()
    found = store.find(settings.home, run)
    task = find(on.task or found.identity.task)
    check_fits(found, task)
    split = on.split or task.eval_split
    parts = [(lang, rows_of(task, split, lang, on, settings)) for lang in _languages(task, on)]
    loaded = Loaded(found, settings)
    cells: list[Cell] = []
    for lang, rows in parts:
        place = Place(task.name, lang, split, rows.source, rows.sha256)
        labels = labels_or_error(rows)
        known = known_cells(found.path, task, place, labels)
        if not known:
            report.note(f"  {found.name}: {task.name} {split} {lang}, {len(labels):,} rows")
            length = int(found.identity.hyperparameters["max_length"])
            encoded = encode(rows, task, loaded.backbone, length, settings)
            known = score(found.path, task, place, labels, loaded.predict(encoded))
        cells += known
    return cells


def check_fits(run: Run, task: Task) -> None:
    """A run's head serves a task of the same kind, and of the same labels where they have names."""
    if run.details["kind"] != task.kind.name:
        raise UsageError(
            f"{run.name} is for {run.details['kind']}; {task.name} is {task.kind.name}."
        )
    if not task.kind.labels_are_positions and run.details["label_names"] != list(task.label_names):
        raise UsageError(
            f"{run.name} knows the labels {', '.join(run.details['label_names'])}; {task.name} has "
            f"{', '.join(task.label_names)}."
        )


def _languages(task: Task, on: On) -> tuple[str, ...]:
    for lang in on.languages:
        if lang not in task.all_languages:
            raise unknown(f"language of {task.name}", lang, task.all_languages)
    benchmark = dict.fromkeys(lang for langs in task.languages.values() for lang in langs)
    return on.languages or tuple(benchmark) or (task.train_language,)


def rows_of(task: Task, split: str, lang: str, on: On, settings: Settings) -> Rows:
    """The rows of one language; all are read and checked before a model is loaded."""
    rows = read_split(
        task,
        split,
        lang,
        source=on.source,
        roots=settings.data_roots,
        skip_bad_rows=on.skip_bad_rows,
    )
    labels_or_error(rows)
    return first(rows, on.limit)
