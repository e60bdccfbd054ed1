"""All tasks by name."""

from pathlib import Path
from typing import Any

from xtk.core.errors import unknown
from xtk.tasks.commonsense import COSMOSQA, CSQA, HELLASWAG, SIQA, XCOPA
from xtk.tasks.nli import ANLI, ANLI_PLUS, MNLI, SNLI, XNLI
from xtk.tasks.own import is_own, read_task
from xtk.tasks.paraphrase import PAWSX, QQP
from xtk.tasks.qa import MLQA, SQUAD, SQUAD2, TYDIQA, XQNLI, XQUAD
from xtk.tasks.retrieval import BUCC2018, LAREQA, MEWSLIX, TATOEBA
from xtk.tasks.tagging import CCG, NER, PAN_X, POS, UD_POS
from xtk.tasks.task import Task

TASKS: tuple[Task, ...] = (
    *(HELLASWAG, SIQA, CSQA, COSMOSQA, MNLI, SNLI, ANLI, ANLI_PLUS),
    *(QQP, SQUAD, SQUAD2, CCG, NER, POS),
    *(XNLI, PAWSX, XCOPA, UD_POS, PAN_X, XQUAD, MLQA, TYDIQA, XQNLI),
    *(TATOEBA, BUCC2018, LAREQA, MEWSLIX),
)


def find(name: str) -> Task:
    """The task of that name, or of a YAML file; an unknown one is answered with the nearest."""
    for task in TASKS:
        if task.name == name:
            return task
    names = [task.name for task in TASKS]
    if is_own(name):
        return read_task(Path(name), taken=names)
    raise unknown("task", name, names)


def select(*, role: str | None = None, benchmark: str | None = None) -> tuple[Task, ...]:
    """The tasks of a role or of a benchmark, in the order of the catalogue."""
    if role is not None and not any(role in task.roles for task in TASKS):
        raise unknown("role", role, {r for task in TASKS for r in task.roles})
    if benchmark is not None and not any(benchmark in task.languages for task in TASKS):
        raise unknown("benchmark", benchmark, {b for task in TASKS for b in task.languages})
    return tuple(
        task
        for task in TASKS
        if role in (None, *task.roles) and benchmark in (None, *task.languages)
    )


def described(task: Task, benchmark: str | None = None) -> dict[str, Any]:
    """A task as `xtk tasks --json` prints it; of a benchmark with the languages it has there."""
    return {
        "name": task.name,
        "kind": task.kind.name,
        "roles": list(task.roles),
        "languages": list(task.languages.get(benchmark or "", task.all_languages)),
        "metrics": list(task.metrics),
        "benchmarks": list(task.benchmarks),
        "licence": task.licence,
        "sources": list(task.sources) or _common_sources(task),
    }


def _common_sources(task: Task) -> list[str]:
    """The sources that all parts of a task have."""
    parts = [find(name) for name in task.parts]
    return [s for s in parts[0].sources if all(s in part.sources for part in parts)]
