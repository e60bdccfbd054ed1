"""The finished run that another one stands on."""

from dataclasses import dataclass
from pathlib import Path

from xtk.backbones.backbone import Pooling
from xtk.core.errors import UsageError, XtkError
from xtk.core.files import sha256_file, sha256_text
from xtk.runs import store
from xtk.workflows.recipe import ADAPTER, FINETUNE, STACK, Recipe


@dataclass(frozen=True)
class Below:
    """An intermediate adapter, or the encoder of an intermediate full fine-tuning."""

    name: str
    folder: Path
    sha256: str  # of all its files
    size: str
    backbone_fingerprint: str
    pooling: Pooling


_NEEDED = {STACK: (ADAPTER, "xtk train-adapter"), FINETUNE: (FINETUNE, "xtk finetune")}


def find_below(recipe: Recipe, home: Path) -> Below:
    """The finished run of the right method that the recipe's `intermediate` names."""
    method, command = _NEEDED[recipe.method]
    if not recipe.intermediate:
        raise UsageError("--intermediate is empty; it takes the name of a run ('xtk runs').")
    try:
        run = store.find(home, recipe.intermediate)
    except UsageError as error:
        raise UsageError(f"{error} Train it first: {command} --task TASK.") from error
    if run.identity.method != method:
        raise XtkError(
            f"{run.name} is a run of method '{run.identity.method}'; {recipe.method} stands on "
            f"one of method '{method}' ({command})."
        )
    files = sorted(p for p in run.modules.rglob("*") if p.is_file())
    return Below(
        name=run.name,
        folder=run.modules,
        sha256=sha256_text("".join(f"{p.name} {sha256_file(p)}\n" for p in files)),
        size=run.details["size"],
        backbone_fingerprint=run.identity.backbone_fingerprint,
        pooling="first" if run.identity.pooling == "first" else "mean",
    )
