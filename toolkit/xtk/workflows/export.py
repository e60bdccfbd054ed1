"""The official submission folder from the prediction files of finished runs, and its labels."""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from xtk.core.errors import UsageError, XtkError
from xtk.core.files import whole_folder
from xtk.core.settings import Settings
from xtk.runs.store import Run, find
from xtk.scoring.places import file_name, side_name
from xtk.scoring.scheme import Scheme, is_fatal
from xtk.scoring.texts import decode
from xtk.tasks.task import TEST, Task
from xtk.workflows.gold_files import gold_files
from xtk.workflows.tasks_of_run import task_of


@dataclass(frozen=True)
class Exported:
    """What is in a submission folder now, and what its benchmarks still want."""

    out: Path
    split: str
    languages: dict[str, tuple[str, ...]]  # by task, in the order they were found
    missing: dict[str, dict[str, tuple[str, ...]]]  # languages by benchmark and task


@dataclass(frozen=True)
class _Predicted:
    """The predictions of a run for a task: a file a language."""

    run: Run
    task: Task
    paths: dict[str, Path]


def export(
    runs: Sequence[str],
    out: Path,
    *,
    labels: Path | None = None,
    split: str = TEST,
    settings: Settings | None = None,
) -> Exported:
    """Copy the predictions of runs to `<out>/<task>/test-<lang>.<suffix>`.

    Another split than test gets the official names all the same. Every file is read first; two runs
    with one task are an error, for only one of them can be submitted. `labels` names a folder for
    the labels of the very rows that were predicted, so that `xtk score` gives the cells of the runs
    once more.
    """
    settings = settings or Settings.of()
    for folder in filter(None, (out, labels)):
        _refuse_full(folder)
    if labels is not None and labels.absolute() == out.absolute():
        raise UsageError(f"{out} is for the predictions; name another folder for the labels.")
    found = [find(settings.home, name) for name in runs]
    predicted = _predicted(found, split)
    if not predicted:
        names = ", ".join(run.name for run in found)
        raise XtkError(
            f"No predictions of the {split} split in {names}; make them with 'xtk evaluate RUN "
            f"--split {split}'."
        )
    with whole_folder(out) as draft, whole_folder(labels) if labels else nullcontext() as golds:
        for one in predicted:
            files = _files(one)
            if golds is not None:
                gold = gold_files(one.run, one.task, split, one.paths, settings)
                _write(golds / one.task.name, gold)
            _write(draft / one.task.name, files)
    languages = {one.task.name: tuple(one.paths) for one in predicted}
    return Exported(out, split, languages, _missing(predicted))


def _refuse_full(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(f"{folder} is there and is not empty; choose another folder.")


def _write(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


def _predicted(runs: Sequence[Run], split: str) -> list[_Predicted]:
    """The prediction files by task, in the order of the runs."""
    predicted: dict[str, _Predicted] = {}
    for run in runs:
        for folder in sorted(p for p in (run.path / "predictions").glob("*") if p.is_dir()):
            task = task_of(run, folder.name)
            paths = {
                lang: path
                for lang in task.all_languages
                if (path := folder / f"{split}-{lang}.{task.scheme.suffix}").is_file()
            }
            if not paths:
                continue
            if task.name in predicted:
                raise UsageError(
                    f"{predicted[task.name].run.name} and {run.name} both have {split} predictions "
                    f"of {task.name}; export one of them."
                )
            predicted[task.name] = _Predicted(run, task, paths)
    return list(predicted.values())


def _files(one: _Predicted) -> dict[str, bytes]:
    """The content of each file by its official name, and of those beside it that fit it."""
    files = {}
    scheme, names = one.task.scheme, one.task.label_names
    for lang, path in one.paths.items():
        predictions = read_checked(path, scheme, names)
        files[file_name(lang, scheme.suffix)] = path.read_bytes()
        for name, side in scheme.sides.items():
            beside = path.with_suffix(f".{name}.{side.suffix}")
            # an evaluation of fewer rows leaves the other direction's file as it was
            if beside.is_file() and not side.compare(
                predictions, read_checked(beside, side, names)
            ):
                files[side_name(lang, name, side.suffix)] = beside.read_bytes()
    return files


def read_checked(path: Path, scheme: Scheme, names: tuple[str, ...]) -> object:
    """The predictions of a file of a run; an error where it is damaged."""
    text, problems = decode(path.read_bytes())
    predictions = None
    if not problems:
        predictions, problems = scheme.read_predictions(text, names)
    if is_fatal(problems):
        first = next(problem for problem in problems if problem.fatal)
        where = f" line {first.line}" if first.line else ""
        raise XtkError(f"{path}{where}: {first.what} Evaluate that run again.")
    return predictions


def _missing(predicted: Sequence[_Predicted]) -> dict[str, dict[str, tuple[str, ...]]]:
    """By benchmark, the languages that its tasks lack here; only tasks that are here."""
    missing: dict[str, dict[str, tuple[str, ...]]] = {}
    for one in predicted:
        for benchmark, wanted in one.task.languages.items():
            gone = tuple(lang for lang in wanted if lang not in one.paths)
            if gone:
                missing.setdefault(benchmark, {})[one.task.name] = gone
    return missing
