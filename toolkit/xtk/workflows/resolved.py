"""A recipe with all that its words stand for; torch is not loaded yet, so errors are quick."""

from collections.abc import Mapping
from dataclasses import dataclass

from xtk.backbones.backbone import Backbone, resolve
from xtk.core.errors import UsageError, XtkError
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.sources import Rows
from xtk.runs.identity import Identity
from xtk.tasks.catalogue import find
from xtk.tasks.task import Task
from xtk.workflows.below import Below, find_below
from xtk.workflows.inputs import dev_rows, training_rows
from xtk.workflows.recipe import STACK, Recipe, hyperparameters


@dataclass(frozen=True)
class Resolved:
    """Task, backbone, rows and what is below, each found and checked."""

    recipe: Recipe
    task: Task
    hyperparameters: Mapping[str, float | int]
    below: Below | None
    backbone: Backbone
    train: Rows
    dev: Rows

    @property
    def identity(self) -> Identity:
        options = self.recipe.options
        return Identity(
            method=self.recipe.method,
            task=self.task.name,
            backbone=self.backbone.name,
            backbone_fingerprint=self.backbone.fingerprint,
            pooling=self.backbone.pooling,
            adapter=self.recipe.adapter,
            intermediate=self.below.name if self.below else None,
            intermediate_sha256=self.below.sha256 if self.below else None,
            hyperparameters=self.hyperparameters,
            precision=options.precision,
            seed=options.seed,
            train_rows=len(self.train.examples),
            train_sha256=self.train.sha256,
            dev_rows=len(self.dev.examples),
            dev_sha256=self.dev.sha256,
        )


def resolve_recipe(recipe: Recipe, settings: Settings, report: Reporter) -> Resolved:
    """Find what a recipe names; the first thing that is missing is an error."""
    task = find(recipe.task)
    below = find_below(recipe, settings.home) if recipe.intermediate is not None else None
    if recipe.method == STACK and below is None:
        raise UsageError("A stack needs an --intermediate; 'xtk runs' lists what is trained.")
    values = hyperparameters(task, recipe)
    size = recipe.size or (below.size if below else None)
    if size is None:
        raise UsageError("Name the backbone with --size: mini, base, large, a Hub id or a folder.")
    pooling = recipe.options.pooling or (below.pooling if below else None)
    backbone = resolve(size, cache=settings.cache, pooling=pooling)
    if below and below.backbone_fingerprint != backbone.fingerprint:
        raise XtkError(
            f"{below.name} was trained on another backbone than {size}; both must be the same one."
        )
    return Resolved(
        recipe=recipe,
        task=task,
        hyperparameters=values,
        below=below,
        backbone=backbone,
        train=training_rows(task, recipe.options, settings, report),
        dev=dev_rows(task, recipe.options, settings, report),
    )
