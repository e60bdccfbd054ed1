"""A recipe with all that its words stand for; torch is not loaded yet, so errors are quick."""

from collections.abc import Mapping
from dataclasses import dataclass

from xtk.backbones.backbone import Backbone, resolve
from xtk.core.errors import UsageError, XtkError
from xtk.core.files import sha256_text
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.sources import Rows, joined
from xtk.runs.identity import Identity
from xtk.tasks.catalogue import find
from xtk.tasks.labels import has_open_labels, learned_labels, with_labels
from xtk.tasks.own import declaration_sha256
from xtk.tasks.task import Task
from xtk.workflows.below import Below, find_below
from xtk.workflows.inputs import dev_rows, masked_rows, training_rows, unchecked_training_rows
from xtk.workflows.recipe import STACK, Options, Recipe, Values, hyperparameters


@dataclass(frozen=True)
class Part:
    """One task of a training, with its rows."""

    task: Task
    train: Mapping[str, Rows]  # by language
    dev: Rows


@dataclass(frozen=True)
class Resolved:
    """Tasks, backbone, rows and what is below, each found and checked."""

    recipe: Recipe
    parts: tuple[Part, ...]
    masked: Rows | None
    values: Values
    below: Below | None
    backbone: Backbone

    @property
    def train(self) -> list[Rows]:
        """All rows that are learned from, but masked words."""
        return [rows for part in self.parts for rows in part.train.values()]

    @property
    def identity(self) -> Identity:
        options = self.recipe.options
        own = [declaration_sha256(p.task) for p in self.parts if p.task.declaration]
        return Identity(
            method=self.recipe.method,
            task="+".join(part.task.name for part in self.parts),
            declaration_sha256=_one_hash(own) if own else None,
            backbone=self.backbone.name,
            backbone_fingerprint=self.backbone.fingerprint,
            pooling=self.backbone.pooling,
            adapter=self.recipe.adapter,
            intermediate=self.below.name if self.below else None,
            intermediate_sha256=self.below.sha256 if self.below else None,
            hyperparameters=self.values.flat(),
            mixing=self._mixing(options),
            precision=options.precision,
            seed=options.seed,
            train_rows=sum(len(rows.examples) for rows in self.train),
            train_sha256=_one_hash([rows.sha256 for rows in self.train]),
            dev_rows=sum(len(part.dev.examples) for part in self.parts),
            dev_sha256=_one_hash([part.dev.sha256 for part in self.parts]),
        )

    def _mixing(self, options: Options) -> dict[str, float | str]:
        """What decides the order of several streams; empty where there is one."""
        mixing: dict[str, float | str] = {}
        if len(self.train) > 1:
            languages = [lang for part in self.parts for lang in part.train]
            mixing = {"sampling": options.sampling, "languages": ",".join(languages)}
            if options.sampling in ("temperature", "capped"):
                name = "temperature" if options.sampling == "temperature" else "cap"
                mixing[name] = getattr(options, name)
        if self.masked:
            mixing |= {"mlm_sha256": self.masked.sha256, "mlm_ratio": options.mlm_ratio}
        return mixing


def resolve_recipe(recipe: Recipe, settings: Settings, report: Reporter) -> Resolved:
    """Find what a recipe names; the first thing that is missing is an error."""
    tasks = _tasks(recipe)
    below = find_below(recipe, settings.home) if recipe.intermediate is not None else None
    if recipe.method == STACK and below is None:
        raise UsageError("A stack needs an --intermediate; 'xtk runs' lists what is trained.")
    values = hyperparameters(tasks, recipe)
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
        parts=_parts(tasks, recipe.options, settings, report),
        masked=masked_rows(recipe.options, report) if recipe.options.mlm is not None else None,
        values=values,
        below=below,
        backbone=backbone,
    )


def _tasks(recipe: Recipe) -> tuple[Task, ...]:
    names = recipe.tasks
    if not names:
        raise UsageError("No task is named; 'xtk tasks' lists what there is to learn.")
    if len(set(names)) < len(names):
        raise UsageError(f"A task is named twice in '{','.join(names)}'; name each once.")
    files = recipe.options.train_files or recipe.options.dev_files
    if len(names) > 1 and files:
        raise UsageError(
            "--train-file and --dev-file are for one task; of several, each brings its own rows."
        )
    return tuple(find(name) for name in names)


def _parts(
    tasks: tuple[Task, ...], options: Options, settings: Settings, report: Reporter
) -> tuple[Part, ...]:
    """The rows of every task; of several tasks, all that lack their rows are named at once."""
    parts, missing = [], []
    for task in tasks:
        try:
            closed = _closed(task, options, settings)
            train = training_rows(closed, options, settings, report)
            parts.append(Part(closed, train, dev_rows(closed, options, settings, report)))
        except XtkError as error:
            if len(tasks) == 1:
                raise
            missing.append(f"{task.name}: {error}")
    if missing:
        raise XtkError(f"{len(missing)} of {len(tasks)} tasks lack rows. " + "\n".join(missing))
    return tuple(parts)


def _closed(task: Task, options: Options, settings: Settings) -> Task:
    """The task with the label names of its training rows, where it does not declare them."""
    if not has_open_labels(task):
        return task

    def read(opened: Task) -> Rows:
        return joined(list(unchecked_training_rows(opened, options, settings).values()))

    return with_labels(task, learned_labels(task, read))


def _one_hash(hashes: list[str]) -> str:
    return hashes[0] if len(hashes) == 1 else sha256_text("\n".join(hashes))
