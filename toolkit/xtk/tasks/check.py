"""What is there of a task's data, and whether it is what its owner published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xtk.core.errors import XtkError
from xtk.data.sources import PLACEHOLDER, Rows
from xtk.tasks.reading import absent_files, hub_source, local_files, parts_of, read_split
from xtk.tasks.task import LOCAL, SAMPLE, Task


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One split in one language from one source."""

    task: str
    source: str
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
    def official(self) -> bool:
        """Whether there are as many rows as the owner published."""
        return not self.problem and self.rows == self.official_rows


def check(
    task: Task, *, roots: Sequence[Path], sources: Sequence[str] = (LOCAL, SAMPLE)
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
    hub = hub_source(task, split, lang)
    official = hub.count(split, lang) if hub and source == LOCAL else None
    finding = Finding(task=task.name, source=source, split=split, lang=lang, official_rows=official)
    try:
        if local_files(task, source, split, lang, roots) is None:
            absent = absent_files(task, source, split, lang, roots)
            missing = f"not there, beside the others: {', '.join(map(str, absent))}"
            return replace(finding, problem=missing) if absent else None
        rows = read_split(task, split, lang, source=source, roots=roots)
    except XtkError as error:
        return replace(finding, problem=str(error))
    return replace(
        finding,
        files=rows.files,
        rows=rows.rows_read,
        left_out=rows.left_out,
        labels=rows.labels,
        sha256=rows.sha256,
        note=_note(rows, official),
    )


def _note(rows: Rows, official: int | None) -> str:
    notes = []
    if official is not None and official != rows.rows_read:
        notes.append(f"{rows.rows_read:,} rows where the owner published {official:,}")
    if rows.labels == PLACEHOLDER:
        label = rows.examples[0].label
        notes.append(f"every label is {label}, a placeholder: no score against it means anything")
    return "; ".join(notes)
