"""What a training is asked to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xtk.backbones.backbone import Pooling
from xtk.core.errors import UsageError
from xtk.tasks.reading import AUTO
from xtk.tasks.task import Task

ADAPTER, STACK, FINETUNE = "adapter", "stack", "finetune"
UNTRAINED = "untrained"  # a backbone as it was published, to be evaluated beside the others
How = Literal["proportional", "uniform", "temperature", "capped"]
DEFAULT_ADAPTER = "seq_bn"  # Pfeiffer's, reduction 16: the choice of Poth et al. 2021


@dataclass(frozen=True, kw_only=True)
class Options:
    """What all methods have in common; None takes the value of the task's declaration."""

    seed: int = 0
    source: str = AUTO
    # in place of the task's own training rows, each in a language; None: the training language
    train_files: tuple[tuple[str | None, Path], ...] = ()
    dev_files: tuple[Path, ...] = ()
    limit: int | None = None  # the first N training rows
    dev_limit: int | None = None
    skip_bad_rows: int = 0
    pooling: Pooling | None = None
    sampling: How = "proportional"  # where there are several tasks or languages
    temperature: float = 2.0
    cap: int = 16_384
    mlm: str | None = None  # a file of text, a line an example, or a data set on the Hub
    mlm_ratio: float = 0.2  # of all steps, where there is `mlm`
    precision: Literal["auto", "bf16", "fp32"] = "auto"
    force: bool = False  # train anew what is finished
    learning_rate: float | None = None
    epochs: int | None = None
    batch_size: int | None = None
    warmup: float | None = None
    weight_decay: float | None = None
    patience: int | None = None
    dropout: float | None = None
    max_length: int | None = None


@dataclass(frozen=True)
class Recipe:
    """One training: a method is data, not another loop."""

    method: str
    tasks: tuple[str, ...]  # several share an adapter, or an encoder, and have a head each
    size: str | None  # None: that of the intermediate
    adapter: str | None
    intermediate: str | None
    options: Options


@dataclass(frozen=True)
class Values:
    """The hyperparameters that hold: those of the training, and those of each of its tasks."""

    common: Mapping[str, float | int]
    of_task: Mapping[str, Mapping[str, int]]  # max_length and batch_size

    def flat(self) -> dict[str, float | int]:
        """As an identity has them: `batch_size`, or `csqa.batch_size` where there are several."""
        if len(self.of_task) == 1:
            (own,) = self.of_task.values()
            return {**self.common, **own}
        named = {f"{t}.{n}": v for t, own in self.of_task.items() for n, v in own.items()}
        return {**self.common, **named}


_LOWEST = {"learning_rate": 0.0, "epochs": 1, "batch_size": 1, "max_length": 8}
_HIGHEST = {"warmup": 1.0, "dropout": 0.9, "learning_rate": 1.0}
_OF_TASK = ("batch_size", "max_length")


def hyperparameters(tasks: Sequence[Task], recipe: Recipe) -> Values:
    """What the declarations say for the method, then what was asked for.

    Of several tasks the first one's declaration says how fast and how long to learn.
    """
    for task in tasks:
        if recipe.method not in task.hyperparameters:
            raise UsageError(f"{task.name} is not trained: it has no training rows to learn from.")
    common = {
        name: _asked(name, value, recipe.options)
        for name, value in vars(tasks[0].hyperparameters[recipe.method]).items()
        if name not in _OF_TASK
    }
    of_task = {}
    for task in tasks:
        batch_size = task.hyperparameters[recipe.method].batch_size
        of_task[task.name] = {
            "batch_size": int(_asked("batch_size", batch_size, recipe.options)),
            "max_length": int(_asked("max_length", task.max_length, recipe.options)),
        }
    return Values(common, of_task)


def _asked(name: str, declared: float, options: Options) -> float | int:
    """The value that was asked for, else the declared one; an error where it makes no sense."""
    asked = getattr(options, name)
    value: float | int = declared if asked is None else asked
    low, high = _LOWEST.get(name, 0), _HIGHEST.get(name, float("inf"))
    if not low <= value <= high:
        flag = f"--{name.replace('_', '-')}"
        raise UsageError(f"{flag} is {value}; expected {low} to {high}.")
    return value
