"""What a task of one's own looks like from inside: its rows, labels and hashes, before a run."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from xtk.core.errors import XtkError
from xtk.data.hub import hub_name
from xtk.data.rows import Example
from xtk.data.sources import LABELLED, Rows, labels_or_error
from xtk.data.tags import UNSEEN
from xtk.kinds.choice import ChoiceExample
from xtk.kinds.classification import PairExample
from xtk.kinds.span import SpanExample
from xtk.kinds.tagging import TaggedExample
from xtk.tasks.labels import has_open_labels, learned_labels, with_labels
from xtk.tasks.own import needed_languages
from xtk.tasks.reading import (
    first_absent,
    first_found,
    hub_source,
    read_layout,
    read_split,
    serving_layouts,
)
from xtk.tasks.task import HUB, LOCAL, TRAIN, VALIDATION, Task

_LONGEST = 160  # characters of the first example


@dataclass(frozen=True, kw_only=True)
class Seen:
    """One split in one language, as it is read."""

    split: str
    lang: str
    source: str  # local, or hub: that is named and not read
    files: tuple[str, ...] = ()
    rows: int = 0
    left_out: int = 0
    labels: str = ""  # labelled, unlabelled or placeholder
    counts: Mapping[str, int] = field(default_factory=dict)  # of labels, tags or answers
    majority: float | None = None  # percent of the most frequent one
    first: str = ""  # the first example
    sha256: str = ""
    problem: str = ""


def see(task: Task) -> Iterator[Seen]:
    """Every split and language of a task with files of its own; nothing is fetched.

    What is not there is a problem where a run would need it.
    """
    task = _closed(task)
    for split in task.splits:
        for lang in task.all_languages:
            seen = _seen(task, split, lang)
            if seen is not None:
                yield seen


def _closed(task: Task) -> Task:
    """The task with the labels of its training rows, where it names none."""
    if not has_open_labels(task):
        return task
    lang = task.train_language
    try:
        names = learned_labels(
            task, lambda opened: read_split(opened, TRAIN, lang, source=LOCAL, roots=())
        )
    except XtkError:  # said again where these rows are read
        return task
    return with_labels(task, names)


def _seen(task: Task, split: str, lang: str) -> Seen | None:
    layouts = serving_layouts(task, LOCAL, split, lang)
    seen = Seen(split=split, lang=lang, source=LOCAL)
    try:
        found = first_found(layouts, split, lang, ())
        if found is None:
            absent = first_absent(layouts, split, lang, ())
            return _not_there(task, seen, ", ".join(map(str, absent)))
        rows = read_layout(*found, split, lang, source=LOCAL)
        if split in (TRAIN, VALIDATION):
            labels_or_error(rows)
    except XtkError as error:
        return replace(seen, problem=str(error))
    return _described(task, seen, rows)


def _not_there(task: Task, seen: Seen, beside: str) -> Seen | None:
    hub = hub_source(task, seen.split, seen.lang)
    if hub is not None and not beside:
        return replace(seen, source=HUB, files=(hub_name(hub, seen.lang),))
    if seen.lang not in needed_languages(task, seen.split) and not beside:
        return None
    layouts = serving_layouts(task, LOCAL, seen.split, seen.lang)
    names = {
        str(place / name)
        for layout in layouts
        for names in layout.names(seen.split, seen.lang)
        for place in layout.places(())
        for name in names
    }
    return replace(seen, problem=f"There is no file {beside or ' or '.join(sorted(names))}.")


def _described(task: Task, seen: Seen, rows: Rows) -> Seen:
    counts = Counter(name for e in rows.examples for name in _names(e, task.label_names))
    total = counts.total()
    return replace(
        seen,
        files=rows.files,
        rows=rows.rows_read,
        left_out=rows.left_out,
        labels=rows.labels,
        counts=dict(counts.most_common()),
        majority=100 * max(counts.values()) / total if rows.labels == LABELLED and total else None,
        first=_shown(rows.examples[0], task.label_names),
        sha256=rows.sha256,
    )


def _names(example: Example, names: tuple[str, ...]) -> list[str]:
    """What an example adds to the distribution of labels."""
    if example.label is None:
        return ["no label"]
    if isinstance(example, PairExample | ChoiceExample):
        return [names[example.label]]
    if isinstance(example, TaggedExample):
        return [_tag(tag, names) for tag in example.tags or ()]
    return ["answered" if example.label else "without answer"]


def _tag(tag: int, names: tuple[str, ...]) -> str:
    return "(not in training)" if tag == UNSEEN else names[tag]


def _shown(example: Example, names: tuple[str, ...]) -> str:
    """An example as one line."""
    if isinstance(example, TaggedExample):
        tags = [f"/{_tag(tag, names)}" for tag in example.tags or ()]
        pairs = zip(example.tokens, tags or [""] * len(example.tokens), strict=True)
        text = " ".join(token + tag for token, tag in pairs)
    elif isinstance(example, SpanExample):
        answers = [answer for _, answer in example.answers or ()]
        text = f"{example.question} | {example.context} | {' / '.join(answers)}"
    elif isinstance(example, PairExample):
        texts = [example.first] if example.second is None else [example.first, example.second]
        text = " | ".join([*texts, *_names(example, names)])
    elif isinstance(example, ChoiceExample):
        text = " | ".join([example.context, *example.choices, *_names(example, names)])
    else:
        text = example.text
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 3]}..."
