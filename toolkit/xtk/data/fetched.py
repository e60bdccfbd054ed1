"""Splits of the Hub in a folder: fetched where there is a network, read where there is none.

`DIR/hub/<owner--name>/<config>/<split>.jsonl` has the Hub's rows as they are, one a line; a
manifest beside it says what they are. They are read through the columns of the Hub's source, so
that equal rows give equal examples. The .jsonl may be compressed afterwards: its hash is that of
the text.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any

from filelock import FileLock

from xtk.core.errors import XtkError
from xtk.core.files import write_json
from xtk.data.files import DataFile, find
from xtk.data.formats import AS_IT_SAYS, Form, Item, read_table
from xtk.data.hub import in_language
from xtk.data.sources import HubSource, LocalSource

FOLDER = "hub"


@dataclass(frozen=True)
class Manifest:
    """What is told beside the rows of one split."""

    dataset: str
    commit: str
    config: str
    split: str
    rows: int
    sha256: str  # of the lines, each with its line feed


def place(source: HubSource, config: str, split: str) -> str:
    """The file of one of the Hub's splits, below a data root."""
    return f"{_folder(source, config)}/{split}.jsonl"


def layout(source: HubSource, split: str, lang: str) -> LocalSource:
    """The files of a split in one language as a layout of `local`."""
    count = source.count(split, lang)
    return LocalSource(
        folders=(_folder(source, source.config_of(lang)),),
        files={split: tuple(f"{part}.jsonl" for part in source.splits[split])},
        columns=source.columns,
        read=partial(_read, source=source, lang=lang),
        language=lang,
        rows={} if count is None else {split: count},
        is_whole=True,
        arrange=source.arrange,
    )


def is_there(source: HubSource, config: str, split: str, folder: Path) -> bool:
    """Whether a split lies in a folder, whole and at the commit of the source."""
    file = find(folder, place(source, config, split))
    if file is None:
        return False
    try:
        for _ in _verified(file, source, config):
            pass
    except XtkError:
        return False
    return True


def save(
    source: HubSource,
    config: str,
    split: str,
    rows: Iterable[Mapping[str, Any]],
    folder: Path,
    *,
    expected: int | None = None,
) -> Manifest:
    """Write the rows of a split beside their place and put them there when all have come.

    They must be as many as `expected`, where that is known. The manifest comes last: rows without
    one were never told to be whole, and are not read. Only one process may do this at a time, as
    `alone` sees to.
    """
    path = folder / place(source, config, split)
    draft = path.with_name(f".{path.name}.draft")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        count, sha256 = _write(draft, rows, path)
        if expected not in (None, count):
            raise XtkError(
                f"The Hub gave {count:,} rows for {path}, and their owner published {expected:,}; "
                "nothing was written."
            )
        manifest = Manifest(source.dataset, source.revision, config, split, count, sha256)
        _manifest_path(path).unlink(missing_ok=True)
        for old in path.parent.glob(f"{path.name}.*"):
            old.unlink()  # compressed, of another commit
        draft.replace(path)
    except OSError as error:
        raise XtkError(f"Cannot write {path}: {error.strerror or error}.") from error
    finally:
        draft.unlink(missing_ok=True)
    write_json(_manifest_path(path), asdict(manifest))
    return manifest


def remove(source: HubSource, split: str, lang: str, folder: Path) -> None:
    """Take away the rows of a split that cannot be used."""
    for part in source.splits[split]:
        path = folder / place(source, source.config_of(lang), part)
        path.unlink(missing_ok=True)
        _manifest_path(path).unlink(missing_ok=True)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Wait until no other process fetches into the folder, and keep others out."""
    try:
        (folder / FOLDER).mkdir(parents=True, exist_ok=True)
        with FileLock(folder / FOLDER / ".lock"):
            yield
    except OSError as error:
        raise XtkError(f"Cannot write into {folder}: {error.strerror or error}.") from error


def _write(draft: Path, rows: Iterable[Mapping[str, Any]], path: Path) -> tuple[int, str]:
    """Write rows as JSON lines to the disk; how many they are, and their hash."""
    digest, count = hashlib.sha256(), 0
    with draft.open("wb") as stream:
        for count, row in enumerate(rows, start=1):
            try:
                line = json.dumps(row, ensure_ascii=False, allow_nan=False).encode() + b"\n"
            except (TypeError, ValueError) as error:
                raise XtkError(f"Row {count} for {path} cannot be JSON: {error}.") from error
            stream.write(line)
            digest.update(line)
        stream.flush()
        os.fsync(stream.fileno())
    if not count:
        raise XtkError(f"The Hub gave no rows for {path}.")
    return count, digest.hexdigest()


def _read(file: DataFile, form: Form, *, source: HubSource, lang: str) -> Iterator[Item]:
    return in_language(_verified(file, source, source.config_of(lang)), source, lang)


def _verified(file: DataFile, source: HubSource, config: str) -> Iterator[Item]:
    """The rows of a file; an error at their end if they are not those of its manifest."""
    manifest = _manifest(file)
    split = file.plain_name.removesuffix(file.suffix)
    wanted = {
        "dataset": source.dataset,
        "commit": source.revision,
        "config": config,
        "split": split,
    }
    for name, value in wanted.items():
        if getattr(manifest, name) != value:
            raise _unlike(file, f"is {name} {value} by now", f"{getattr(manifest, name)}")
    rows = 0
    for item in read_table(file, AS_IT_SAYS):
        rows += 1
        yield item
    if rows != manifest.rows:
        raise _unlike(file, f"has {manifest.rows:,} rows by its manifest", f"{rows:,}")
    digest = hashlib.sha256()
    for _, line in file.lines():
        digest.update(line + b"\n")
    if digest.hexdigest() != manifest.sha256:
        raise _unlike(file, f"has sha256 {manifest.sha256} by its manifest", digest.hexdigest())


def _manifest(file: DataFile) -> Manifest:
    name = _manifest_name(file.plain_name)
    beside = file.beside(name)
    if beside is None:
        raise XtkError(
            f"{file} has no {name} beside it, as if its fetch was broken off; fetch it again with "
            "'xtk data fetch'."
        )
    try:
        values = json.loads(beside.read())
        types = {field.name: field.type for field in fields(Manifest)}
        if {key: type(value) for key, value in values.items()} != types:
            raise ValueError(f"expected {', '.join(types)}")
        return Manifest(**values)
    except (ValueError, AttributeError, RecursionError) as error:
        raise XtkError(
            f"{beside} is no manifest ({error}); fetch it again with 'xtk data fetch'."
        ) from error


def _unlike(file: DataFile, expected: str, found: str) -> XtkError:
    return XtkError(
        f"{file} {expected}, and {found} was found; fetch it again with 'xtk data fetch'."
    )


def _folder(source: HubSource, config: str) -> str:
    return "/".join((FOLDER, source.dataset.replace("/", "--"), config.replace("/", "--")))


def _manifest_name(name: str) -> str:
    return f"{name.removesuffix('.jsonl')}.manifest.json"


def _manifest_path(path: Path) -> Path:
    return path.with_name(_manifest_name(path.name))
