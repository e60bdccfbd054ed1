"""Scoring a whole folder of official prediction files against a folder of labels.

Both hold `<task>/test-<lang>.<suffix>`. All that is wrong is found in one go; a language whose
files are not in order has no score, and an average that lacks one is None, never smaller.
"""

from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from xtk.scoring.benchmark import (
    ERROR,
    SCORE,
    WARNING,
    Benchmark,
    Entry,
    Finding,
    Scored,
    TaskScores,
)
from xtk.scoring.places import Misplaced, extras, file_name, find, side_name, task_folder
from xtk.scoring.scheme import Context, Problem, Read, Scheme, is_fatal
from xtk.scoring.texts import decode, shown_path

Place = Path | Misplaced | None
_TELLING = 20  # examples from which equal predictions are hardly chance


@dataclass
class _Found:
    """What is gathered while the languages of a task are scored."""

    values: dict[str, dict[str, float]]
    missing: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    def tell(self, path: Path, problems: list[Problem]) -> None:
        for one in problems:
            level = ERROR if one.fatal else WARNING
            self.problems.append(Finding(shown_path(path), one.line, one.what, level))


def score_folder(
    benchmark: Benchmark, predictions: Path, labels: Path, *, allow_missing: bool = False
) -> Scored:
    """Every metric of every language that is there.

    `allow_missing`: absent files are warnings, and averages are over what is there; files that are
    there and cannot be scored stay errors.
    """
    absent = WARNING if allow_missing else ERROR
    tasks, problems = [], []
    for entry in benchmark.entries:
        found = _score_task(entry, predictions, labels, absent)
        tasks.append(TaskScores(entry, found.values, tuple(found.missing), tuple(found.broken)))
        problems += found.problems
    if allow_missing and not any(any(task.values.values()) or task.broken for task in tasks):
        expected = "<task>/" + file_name("<lang>", "<suffix>")
        what = (
            f"there is nothing of {benchmark.name} to score; expected {expected} here and {labels}."
        )
        problems.append(Finding(shown_path(predictions), None, what))
    for path, what in extras(benchmark, predictions):
        problems.append(Finding(shown_path(path), None, what, WARNING))
    return Scored(benchmark, tuple(tasks), tuple(problems), allow_missing)


def _score_task(entry: Entry, predictions: Path, labels: Path, absent: str) -> _Found:
    found = _Found({metric: {} for metric in (SCORE, *entry.scheme.metrics)})
    wrong = [p for tree in (predictions, labels) if (p := task_folder(tree, entry))]
    if wrong:
        for place in wrong:
            found.tell(place.path, [Problem(None, place.what)])
        found.broken += entry.languages
        return found
    given = {lang: find(predictions, entry, lang) for lang in entry.languages}
    known = {lang: find(labels, entry, lang) for lang in entry.languages}
    for lang in entry.languages:
        _score_language(entry, lang, given[lang], known[lang], found)
    for tree, places, what in ((predictions, given, "predictions"), (labels, known, "labels")):
        found.problems += _absences(entry, tree, places, what, absent)
    for side, scheme in entry.scheme.sides.items():
        _score_side(entry, side, scheme, predictions, known, found)
    return found


def _score_language(entry: Entry, lang: str, given: Place, known: Place, found: _Found) -> None:
    """Put the values of a language, or that it has none, into `found`."""
    context = Context(entry.names, lang)
    try:
        values = _score_files(entry.scheme, given, known, context, found)
    except _BrokenError:
        found.broken.append(lang)
        return
    if not values:
        found.missing.append(lang)
        return
    values[SCORE] = fmean(values[name] for name in entry.headline)
    for metric, value in values.items():
        found.values[metric][lang] = value


def _score_side(
    entry: Entry,
    side: str,
    scheme: Scheme,
    predictions: Path,
    known: dict[str, Place],
    found: _Found,
) -> None:
    """Metrics of the files beside the official ones; they are there for all languages or none."""
    paths = {
        lang: predictions / entry.name / side_name(lang, side, scheme.suffix)
        for lang in entry.languages
    }
    if not any(path.exists() for path in paths.values()):
        return
    found.values |= {metric: {} for metric in scheme.metrics}
    for lang, path in paths.items():
        if not path.is_file():
            what = "missing, though other languages have this file beside the official one."
            found.tell(path, [Problem(None, what, fatal=False)])
            continue
        try:
            values = _score_files(scheme, path, known[lang], Context(entry.names, lang), found)
        except _BrokenError:
            continue
        for metric, value in values.items():
            found.values[metric][lang] = value


class _BrokenError(Exception):
    """Files that are there cannot be scored; what is wrong is told already."""


def _score_files(
    scheme: Scheme, given: Place, known: Place, context: Context, found: _Found
) -> dict[str, float]:
    """The values by metric; none where a file is absent, which is told elsewhere."""
    predictions, unread = _told(given, scheme.read_predictions, context.names, found)
    gold, unlabelled = _told(known, scheme.read_gold, context.names, found)
    broken = unread or unlabelled
    if isinstance(given, Path) and gold and predictions is not None and not unlabelled:
        # of a file in which some lines are wrong the number of lines can be wrong too
        problems = scheme.compare(gold, predictions) if predictions or not unread else []
        if not broken and len(gold) >= _TELLING and scheme.collapsed(predictions):
            problems.append(Problem(None, "every prediction is the same.", fatal=False))
        found.tell(given, problems)
        broken |= is_fatal(problems)
        if not broken:
            return {n: m(gold, predictions, context).value for n, m in scheme.metrics.items()}
    if broken:
        raise _BrokenError
    return {}


def _told(place: Place, reader: Read, names: tuple[str, ...], found: _Found) -> tuple[Any, bool]:
    """What is read of a file, None where there is none, and whether it is broken; that is told."""
    if place is None:
        return None, False
    path, content, problems = _read(place, reader, names)
    found.tell(path, problems)
    return content, is_fatal(problems)


def _read(
    place: Path | Misplaced, reader: Read, names: tuple[str, ...]
) -> tuple[Path, Any, list[Problem]]:
    if isinstance(place, Misplaced):
        return place.path, None, [Problem(None, place.what)]
    try:
        text, problems = decode(place.read_bytes())
    except OSError as error:
        return place, None, [Problem(None, f"cannot be read: {error.strerror}.")]
    return (place, None, problems) if problems else (place, *reader(text, names))


def _absences(
    entry: Entry, tree: Path, places: dict[str, Place], what: str, level: str
) -> list[Finding]:
    """One finding a missing file, or one for a task whose folder is missing."""
    absent = [lang for lang, place in places.items() if place is None]
    folder = tree / entry.name
    name = file_name("<lang>", entry.scheme.suffix)
    if absent and not folder.is_dir():
        gone = f"the folder is missing: no {what} ({name}) for {' '.join(absent)}."
        return [Finding(shown_path(folder), None, gone, level)]
    files = [(lang, folder / file_name(lang, entry.scheme.suffix)) for lang in absent]
    gone = f"the file is missing: no {what} of {entry.name} for"
    return [Finding(shown_path(path), None, f"{gone} {lang}.", level) for lang, path in files]
