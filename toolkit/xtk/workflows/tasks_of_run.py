"""The tasks that a finished run was trained on."""

from pathlib import Path

from xtk.runs.store import Run
from xtk.tasks.catalogue import find
from xtk.tasks.labels import with_labels
from xtk.tasks.own import parse_task
from xtk.tasks.task import Task


def task_of(run: Run, name: str) -> Task:
    """A task by its name; one of the user's own from the text that the run keeps of it.

    Where the task leaves its label names open they are those that the run learned.
    """
    own = run.details["declarations"].get(name)
    task = parse_task(own["text"], Path(own["path"])) if own else find(name)
    head = run.details["heads"].get(task.name)
    return with_labels(task, head["label_names"]) if head else task
