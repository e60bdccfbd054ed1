"""How a benchmark's files of one form are read, written and scored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xtk.scoring.tally import Tally


@dataclass(frozen=True)
class Problem:
    """Something wrong in a file; `fatal` problems stop its score, others are warnings."""

    line: int | None
    what: str
    fatal: bool = True


@dataclass(frozen=True)
class Context:
    """What a metric may need beside gold and predictions."""

    names: tuple[str, ...]  # of labels or tags; in memory they are indices into it
    lang: str


Read = Callable[[str, tuple[str, ...]], tuple[Any, list[Problem]]]
Write = Callable[[Any, tuple[str, ...]], str]
Metric = Callable[[Any, Any, Context], Tally]


@dataclass(frozen=True)
class Scheme:
    """One form of files: functions that know neither a task nor a folder.

    `compare(gold, predictions)` finds what only both together show: counts, lengths, ids out of
    step. A metric may be asked for only where no problem is fatal. `collapsed` tells predictions
    that are all one class or empty.
    """

    name: str
    suffix: str  # of the files: tsv, json, jsonl
    read_gold: Read
    read_predictions: Read
    write_gold: Write
    write_predictions: Write
    compare: Callable[[Any, Any], list[Problem]]
    metrics: Mapping[str, Metric]
    collapsed: Callable[[Any], bool]
    # of files of ours beside the official ones, `test-<lang>.<side>.<suffix>`, scored if there
    sides: Mapping[str, "Scheme"] = field(default_factory=dict)


def is_fatal(problems: list[Problem]) -> bool:
    """Whether any of the problems stops a score."""
    return any(problem.fatal for problem in problems)
