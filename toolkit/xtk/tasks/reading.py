"""The rows of a task, wherever they are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from xtk.core.errors import UsageError, XtkError, unknown
from xtk.data.files import DataFile, named
from xtk.data.formats import Item
from xtk.data.hub import hub_items, hub_name
from xtk.data.rows import Record, fits
from xtk.data.sources import SAMPLES, HubSource, LocalSource, Rows, collect, joined
from xtk.tasks.catalogue import find
from xtk.tasks.task import HUB, LOCAL, SAMPLE, Task

AUTO = "auto"
SOURCES = (AUTO, HUB, LOCAL, SAMPLE)
_FILE = "file"


def read_split(
    task: Task,
    split: str,
    lang: str,
    *,
    source: str,
    roots: Sequence[Path],
    skip_bad_rows: int = 0,
) -> Rows:
    """The examples of one split in one language.

    `source` is hub, local (official files below `roots`), sample (embedded rows), or auto: local if
    its files are there, else sample, else hub. Up to `skip_bad_rows` bad rows are left out.
    """
    _check_names(task, split, lang, source)
    chosen = _first_with_files(task, split, lang, roots) if source == AUTO else source
    rows: list[Rows] = []
    for part in parts_of(task):
        allowed = skip_bad_rows - sum(len(r.skipped) for r in rows)
        try:
            rows.append(_read(part, split, lang, chosen, roots, allowed))
        except XtkError as error:
            if source == AUTO and chosen == HUB:
                places = _places(roots)
                raise XtkError(f"{error} No local files of {part.name} in {places}.") from error
            raise
    return joined(rows)


def read_files(task: Task, paths: Sequence[Path], *, skip_bad_rows: int = 0) -> Rows:
    """The examples of a user's own files in a format of the task's official files."""
    parts: list[Rows] = []
    for path in paths:
        file = named(path)
        layout = _layout_of(task, file)
        rows = collect(
            _items(layout, file, task.train_language),
            layout.columns,
            source=_FILE,
            files=(str(file),),
            skip_bad_rows=skip_bad_rows - sum(len(part.skipped) for part in parts),
        )
        parts.append(rows)
    if not parts:
        raise UsageError(f"No file was named for {task.name}.")
    return joined(parts)


def parts_of(task: Task) -> tuple[Task, ...]:
    """The tasks whose rows make up this one: itself, if it has no parts."""
    return tuple(find(name) for name in task.parts) or (task,)


def local_files(
    task: Task, source: str, split: str, lang: str, roots: Sequence[Path]
) -> tuple[LocalSource, tuple[DataFile, ...]] | None:
    """The first layout of `local` or `sample` whose files are there, with them."""
    for layout in _layouts(task, source):
        if layout.serves(split, lang):
            files = layout.find(split, lang, (SAMPLES,) if source == SAMPLE else roots)
            if files:
                return layout, files
    return None


def absent_files(
    task: Task, source: str, split: str, lang: str, roots: Sequence[Path]
) -> tuple[Path, ...]:
    """The files that a split lacks, where the others of the same layout are there."""
    for layout in _layouts(task, source):
        if layout.serves(split, lang):
            absent = layout.absent(split, lang, (SAMPLES,) if source == SAMPLE else roots)
            if absent:
                return absent
    return ()


def hub_source(task: Task, split: str, lang: str) -> HubSource | None:
    """The data set on the Hub that has this split in this language."""
    for candidate in task.sources.get(HUB, ()):
        if isinstance(candidate, HubSource) and candidate.serves(split, lang):
            return candidate
    return None


def _read(
    task: Task, split: str, lang: str, source: str, roots: Sequence[Path], skip_bad_rows: int
) -> Rows:
    if source == HUB:
        hub = hub_source(task, split, lang)
        if hub is None:
            raise _missing(task, split, lang, source, roots)
        name = hub_name(hub, lang)
        return collect(
            hub_items(hub, split, lang),
            hub.columns,
            source=source,
            files=(name,),
            skip_bad_rows=skip_bad_rows,
        )
    found = local_files(task, source, split, lang, roots)
    if found is None:
        raise _missing(task, split, lang, source, roots)
    layout, files = found
    return collect(
        layout.items(files, split, lang),
        layout.columns,
        source=source,
        files=tuple(str(file) for file in files),
        skip_bad_rows=skip_bad_rows,
    )


def _check_names(task: Task, split: str, lang: str, source: str) -> None:
    if source not in SOURCES:
        raise unknown("source", source, SOURCES)
    if split not in task.splits:
        raise unknown(f"split of {task.name}", split, task.splits)
    if lang not in task.all_languages:
        raise unknown(f"language of {task.name}", lang, task.all_languages)


def _first_with_files(task: Task, split: str, lang: str, roots: Sequence[Path]) -> str:
    """The source for `auto`; all parts of a task come from the same one."""
    parts = parts_of(task)
    for source in (LOCAL, SAMPLE):
        if all(local_files(part, source, split, lang, roots) for part in parts):
            return source
    return HUB if all(hub_source(part, split, lang) for part in parts) else LOCAL


def _layouts(task: Task, source: str) -> list[LocalSource]:
    return [s for s in task.sources.get(source, ()) if isinstance(s, LocalSource)]


def _items(layout: LocalSource, file: DataFile, lang: str) -> Iterator[Item]:
    """All rows of a file, whatever split it is."""
    whole = replace(layout, parts={})
    return whole.items((file,), next(iter(layout.files)), lang)


def _layout_of(task: Task, file: DataFile) -> LocalSource:
    """The layout whose file ending and columns a file has; the first of that ending if none has."""
    parts = parts_of(task)
    layouts = [layout for part in parts for layout in _layouts(part, LOCAL)]
    layouts += [
        LocalSource(folders=("",), files={"": ("rows.jsonl",)}, columns=hub.columns)
        for part in parts
        for hub in part.sources.get(HUB, ())
    ]
    candidates = [layout for layout in layouts if file.suffix in _endings(layout)]
    if not candidates:
        expected = " or ".join(
            sorted({ending for layout in layouts for ending in _endings(layout)})
        )
        raise UsageError(f"{file}: {task.name} is read from files ending in {expected}.")
    for layout in candidates:
        try:
            items = _items(layout, file, task.train_language)
            first = next((item for item in items if isinstance(item, Record)), None)
        except XtkError:
            continue  # another layout may fit
        if first is not None and fits(layout.columns, first):
            return layout
    # none fits: reading with one that asks for no second file says what is wrong with this one
    return next((layout for layout in candidates if not layout.form.labels), candidates[0])


def _endings(layout: LocalSource) -> set[str]:
    return {Path(name).suffix for names in layout.files.values() for name in names}


def _missing(task: Task, split: str, lang: str, source: str, roots: Sequence[Path]) -> XtkError:
    """Where the files were looked for, and how to get them."""
    what = f"{split} of {task.name} in '{lang}'"
    others = [name for name in (LOCAL, SAMPLE, HUB) if _offers(task, name, split, lang, roots)]
    ways = [f"use --source {name}" for name in others]
    layouts = [layout for layout in _layouts(task, source) if layout.serves(split, lang)]
    if source == SAMPLE or not layouts:
        return XtkError(f"{what} is not in source {source}; {' or '.join(ways) or 'none has it'}.")
    names = [" ".join(names) for layout in layouts for names in layout.names(split, lang)]
    ways.insert(0, f"put the files of {task.homepage} there and name the folder in XTK_DATA")
    ways.insert(1, "name your own with --train-file and --dev-file")
    absent = ", ".join(str(path) for path in absent_files(task, source, split, lang, roots))
    lacking = f"All of a set are there but {absent}. " if absent else ""
    return XtkError(
        f"{what} was not found. Searched {_places(roots)} for {'; '.join(names)}. {lacking}"
        f"Either {', or '.join(ways)}."
    )


def _offers(task: Task, source: str, split: str, lang: str, roots: Sequence[Path]) -> bool:
    if source == HUB:
        return hub_source(task, split, lang) is not None
    return local_files(task, source, split, lang, roots) is not None


def _places(roots: Sequence[Path]) -> str:
    return ", ".join(str(root) for root in roots) or "no folder (XTK_DATA is not set)"
