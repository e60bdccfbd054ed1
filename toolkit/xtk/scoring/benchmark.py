"""What a benchmark asks for, and what was scored of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from xtk.scoring.scheme import Scheme

ERROR, WARNING = "error", "warning"
SCORE = "score"  # of a task: the mean of its headline metrics
ENGLISH = "en"


@dataclass(frozen=True)
class Entry:
    """A task of a benchmark, as far as its files and scores go."""

    name: str
    scheme: Scheme
    names: tuple[str, ...]  # of labels or tags
    languages: tuple[str, ...]
    headline: tuple[str, ...]  # metrics whose mean is the task's value: (exact_match, f1) for QA


@dataclass(frozen=True)
class Benchmark:
    """Its tasks, and the names of the tasks of each group."""

    name: str
    entries: tuple[Entry, ...]
    groups: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Finding:
    """A problem and where it is; a warning stops no score."""

    file: str
    line: int | None
    what: str
    level: str = ERROR


@dataclass(frozen=True)
class TaskScores:
    """The values of a task in percent, by metric and language."""

    entry: Entry
    values: Mapping[str, Mapping[str, float]]
    missing: tuple[str, ...]  # languages without a prediction or label file
    broken: tuple[str, ...]  # languages whose files cannot be scored

    def average(self, metric: str, *, allow_missing: bool) -> float | None:
        """The unweighted mean over languages, None where some are not scored."""
        return self._mean(metric, self.entry.languages, allow_missing)

    def as_json(self, *, allow_missing: bool) -> dict[str, Any]:
        """The value, the metrics and their means without English."""
        languages = self.entry.languages
        foreign = tuple(lang for lang in languages if lang != ENGLISH)
        fields = {m: self._fields(m, languages, allow_missing) for m in self.values}
        if ENGLISH in languages and foreign:
            fields |= {
                f"{m}_non_english": self._fields(m, foreign, allow_missing) for m in self.values
            }
        return fields

    def _fields(self, metric: str, languages: tuple[str, ...], allow_missing: bool) -> Any:
        scored = {k: self.values[metric][k] for k in languages if k in self.values[metric]}
        missing = [lang for lang in languages if lang not in scored]
        average = self._mean(metric, languages, allow_missing)
        return {"avg": average, "languages": scored} | ({"missing": missing} if missing else {})

    def _mean(self, metric: str, languages: tuple[str, ...], allow_missing: bool) -> float | None:
        scored = [self.values[metric][k] for k in languages if k in self.values[metric]]
        whole = len(scored) == len(languages)
        allowed = allow_missing and not self.broken
        return fmean(scored) if scored and (whole or allowed) else None


@dataclass(frozen=True)
class Scored:
    """A folder's scores in percent and all that is wrong with it."""

    benchmark: Benchmark
    tasks: tuple[TaskScores, ...]
    problems: tuple[Finding, ...]
    allow_missing: bool

    @property
    def failed(self) -> bool:
        """Whether any problem is more than a warning."""
        return any(problem.level == ERROR for problem in self.problems)

    @property
    def incomplete(self) -> bool:
        """Whether anything of the benchmark is not scored."""
        return any(task.missing or task.broken for task in self.tasks)

    @property
    def overall(self) -> float | None:
        """The unweighted mean over tasks, not over groups: XTREME's evaluate.py all_task."""
        return self._mean(task.entry.name for task in self.tasks)

    @property
    def groups(self) -> dict[str, float | None]:
        """The mean over the tasks of each group."""
        return {group: self._mean(tasks) for group, tasks in self.benchmark.groups.items()}

    def as_json(self) -> dict[str, Any]:
        """The stable fields of `score --json`; null is what cannot be said."""
        return {
            "benchmark": self.benchmark.name,
            "overall": self.overall,
            "groups": self.groups,
            "tasks": {
                task.entry.name: task.as_json(allow_missing=self.allow_missing)
                for task in self.tasks
            },
            "problems": [
                {"file": p.file, "line": p.line, "what": p.what, "level": p.level}
                for p in self.problems
            ],
        } | ({"incomplete": True} if self.incomplete else {})

    def _mean(self, names: Iterable[str]) -> float | None:
        """Over tasks; those that are missing as a whole are left out only where that is allowed."""
        wanted = set(names)
        tasks = [task for task in self.tasks if task.entry.name in wanted]
        values = [task.average(SCORE, allow_missing=self.allow_missing) for task in tasks]
        known = [value for value in values if value is not None]
        allowed = self.allow_missing and not any(task.broken for task in tasks)
        return fmean(known) if known and (len(known) == len(wanted) or allowed) else None
