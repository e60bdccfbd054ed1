"""What is there of a task's data, and whether it is what its owner published."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xtk.core.errors import XtkError
from xtk.tasks.reading import hub_source, local_files, parts_of, read_split
from xtk.tasks.task import LOCAL, SAMPLE, Task


@dataclass(frozen=True)
class Finding:
    """One split in one language from one source."""

    task: str
    source: str
    split: str
    lang: str
    files: tuple[str, ...]
    rows: int  # as read, with those left out
    official_rows: int | None  # None where the owner's number is not known, and for samples
    left_out: int
    labels: str  # labelled, unlabelled or placeholder
    sha256: str
    problem: str = ""  # why it cannot be read

    @property
    def official(self) -> bool:
        """Whether there are as many rows as the owner published."""
        return not self.problem and self.rows == self.official_rows


def check(
    task: Task, *, roots: Sequence[Path], sources: Sequence[str] = (LOCAL, SAMPLE)
) -> Iterator[Finding]:
    """Read everything that is there; what is not there gives no finding."""
    for part in parts_of(task):
        for source in sources:
            for split in part.splits:
                for lang in part.all_languages:
                    if local_files(part, source, split, lang, roots):
                        yield _finding(part, source, split, lang, roots)


def _finding(task: Task, source: str, split: str, lang: str, roots: Sequence[Path]) -> Finding:
    hub = hub_source(task, split, lang)
    official = hub.rows.get(split) if hub and source == LOCAL else None
    try:
        rows = read_split(task, split, lang, source=source, roots=roots)
    except XtkError as error:
        return Finding(task.name, source, split, lang, (), 0, official, 0, "", "", str(error))
    return Finding(
        task=task.name,
        source=source,
        split=split,
        lang=lang,
        files=rows.files,
        rows=rows.rows_read,
        official_rows=official,
        left_out=rows.left_out,
        labels=rows.labels,
        sha256=rows.sha256,
    )
