"""Files as they were downloaded: plain, compressed, or inside a .zip."""

import bz2
import gzip
import json
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Any

from xtk.core.errors import XtkError
from xtk.data.rows import RowError

_COMPRESSED: dict[str, Callable[[IO[bytes]], Any]] = {
    ".gz": lambda stream: gzip.GzipFile(fileobj=stream),
    ".xz": lzma.LZMAFile,
    ".bz2": bz2.BZ2File,
}


@dataclass(frozen=True)
class DataFile:
    """A file on disk, or a member of the .zip at `path`."""

    path: Path
    member: str = ""

    def __str__(self) -> str:
        return str(self.path / self.member)

    @property
    def plain_name(self) -> str:
        """The name without the ending of a compression."""
        name = PurePosixPath(self.member or self.path.name).name
        return name.removesuffix(PurePosixPath(name).suffix) if _is_compressed(name) else name

    @property
    def suffix(self) -> str:
        """What says its form: .jsonl, .tsv, ..."""
        return PurePosixPath(self.plain_name).suffix

    def beside(self, name: str) -> "DataFile | None":
        """The file of that name in the same folder, compressed or not."""
        if not self.member:
            return find(self.path.parent, name)
        member = str(PurePosixPath(self.member).with_name(name))
        return DataFile(self.path, member) if member in _members(self.path) else None

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Numbered lines; only a line feed ends one, and a carriage return before it goes too."""
        with self._opened() as stream:
            for number, line in enumerate(stream, start=1):
                yield number, line.removesuffix(b"\n").removesuffix(b"\r")

    def read(self) -> bytes:
        with self._opened() as stream:
            return stream.read()

    @contextmanager
    def _opened(self) -> Iterator[IO[bytes]]:
        try:
            with ExitStack() as stack:
                if self.member:
                    archive = stack.enter_context(zipfile.ZipFile(self.path))
                    stream = stack.enter_context(archive.open(self.member))
                else:
                    stream = stack.enter_context(self.path.open("rb"))
                if _is_compressed(self.member or self.path.name):
                    unpack = _COMPRESSED[PurePosixPath(self.member or self.path.name).suffix]
                    stream = stack.enter_context(unpack(stream))
                yield stream  # a .zip with a password is a RuntimeError
        except IsADirectoryError as error:
            raise XtkError(f"{self} is a folder; a file belongs there.") from error
        except (EOFError, lzma.LZMAError, zlib.error, zipfile.BadZipFile, RuntimeError) as error:
            raise XtkError(f"{self} is damaged ({error}); fetch it again.") from error
        except OSError as error:
            raise XtkError(f"Cannot read {self}: {error.strerror or error}.") from error


def decoded(file: DataFile, number: int, line: bytes) -> str:
    """A line as text; a byte order mark at the beginning of the file is not part of it."""
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        found = f"byte 0x{line[error.start]:02x} at position {error.start + 1}"
        raise RowError(str(file), number, "", "text in UTF-8", found) from error
    if "\0" in text:
        found = f"a NUL byte at position {text.index(chr(0)) + 1}"
        raise RowError(str(file), number, "", "text", found)
    return text.removeprefix("\ufeff") if number == 1 else text


def json_of(file: DataFile) -> Any:
    """The value of a file that is one JSON text."""
    content = file.read()
    try:
        return json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{content[error.start]:02x}"
        raise RowError(str(file), line, "", "text in UTF-8", found) from error
    except json.JSONDecodeError as error:
        expected, found = "JSON", f"{error.msg} at character {error.colno}"
        raise RowError(str(file), error.lineno, "", expected, found) from error
    except (ValueError, RecursionError) as error:
        raise XtkError(f"{file}: expected JSON ({error}); fetch it again.") from error


def find(root: Path, relative: str) -> DataFile | None:
    """The file `relative` below `root`: as it is, compressed, or in a .zip named after its folder.

    `a/b.jsonl` is found as a/b.jsonl, a/b.jsonl.xz, and in a.zip as a/b.jsonl or b.jsonl.
    """
    for ending in ("", *_COMPRESSED):
        path = root / f"{relative}{ending}"
        if path.exists():
            return DataFile(path)
    inside = PurePosixPath(relative)
    for folder in inside.parents:
        archive = root / f"{folder}.zip"
        if folder.name and archive.is_file():
            members = _members(archive)
            for member in (inside.relative_to(folder.parent), inside.relative_to(folder)):
                for ending in ("", *_COMPRESSED):
                    if f"{member}{ending}" in members:
                        return DataFile(archive, f"{member}{ending}")
    return None


def find_all(root: Path, relative: str) -> tuple[DataFile, ...]:
    """What `find` gives; for a pattern with `*` all its files, sorted by their names."""
    if "*" not in relative:
        one = find(root, relative)
        return () if one is None else (one,)
    paths = [path for ending in ("", *_COMPRESSED) for path in root.glob(f"{relative}{ending}")]
    return tuple(DataFile(path) for path in sorted(paths, key=lambda path: (path.name, path)))


def named(path: Path) -> DataFile:
    """The file that a user named; a member of a .zip is named as archive.zip/member."""
    for archive in (path, *path.parents):
        if archive.suffix == ".zip" and archive.is_file():
            members = [m for m in _members(archive) if not m.endswith("/")]
            wanted = path.relative_to(archive).as_posix() if path != archive else ""
            if wanted in members:
                return DataFile(archive, wanted)
            if not wanted and len(members) == 1:
                return DataFile(archive, members[0])
            inside = ", ".join(members[:5]) or "nothing"
            raise XtkError(f"{archive} holds {inside}; name one file as {archive.name}/FILE.")
    if not path.exists():
        raise XtkError(f"There is no file {path}.")
    return DataFile(path)


def _is_compressed(name: str) -> bool:
    return PurePosixPath(name).suffix in _COMPRESSED


def _members(archive: Path) -> list[str]:
    try:
        with zipfile.ZipFile(archive) as opened:
            return opened.namelist()
    except zipfile.BadZipFile as error:
        raise XtkError(f"{archive} is damaged ({error}); fetch it again.") from error
    except OSError as error:
        raise XtkError(f"Cannot read {archive}: {error.strerror or error}.") from error
