"""The rows of a task, wherever they are."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from xtk.core.errors import UsageError, XtkError, unknown
from xtk.data import fetched
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

Found = tuple[LocalSource, tuple[DataFile, ...]]


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


def read_files(
    task: Task, paths: Sequence[Path], *, lang: str | None = None, skip_bad_rows: int = 0
) -> Rows:
    """The examples of a user's own files in a format of the task's official files.

    They are in `lang`, the training language if none is given; it picks the rows of files that mix
    several languages.
    """
    parts: list[Rows] = []
    lang = task.train_language if lang is None else lang
    for path in paths:
        file = named(path)
        layout = _layout_of(task, file, lang)
        rows = collect(
            _items(layout, file, lang),
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
) -> Found | None:
    """The first layout of `local` or `sample` whose files are there, with them.

    Rows fetched from the Hub are a layout of `local` too, the last one.
    """
    layouts = serving_layouts(task, source, split, lang)
    if source == LOCAL:
        layouts += fetched_layouts(task, split, lang)
    return first_found(layouts, split, lang, (SAMPLES,) if source == SAMPLE else roots)


def serving_layouts(task: Task, source: str, split: str, lang: str) -> list[LocalSource]:
    """The declared layouts of `local` or `sample` in which a split may be."""
    layouts = [s for s in task.sources.get(source, ()) if isinstance(s, LocalSource)]
    return [layout for layout in layouts if layout.serves(split, lang)]


def fetched_layouts(task: Task, split: str, lang: str) -> list[LocalSource]:
    """The layout in which 'xtk data fetch' leaves a split, where the Hub has it."""
    hub = hub_source(task, split, lang)
    return [] if hub is None else [fetched.layout(hub, split, lang)]


def first_found(
    layouts: Sequence[LocalSource], split: str, lang: str, roots: Sequence[Path]
) -> Found | None:
    """The first of the layouts that has all files of a split, with them."""
    for layout in layouts:
        files = layout.find(split, lang, roots)
        if files:
            return layout, files
    return None


def first_absent(
    layouts: Sequence[LocalSource], split: str, lang: str, roots: Sequence[Path]
) -> tuple[Path, ...]:
    """The files that a split lacks, where the others of the same layout are there."""
    found = (layout.absent(split, lang, roots) for layout in layouts)
    return next((absent for absent in found if absent), ())


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
    return read_layout(layout, files, split, lang, source=source, skip_bad_rows=skip_bad_rows)


def read_layout(
    layout: LocalSource,
    files: Sequence[DataFile],
    split: str,
    lang: str,
    *,
    source: str,
    skip_bad_rows: int = 0,
) -> Rows:
    """The examples of a split from the files that a layout found."""
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


def _items(layout: LocalSource, file: DataFile, lang: str) -> Iterator[Item]:
    """All rows of a file, whatever split it is."""
    whole = replace(layout, parts={})
    return whole.items((file,), next(iter(layout.files)), lang)


def _layout_of(task: Task, file: DataFile, lang: str) -> LocalSource:
    """The layout whose file ending and columns a file has; the first of that ending if none has."""
    parts = parts_of(task)
    declared = [source for part in parts for source in part.sources.get(LOCAL, ())]
    layouts = [source for source in declared if isinstance(source, LocalSource)]
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
            items = _items(layout, file, lang)
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
    layouts = serving_layouts(task, source, split, lang)
    if source == SAMPLE or not layouts:
        return XtkError(f"{what} is not in source {source}; {' or '.join(ways) or 'none has it'}.")
    names = [" ".join(names) for layout in layouts for names in layout.names(split, lang)]
    places = list(dict.fromkeys(place for layout in layouts for place in layout.places(roots)))
    if any(layout.root is None for layout in layouts):
        ways.insert(0, f"put the files of {task.homepage} there and name the folder in XTK_DATA")
        ways.insert(1, "name your own with --train-file and --dev-file")
    else:
        ways.insert(0, "put the files there")
    if HUB in others:
        ways.append(f"fetch them once with 'xtk data fetch {task.name}'")
    absent = ", ".join(map(str, first_absent(layouts, split, lang, roots)))
    lacking = f"All of a set are there but {absent}. " if absent else ""
    return XtkError(
        f"{what} was not found. Searched {_places(places)} for {'; '.join(names)}. {lacking}"
        f"Either {', or '.join(ways)}."
    )


def _offers(task: Task, source: str, split: str, lang: str, roots: Sequence[Path]) -> bool:
    if source == HUB:
        return hub_source(task, split, lang) is not None
    return local_files(task, source, split, lang, roots) is not None


def _places(roots: Sequence[Path]) -> str:
    return ", ".join(str(root) for root in roots) or "no folder (XTK_DATA is not set)"
