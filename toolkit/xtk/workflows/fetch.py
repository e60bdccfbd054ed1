"""Data for machines without a network: the Hub's splits into a folder that `local` reads."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from xtk.core.errors import UsageError, XtkError, unknown
from xtk.core.progress import Reporter, Silent
from xtk.core.settings import Settings
from xtk.data import fetched, hub
from xtk.data.sources import HubSource
from xtk.tasks.catalogue import find
from xtk.tasks.reading import fetched_layouts, hub_source, parts_of, read_layout
from xtk.tasks.task import LOCAL, Task


@dataclass(frozen=True, kw_only=True)
class Fetched:
    """One split in one language, as `local` reads it from the folder."""

    task: str
    split: str
    lang: str
    files: tuple[str, ...]
    rows: int
    official_rows: int | None  # None where the owner's number is not known
    sha256: str  # of the examples, as 'xtk data check' and runs tell it
    is_new: bool  # False: all of it was there already


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of a task is fetched; nothing named is all that the Hub has."""

    languages: tuple[str, ...] = ()
    splits: tuple[str, ...] = ()
    out: Path | None = None  # None: the first folder of XTK_DATA


def fetch(
    tasks: Sequence[str],
    wanted: Wanted | None = None,
    *,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> Iterator[Fetched]:
    """Fetch what is not there yet; what is there is read through and stays.

    Names are checked before anything is fetched. A split that has another number of rows than its
    owner published is an error.
    """
    wanted, settings = wanted or Wanted(), settings or Settings.of()
    found = [find(name) for name in tasks]
    if not found:
        raise UsageError("Name the tasks to fetch; 'xtk tasks' lists them.")
    places = [place for task in found for place in _places(task, wanted)]
    folder = _folder(wanted, settings)
    once = {(place.task.name, place.split, place.lang): place for place in places}
    return _fetched(list(once.values()), folder, report or Silent())


@dataclass(frozen=True)
class _Place:
    """A split in one language, and the data set that has it."""

    task: Task
    split: str
    lang: str
    source: HubSource


def _fetched(places: Sequence[_Place], folder: Path, report: Reporter) -> Iterator[Fetched]:
    for place in places:
        is_new = _complete(place, folder, report)
        try:
            yield _read(place, folder, is_new=is_new)
        except XtkError:
            if is_new:  # it would only be found there and be refused again
                fetched.remove(place.source, place.split, place.lang, folder)
            raise


def _complete(place: _Place, folder: Path, report: Reporter) -> bool:
    """Fetch what is missing of a place; whether anything was."""
    source, config, is_new = place.source, place.source.config_of(place.lang), False
    parts = source.splits[place.split]
    is_all = len(parts) == 1 and not source.begins  # so that the official number is the file's
    expected = source.count(place.split, place.lang) if is_all else None
    for part in parts:
        with fetched.alone(folder):
            if not fetched.is_there(source, config, part, folder):
                is_new = True
                report.note(f"  {place.task.name}: {hub.hub_name(source, place.lang)}/{part}")
                rows = hub.load(source, config, part)
                fetched.save(source, config, part, rows, folder, expected=expected)
    return is_new


def _read(place: _Place, folder: Path, *, is_new: bool) -> Fetched:
    """What a run will read; the number of rows is checked on the way."""
    (layout,) = fetched_layouts(place.task, place.split, place.lang)
    files = layout.find(place.split, place.lang, (folder,))
    rows = read_layout(layout, files, place.split, place.lang, source=LOCAL)
    return Fetched(
        task=place.task.name,
        split=place.split,
        lang=place.lang,
        files=rows.files,
        rows=rows.rows_read,
        official_rows=place.source.count(place.split, place.lang),
        sha256=rows.sha256,
        is_new=is_new,
    )


def _folder(wanted: Wanted, settings: Settings) -> Path:
    if wanted.out is not None:
        return wanted.out.expanduser().absolute()
    if not settings.data_roots:
        raise UsageError("Name the folder with --out, or set XTK_DATA: its first folder is taken.")
    return settings.data_roots[0]


def _places(task: Task, wanted: Wanted) -> list[_Place]:
    """The splits and languages that the Hub has of a task and its parts."""
    for lang in wanted.languages:
        if lang not in task.all_languages:
            raise unknown(f"language of {task.name}", lang, task.all_languages)
    for split in wanted.splits:
        if split not in task.splits:
            raise unknown(f"split of {task.name}", split, task.splits)
    places = [
        _Place(part, split, lang, source)
        for part in parts_of(task)
        for split in wanted.splits or part.splits
        for lang in wanted.languages or part.all_languages
        if (source := hub_source(part, split, lang)) is not None
    ]
    if not places:
        where = f"; its files: {task.homepage}" if task.homepage else ""
        raise XtkError(f"The Hub has nothing of what was asked for of {task.name}{where}.")
    return places
