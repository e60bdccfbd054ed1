"""Label names that a task does not declare: those of a run's own training rows."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from xtk.data.sources import Rows, Source
from xtk.data.tags import UNSEEN, TagColumns, TagNames
from xtk.kinds.tagging import TaggedExample
from xtk.tasks.task import Task


def has_open_labels(task: Task) -> bool:
    """Whether the label names must be learned before rows can be read as examples."""
    return not task.label_names and bool(_open_columns(task))


def learned_labels(task: Task, read: Callable[[Task], Rows]) -> tuple[str, ...]:
    """The tags of the training rows in the order of their letters.

    `read` reads those rows of the task that it is given, whose examples have the tags of a sentence
    in the place of its tokens.
    """
    rows = read(_changed(task, _names_only))
    tags = {tag for e in rows.examples if isinstance(e, TaggedExample) for tag in e.tokens}
    return tuple(sorted(tags))


def with_labels(task: Task, names: Sequence[str]) -> Task:
    """The task with its open set of labels closed to these; others are read as UNSEEN."""
    if not has_open_labels(task):
        return task
    codes = tuple(names)
    closed = _changed(task, lambda columns: replace(columns, codes=codes, is_open=True))
    return replace(closed, label_names=codes)


def unseen(rows: Rows) -> int:
    """How many tags training had none of: no prediction can be right there."""
    tags = [e.tags for e in rows.examples if isinstance(e, TaggedExample) and e.tags is not None]
    return sum(tag == UNSEEN for several in tags for tag in several)


def _open_columns(task: Task) -> list[TagColumns]:
    sources = [source for several in task.sources.values() for source in several]
    columns = [s.columns for s in sources if isinstance(s.columns, TagColumns)]
    return [each for each in columns if not each.codes]


def _names_only(columns: TagColumns) -> TagNames:
    return TagNames(columns.tags)


def _changed(task: Task, change: Callable[[TagColumns], TagColumns | TagNames]) -> Task:
    def changed(source: Source) -> Source:
        columns = source.columns
        return (
            replace(source, columns=change(columns)) if isinstance(columns, TagColumns) else source
        )

    sources = {name: tuple(map(changed, several)) for name, several in task.sources.items()}
    return replace(task, sources=sources)
