"""What is there of a task's data, and whether it is what its owner published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xtk.core.errors import XtkError
from xtk.data.sources import PLACEHOLDER, SAMPLES, LocalSource, Rows
from xtk.tasks.reading import (
    fetched_layouts,
    first_absent,
    first_found,
    hub_source,
    parts_of,
    read_layout,
    serving_layouts,
)
from xtk.tasks.task import LOCAL, SAMPLE, Task

FETCHED = "fetched"  # what 'xtk data fetch' left; `local` reads it where no other files are


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One split in one language from one source."""

    task: str
    source: str  # local, sample or fetched
    split: str
    lang: str
    official_rows: int | None  # None where the owner's number is not known, and for samples
    files: tuple[str, ...] = ()
    rows: int = 0  # as read, with those left out
    left_out: int = 0
    labels: str = ""  # labelled, unlabelled or placeholder
    sha256: str = ""
    problem: str = ""  # why it cannot be read
    note: str = ""  # what a reader of its scores must know, although it can be read

    @property
    def official(self) -> bool | None:
        """Whether there are as many rows as the owner published, None where that is not known."""
        if self.official_rows is None:
            return None
        return not self.problem and self.rows == self.official_rows


def check(
    task: Task, *, roots: Sequence[Path], sources: Sequence[str] = (LOCAL, SAMPLE, FETCHED)
) -> Iterator[Finding]:
    """Read everything that is there; a split of which nothing is there gives no finding."""
    for part in parts_of(task):
        for source in sources:
            for split in part.splits:
                for lang in part.all_languages:
                    found = _finding(part, source, split, lang, roots)
                    if found is not None:
                        yield found


def _finding(
    task: Task, source: str, split: str, lang: str, roots: Sequence[Path]
) -> Finding | None:
    finding = Finding(task=task.name, source=source, split=split, lang=lang, official_rows=None)
    roots = (SAMPLES,) if source == SAMPLE else roots
    layouts = serving_layouts(task, source, split, lang)
    if source == FETCHED:
        layouts = fetched_layouts(task, split, lang)
    try:
        found = first_found(layouts, split, lang, roots)
        if found is None:
            absent = first_absent(layouts, split, lang, roots)
            missing = f"not there, beside the others: {', '.join(map(str, absent))}"
            return replace(finding, problem=missing) if absent else None
        layout, files = found
        finding = replace(finding, official_rows=_official(task, layout, source, split, lang))
        rows = read_layout(layout, files, split, lang, source=source)
    except XtkError as error:
        return replace(finding, problem=str(error))
    return replace(
        finding,
        files=rows.files,
        rows=rows.rows_read,
        left_out=rows.left_out,
        labels=rows.labels,
        sha256=rows.sha256,
        note=_note(rows, finding.official_rows),
    )


def _official(task: Task, layout: LocalSource, source: str, split: str, lang: str) -> int | None:
    """The owner's number: that of the layout, or of the Hub."""
    if source == SAMPLE:
        return None
    own = None if source == FETCHED else layout.count(split, lang)
    hub = hub_source(task, split, lang)
    return hub.count(split, lang) if own is None and hub else own


def _note(rows: Rows, official: int | None) -> str:
    notes = []
    if official is not None and official != rows.rows_read:
        notes.append(f"{rows.rows_read:,} rows where the owner published {official:,}")
    if rows.labels == PLACEHOLDER:
        label = rows.examples[0].label
        notes.append(f"every label is {label}, a placeholder: no score against it means anything")
    return "; ".join(notes)
