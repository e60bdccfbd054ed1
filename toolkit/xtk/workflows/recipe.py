"""What a training is asked to be."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Literal

from xtk.backbones.backbone import Pooling
from xtk.core.errors import UsageError
from xtk.tasks.reading import AUTO
from xtk.tasks.task import Task

ADAPTER, STACK, FINETUNE = "adapter", "stack", "finetune"
DEFAULT_ADAPTER = "seq_bn"  # Pfeiffer's, reduction 16: the choice of Poth et al. 2021


@dataclass(frozen=True, kw_only=True)
class Options:
    """What all methods have in common; None takes the value of the task's declaration."""

    seed: int = 0
    source: str = AUTO
    train_files: tuple[Path, ...] = ()  # in place of the task's own training rows
    dev_files: tuple[Path, ...] = ()
    limit: int | None = None  # the first N training rows
    dev_limit: int | None = None
    skip_bad_rows: int = 0
    pooling: Pooling | None = None
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
    task: str
    size: str | None  # None: that of the intermediate
    adapter: str | None
    intermediate: str | None
    options: Options


_LOWEST = {"learning_rate": 0.0, "epochs": 1, "batch_size": 1, "max_length": 8}
_HIGHEST = {"warmup": 1.0, "dropout": 0.9, "learning_rate": 1.0}


def hyperparameters(task: Task, recipe: Recipe) -> Mapping[str, float | int]:
    """The values that hold: the task's own for the method, then what was asked for."""
    declared = task.hyperparameters[recipe.method]
    values = {field.name: getattr(declared, field.name) for field in fields(declared)}
    values["max_length"] = task.max_length
    for name, default in values.items():
        asked = getattr(recipe.options, name)
        values[name] = default if asked is None else asked
        low, high = _LOWEST.get(name, 0), _HIGHEST.get(name, float("inf"))
        if not low <= values[name] <= high:
            flag = f"--{name.replace('_', '-')}"
            raise UsageError(f"{flag} is {values[name]}; expected {low} to {high}.")
    return values
