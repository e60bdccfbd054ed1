"""The official submission folder from the prediction files of finished runs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from xtk.core.errors import UsageError, XtkError
from xtk.core.files import whole_folder
from xtk.core.settings import Settings
from xtk.runs.store import Run, find
from xtk.scoring.places import file_name
from xtk.scoring.scheme import is_fatal
from xtk.scoring.texts import decode
from xtk.tasks.catalogue import find as find_task
from xtk.tasks.task import TEST, Task


@dataclass(frozen=True)
class Exported:
    """What is in a submission folder now, and what its benchmarks still want."""

    out: Path
    split: str
    languages: dict[str, tuple[str, ...]]  # by task, in the order they were found
    missing: dict[str, dict[str, tuple[str, ...]]]  # languages by benchmark and task


def export(
    runs: Sequence[str], out: Path, *, split: str = TEST, settings: Settings | None = None
) -> Exported:
    """Copy the predictions of runs to `<out>/<task>/test-<lang>.<suffix>`.

    Another split than test gets the official names all the same. Every file is read first; two runs
    with one task are an error, for only one of them can be submitted.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise UsageError(f"{out} is there and is not empty; choose another folder with --out.")
    found = [find((settings or Settings.of()).home, name) for name in runs]
    files = _files(found, split)
    if not files:
        names = ", ".join(run.name for run in found)
        raise XtkError(
            f"No predictions of the {split} split in {names}; make them with 'xtk evaluate RUN "
            f"--split {split}'."
        )
    with whole_folder(out) as draft:
        for name, by_language in files.items():
            (draft / name).mkdir()
            for lang, path in by_language.items():
                target = draft / name / file_name(lang, path.suffix.removeprefix("."))
                target.write_bytes(path.read_bytes())
    languages = {name: tuple(by_language) for name, by_language in files.items()}
    return Exported(out, split, languages, _missing(languages))


def _files(runs: Sequence[Run], split: str) -> dict[str, dict[str, Path]]:
    """The prediction files by task and language, each checked."""
    files: dict[str, dict[str, Path]] = {}
    owner: dict[str, str] = {}
    for run in runs:
        for folder in sorted(p for p in (run.path / "predictions").glob("*") if p.is_dir()):
            task = find_task(folder.name)
            paths = {
                lang: path
                for lang in task.all_languages
                if (path := folder / f"{split}-{lang}.{task.scheme.suffix}").is_file()
            }
            if not paths:
                continue
            if task.name in files:
                raise UsageError(
                    f"{owner[task.name]} and {run.name} both have {split} predictions of "
                    f"{task.name}; export one of them."
                )
            for path in paths.values():
                _check(path, task)
            files[task.name], owner[task.name] = paths, run.name
    return files


def _check(path: Path, task: Task) -> None:
    text, problems = decode(path.read_bytes())
    if not problems:
        _, problems = task.scheme.read_predictions(text, task.label_names)
    if is_fatal(problems):
        first = next(problem for problem in problems if problem.fatal)
        where = f" line {first.line}" if first.line else ""
        raise XtkError(f"{path}{where}: {first.what} Evaluate that run again.")


def _missing(languages: dict[str, tuple[str, ...]]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By benchmark, the languages that its tasks lack here; only tasks that are here."""
    missing: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, there in languages.items():
        for benchmark, wanted in find_task(name).languages.items():
            gone = tuple(lang for lang in wanted if lang not in there)
            if gone:
                missing.setdefault(benchmark, {})[name] = gone
    return missing
