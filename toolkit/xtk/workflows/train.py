"""Training, from a recipe to a finished run."""

from collections.abc import Sequence

from xtk.core.errors import UsageError
from xtk.core.progress import Reporter, Silent
from xtk.core.settings import Settings
from xtk.runs import store
from xtk.runs.store import Run
from xtk.tasks.benchmarks import ALL, PAPER
from xtk.workflows.recipe import ADAPTER, DEFAULT_ADAPTER, FINETUNE, STACK, Options, Recipe
from xtk.workflows.resolved import resolve_recipe


def train_adapter(
    task: str | Sequence[str],
    *,
    size: str = "mini",
    adapter: str = DEFAULT_ADAPTER,
    options: Options | None = None,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> Run:
    """Train an adapter on a frozen backbone; a finished run is returned at once.

    Several tasks share the adapter and have a head each; "all" are the paper's intermediate tasks.
    """
    recipe = Recipe(ADAPTER, tasks_of(task), size, adapter, None, options or Options())
    return train(recipe, settings or Settings.of(), report or Silent())


def stack(
    intermediate: str,
    target: str,
    *,
    adapter: str = DEFAULT_ADAPTER,
    options: Options | None = None,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> Run:
    """Train a target adapter above the frozen adapter of a finished run."""
    recipe = Recipe(STACK, (target,), None, adapter, intermediate, options or Options())
    return train(recipe, settings or Settings.of(), report or Silent())


def finetune(
    task: str | Sequence[str],
    *,
    size: str | None = None,
    intermediate: str | None = None,
    options: Options | None = None,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> Run:
    """Train every weight, of the backbone itself or of a finished full fine-tuning."""
    chosen = size or (None if intermediate else "mini")
    recipe = Recipe(FINETUNE, tasks_of(task), chosen, None, intermediate, options or Options())
    return train(recipe, settings or Settings.of(), report or Silent())


def tasks_of(task: str | Sequence[str]) -> tuple[str, ...]:
    """The names in "a,b,c", or those that "all" stands for."""
    names = [task] if isinstance(task, str) else list(task)
    split = [part.strip() for name in names for part in name.split(",")]
    if ALL in split and len(split) > 1:
        raise UsageError(f"'{ALL}' are the tasks {', '.join(PAPER)}; it stands alone.")
    return PAPER if split == [ALL] else tuple(split)


def train(recipe: Recipe, settings: Settings, report: Reporter) -> Run:
    """Resolve a recipe, see whether it is done, and train it if not."""
    resolved = resolve_recipe(recipe, settings, report)
    identity = resolved.identity
    done = store.finished(settings.home, identity)
    if done and not recipe.options.force:
        report.note(f"{done.name} is finished already (--force trains it anew)")
        return done
    from xtk.workflows.fit import fit  # loads torch

    return fit(resolved, settings, report)
