"""Zero-shot evaluation of a finished run: predictions in the official form, scored from there."""

from dataclasses import dataclass

from xtk.backbones.backbone import Pooling
from xtk.core.errors import UsageError, unknown
from xtk.core.progress import Reporter, Silent
from xtk.core.settings import Settings
from xtk.data.sources import Rows, first, labels_or_error
from xtk.kinds.kind import RETRIEVAL
from xtk.kinds.search import MeasureName
from xtk.runs import store
from xtk.scoring.cells import Cell, Place
from xtk.scoring.schemes.answers import ANSWERS_OR_NONE
from xtk.tasks.labels import unseen
from xtk.tasks.reading import AUTO, read_split
from xtk.tasks.task import Task
from xtk.workflows.gold import gold_of
from xtk.workflows.inputs import encode
from xtk.workflows.loaded import Loaded
from xtk.workflows.outputs import predictions_of
from xtk.workflows.scores import known_cells, score
from xtk.workflows.tasks_of_run import task_of


@dataclass(frozen=True, kw_only=True)
class On:
    """What a run is evaluated on; None takes what the run's own task declares."""

    task: str | None = None
    languages: tuple[str, ...] = ()  # none: every one of the task's benchmarks
    split: str | None = None
    source: str = AUTO
    limit: int | None = None  # the first N rows, or queries, of each language
    skip_bad_rows: int = 0
    # of retrieval alone
    layer: str = AUTO  # a number, auto (the best on dev rows), or all
    pooling: Pooling | None = None
    measure: MeasureName | None = None


def evaluate(
    run: str,
    on: On | None = None,
    *,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> list[Cell]:
    """The cells of a finished run, one a language and metric; known ones are not made again."""
    on, settings, report = on or On(), settings or Settings.of(), report or Silent()
    run_found = store.find(settings.home, run)
    names = [on.task] if on.task else list(run_found.identity.tasks)
    if not names:
        raise UsageError(f"{run_found.name} was trained on no task; name one with --task.")
    loaded = Loaded(run_found, settings)
    cells: list[Cell] = []
    for name in names:
        task = task_of(run_found, name)
        if task.kind is RETRIEVAL:
            from xtk.workflows.search import search_cells

            cells += search_cells(loaded, task, on, settings, report)
        else:
            cells += _head_cells(loaded, task, on, settings, report)
    return cells


def _head_cells(
    loaded: Loaded, task: Task, on: On, settings: Settings, report: Reporter
) -> list[Cell]:
    """The cells of a task that a head of the run serves."""
    if on.layer != AUTO or on.pooling or on.measure:
        raise UsageError(
            f"--layer, --pooling and --measure are of retrieval; {task.name} is {task.kind.name}."
        )
    run = loaded.run
    head = head_for(loaded, task)
    names = loaded.heads[head][1] if not task.kind.labels_are_positions else task.label_names
    split = on.split or task.eval_split
    cells: list[Cell] = []
    for lang, rows in read_languages(task, split, languages_of(task, on), on, settings).items():
        place = Place(task.name, lang, split, rows.source, rows.sha256)
        gold = gold_of(task, rows)
        known = known_cells(run.path, task, place, gold, names)
        if not known:
            report.note(f"  {run.name}: {task.name} {split} {lang}, {len(rows.examples):,} rows")
            if unseen(rows):
                report.note(f"    {unseen(rows):,} tags that training had none of count as wrong")
            encoded = encode(rows, task.kind, loaded.backbone, loaded.length(head), settings)
            threshold = None
            if task.scheme is ANSWERS_OR_NONE:
                threshold = run.result["tasks"][head]["no_answer_threshold"]
            predictions = predictions_of(
                task, loaded.scores(encoded, head), encoded, rows, threshold
            )
            known = score(run.path, task, place, gold, predictions, names)
        cells += known
    return cells


def head_for(loaded: Loaded, task: Task) -> str:
    """The head that serves a task: its own, or one of its kind and, if they have names, labels."""
    if task.name in loaded.heads:
        return task.name
    for name, (kind, labels) in loaded.heads.items():
        same_labels = kind.labels_are_positions or labels == task.label_names
        if kind is task.kind and same_labels:
            return name
    has = "; ".join(
        f"{name} ({kind.name}: {', '.join(labels[:8])})"
        for name, (kind, labels) in loaded.heads.items()
    )
    raise UsageError(
        f"{loaded.run.name} has no head for {task.name} ({task.kind.name}: "
        f"{', '.join(task.label_names[:8])}); it has {has or 'none at all'}."
    )


def languages_of(task: Task, on: On) -> tuple[str, ...]:
    """Those that were asked for, else all of the task's benchmarks."""
    for lang in on.languages:
        if lang not in task.all_languages:
            raise unknown(f"language of {task.name}", lang, task.all_languages)
    benchmark = dict.fromkeys(lang for langs in task.languages.values() for lang in langs)
    return on.languages or tuple(benchmark) or (task.train_language,)


def read_languages(
    task: Task, split: str, languages: tuple[str, ...], on: On, settings: Settings
) -> dict[str, Rows]:
    """The labelled rows of every language; all are read and checked before a model is loaded."""
    return {lang: rows_of(task, split, lang, on, settings) for lang in languages}


def rows_of(task: Task, split: str, lang: str, on: On, settings: Settings) -> Rows:
    """The labelled rows of one language."""
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
