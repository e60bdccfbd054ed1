"""Where the rows of a task of one's own are: the words of LocalSource, HubSource and columns."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from xtk.data.files import DataFile
from xtk.data.formats import AS_IT_SAYS, Form, read_table
from xtk.data.sources import Counts, HubSource, LocalSource, Source
from xtk.tasks.marked import Marks, build, nearest
from xtk.tasks.shapes import Reader, Shape
from xtk.tasks.task import HUB, LOCAL, TRAIN, VALIDATION

_SPLIT = re.compile(r"[a-z][a-z0-9_]{0,63}")
_DATASET = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
_OF_THE_HUB = re.compile(r"[A-Za-z0-9{][\w.{}-]*", re.ASCII)  # a configuration or a split there
_LANG, _CALLED = "lang", "name"

Templates = Mapping[str, tuple[str, ...]]


def _same_splits() -> Templates:
    return {TRAIN: (TRAIN,), VALIDATION: (VALIDATION,)}


@dataclass(frozen=True, kw_only=True)
class Local:
    """Files on this machine, by split, or by split and language."""

    folders: tuple[str, ...] = ("",)
    files: Mapping[str, tuple[str, ...] | Templates]
    columns: yaml.Node | None = None
    form: Form = AS_IT_SAYS
    read: str = ""
    where: Mapping[str, str] = field(default_factory=dict)
    called: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    language: str = ""
    rows: Counts = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Hub:
    """A data set on the Hub."""

    dataset: str
    config: str = "default"
    revision: str
    splits: Templates = field(default_factory=_same_splits)
    columns: yaml.Node | None = None
    rows: Counts = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    begins: Mapping[str, str] = field(default_factory=dict)
    language: str = ""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """One layout or data set, or a list of them."""

    local: tuple[Local, ...] = ()
    hub: tuple[Hub, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Around:
    """What the sources of a task have in common."""

    shape: Shape | None  # None where the kind is not known
    label_names: tuple[str, ...]
    language: str  # of training
    folder: Path  # of the YAML file
    marks: Marks


def sources_of(declared: Sources, around: Around) -> dict[str, tuple[Source, ...]]:
    """The sources as the package has them; what is wrong with them is told."""
    if not declared.local and not declared.hub:
        around.marks.say("sources", "expected the key local or hub")
    sources: dict[str, tuple[Source, ...]] = {}
    if declared.local:
        keys = _keys("sources.local", len(declared.local), around.marks)
        pairs = zip(declared.local, keys, strict=True)
        sources[LOCAL] = tuple(s for local, key in pairs for s in _layouts(local, key, around))
    if declared.hub:
        keys = _keys("sources.hub", len(declared.hub), around.marks)
        sources[HUB] = tuple(_hub(h, k, around) for h, k in zip(declared.hub, keys, strict=True))
    return sources


def _keys(key: str, count: int, marks: Marks) -> list[str]:
    """The keys of a list, or of the one value that stands in its place."""
    listed = [f"{key}[{place}]" for place in range(1, count + 1)]
    return listed if listed[0] in marks.lines else [key]


def _layouts(local: Local, key: str, around: Around) -> Iterator[LocalSource]:
    """A layout for each split, and for each language where files are named by language."""
    columns = _columns(local.columns, key, around)
    _check_splits(local.files, f"{key}.files", around.marks)
    for name, value in (("parts", local.parts), ("rows", local.rows)):
        _check_known(value, local.files, f"{key}.{name}", around.marks)
    _check_counts(local.rows, f"{key}.rows", around.marks)
    for split, (start, stop) in (p for p in local.parts.items() if len(p[1]) == 2):
        if not 0 <= start < stop:
            around.marks.say(f"{key}.parts.{split}", f"expected rows, found {start} to {stop}")
    for column, text in local.where.items():
        _check_template(text, {_LANG}, f"{key}.where.{column}", around.marks)
    language = local.language or around.language
    for split, files in local.files.items():
        by_language = files if isinstance(files, Mapping) else {language: files}
        for lang, names in by_language.items():
            at = f"{key}.files.{split}{f'.{lang}' if by_language is files else ''}"
            yield LocalSource(
                folders=local.folders or ("",),
                files={split: names},
                columns=columns,
                form=local.form,
                read=_reader(local, names, at, around),
                where=local.where,
                parts={k: v for k, v in local.parts.items() if k == split},
                language=lang,
                called=local.called,
                root=around.folder,
                rows={k: v for k, v in local.rows.items() if k == split},
            )


def _reader(local: Local, names: Sequence[str], key: str, around: Around) -> Reader:
    """How the files of a split are read: as `read` says, or as their ending does."""
    shape, marks = around.shape, around.marks
    if not names:
        marks.say(key, "expected the name of a file, found none")
    for name in names:
        _check_template(name, {_LANG, _CALLED} if local.called else {_LANG}, key, marks)
    if shape is None or not names:
        return read_table
    if local.read:
        at = f"{key[: key.index('.files')]}.read"
        if local.read not in shape.other_readers:
            known = list(shape.other_readers) or ["no such key for this kind"]
            marks.say(at, nearest("one of", local.read, known))
        return shape.other_readers.get(local.read, read_table)
    readers = [_by_ending(shape, DataFile(Path(name)).suffix) for name in names]
    for name, reader in zip(names, readers, strict=True):
        if reader is None:
            endings = ", ".join(shape.readers)
            marks.say(key, f"expected a file ending in one of {endings}, found '{name}'")
        elif reader is not readers[0]:
            marks.say(key, "expected files of one form, found several endings")
    return readers[0] or read_table


def _by_ending(shape: Shape, ending: str) -> Reader | None:
    return shape.readers.get(ending, shape.readers.get(""))


def _hub(hub: Hub, key: str, around: Around) -> HubSource:
    marks = around.marks
    if not _DATASET.fullmatch(hub.dataset):
        marks.say(f"{key}.dataset", f"expected owner/name, found '{hub.dataset}'")
    if not _COMMIT.fullmatch(hub.revision):
        found = f"found '{hub.revision}'"
        marks.say(f"{key}.revision", f"expected a whole commit, 40 hexadecimal digits, {found}")
    _check_name_there(hub.config, f"{key}.config", marks)
    _check_template(hub.config, {_LANG, _CALLED}, f"{key}.config", marks)
    _check_splits(hub.splits, f"{key}.splits", marks)
    for split, names in hub.splits.items():
        if not names:
            marks.say(f"{key}.splits.{split}", "expected the name of a split there, found none")
        for name in names:
            _check_name_there(name, f"{key}.splits.{split}", marks)
    _check_known(hub.rows, hub.splits, f"{key}.rows", marks)
    _check_counts(hub.rows, f"{key}.rows", marks)
    for column, text in hub.begins.items():
        _check_template(text, {_LANG, _CALLED}, f"{key}.begins.{column}", marks)
    return HubSource(
        dataset=hub.dataset,
        config=hub.config,
        revision=hub.revision,
        splits=hub.splits,
        columns=_columns(hub.columns, key, around),
        rows=hub.rows,
        names=hub.names,
        begins=hub.begins,
        language=hub.language or around.language,
    )


def _columns(node: yaml.Node | None, key: str, around: Around) -> Any:
    """The columns of the kind; the label names are the codes where none are given."""
    shape, marks, key = around.shape, around.marks, f"{key}.columns"
    if shape is None:
        return None
    if node is None:
        line = marks.line(key) - 1
        mark = yaml.Mark("", 0, line, 0, None, 0)
        node = yaml.MappingNode("tag:yaml.org,2002:map", [], mark, mark)
    given = {"codes": around.label_names} if shape.has_label_names else {}
    columns = build(node, shape.columns, key, marks, given)
    codes = columns.codes
    if not marks.is_good(key) or not marks.is_good("label_names"):
        return columns
    if len(codes) != len(around.label_names):
        expected = f"expected {len(around.label_names)} codes, one for each of the label names"
        marks.say(f"{key}.codes", f"{expected}, found {len(codes)}")
    for code in [code for code, count in Counter(codes).items() if count > 1]:
        marks.say(f"{key}.codes", f"expected each code once, found '{code}' twice")
    for code in set(codes) & set(columns.unlabelled):
        marks.say(f"{key}.unlabelled", f"'{code}' is the code of a label too")
    if getattr(columns, "choices", None) == ():
        marks.say(f"{key}.choices", "expected a column or more, found none")
    return columns


def _check_splits(splits: Collection[str], key: str, marks: Marks) -> None:
    if not splits:
        marks.say(key, "expected a split or more, as train, found none")
    for split in splits:
        if not _SPLIT.fullmatch(split):
            marks.say(f"{key}.{split}", "expected a split in small letters, as validation")


def _check_known(splits: Collection[str], known: Collection[str], key: str, marks: Marks) -> None:
    for split in splits:
        if split not in known:
            marks.say(f"{key}.{split}", nearest("one of the splits", split, list(known)))


def _check_counts(rows: Counts, key: str, marks: Marks) -> None:
    for split, count in rows.items():
        counts = [count] if isinstance(count, int) else list(count.values())
        if any(number < 1 for number in counts):
            marks.say(f"{key}.{split}", f"expected 1 row or more, found {min(counts)}")


def _check_name_there(name: str, key: str, marks: Marks) -> None:
    """A configuration or a split of the Hub, which becomes a file's name when it is fetched."""
    if not _OF_THE_HUB.fullmatch(name):
        marks.say(key, f"expected a name of letters, digits and . _ -, found '{name}'")
    elif name.startswith("partial-"):
        marks.say(key, f"'{name}' is only a part of a split; take another data set or revision")


def _check_template(text: str, known: Collection[str], key: str, marks: Marks) -> None:
    """Only {lang} and {name} may stand in braces."""
    try:
        for _, name, form, conversion in Formatter().parse(text):
            if name is not None and (name not in known or form or conversion):
                raise ValueError(f"{{{name}}}")
    except ValueError as error:
        places = " or ".join(f"{{{name}}}" for name in sorted(known))
        marks.say(key, f"expected no braces but those of {places}, found '{text}' ({error})")
