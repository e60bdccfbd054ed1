"""Where the files of a benchmark are, and what to say of files that are elsewhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xtk.scoring.benchmark import Benchmark, Entry


def file_name(lang: str, suffix: str) -> str:
    """The name that XTREME's evaluate.py reads."""
    return f"test-{lang}.{suffix}"


def side_name(lang: str, side: str, suffix: str) -> str:
    """A file of ours beside it, which the official script does not read."""
    return f"test-{lang}.{side}.{suffix}"


@dataclass(frozen=True)
class Misplaced:
    """Something that cannot be the file, though it was meant to be."""

    path: Path
    what: str


def find(folder: Path, entry: Entry, lang: str) -> Path | Misplaced | None:
    """The file of a language, what is there in its place, or None."""
    name = file_name(lang, entry.scheme.suffix)
    path = folder / entry.name / name
    if path.is_dir():
        return Misplaced(path, "a folder where a file belongs.")
    if path.is_file():
        return path
    if path.exists() or path.is_symlink():
        return Misplaced(path, "no file that can be read; a link that leads nowhere, or a device.")
    near = _near(folder / entry.name, entry, lang)
    if near is None:
        return None
    return Misplaced(near, f"a file of this name is not read; the expected name is {name}.")


def task_folder(folder: Path, entry: Entry) -> Misplaced | None:
    """What is wrong with the folder of a task, if it is there in some form."""
    path = folder / entry.name
    if path.is_dir():
        return None
    if path.exists():
        return Misplaced(path, "a file where the folder of a task belongs.")
    near = [p for p in _visible(folder) if p.name.casefold() == entry.name.casefold()]
    if near:
        return Misplaced(near[0], f"the folder of the task must be named {entry.name}.")
    return None


def extras(benchmark: Benchmark, folder: Path) -> Iterator[tuple[Path, str]]:
    """Folders and files that nothing reads; those that `find` names are not told again."""
    entries = {entry.name: entry for entry in benchmark.entries}
    known = {name.casefold() for name in entries}
    for path in _visible(folder):
        if path.name in entries and path.is_dir():
            for file in _unread(path, folder, entries[path.name]):
                yield file, f"not read: {benchmark.name} has no such file of {path.name}."
        elif path.is_dir() and path.name.casefold() not in known:
            yield path, f"not read: {benchmark.name} has no task of this name."


def _unread(path: Path, folder: Path, entry: Entry) -> Iterator[Path]:
    suffix = entry.scheme.suffix
    names = {file_name(lang, suffix) for lang in entry.languages}
    names |= {side_name(lang, s, suffix) for lang in entry.languages for s in entry.scheme.sides}
    named = [find(folder, entry, lang) for lang in entry.languages]
    told = {place.path for place in named if isinstance(place, Misplaced)}
    yield from (file for file in _visible(path) if file.name not in names and file not in told)


def _near(folder: Path, entry: Entry, lang: str) -> Path | None:
    """A file with another suffix or case, or named as the training scripts name theirs."""
    stems = {
        f"test-{lang}",
        f"test_{lang}",
        f"test_{lang}_predictions",
        f"test-{lang}_predictions",
        f"predictions_{lang}_",
        f"predictions_{lang}",
        lang,
    }
    beside = {side_name(lang, side, entry.scheme.suffix) for side in entry.scheme.sides}
    for path in _visible(folder):
        if path.name.casefold().split(".")[0] in stems and path.name not in beside:
            return path
    return None


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
