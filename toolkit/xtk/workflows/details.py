"""What is worth knowing of a run but does not identify it."""

import platform
from dataclasses import asdict
from importlib.metadata import version
from typing import Any

from xtk.training.device import Device
from xtk.workflows.recipe import Options
from xtk.workflows.resolved import Resolved

PACKAGES = ("xtk-transfer", "torch", "transformers", "adapters", "tokenizers", "numpy")


def details_of(resolved: Resolved, device: Device) -> dict[str, Any]:
    """Heads, files, versions and machine, as `run.json` keeps them beside the identity."""
    recipe, parts = resolved.recipe, resolved.parts
    rows = [*resolved.train, *(part.dev for part in parts)]
    return {
        "size": recipe.size or (resolved.below.size if resolved.below else None),
        "backbone_revision": resolved.backbone.revision,
        "heads": {
            part.task.name: {
                "kind": part.task.kind.name,
                "label_names": list(part.task.label_names),
            }
            for part in parts
        },
        "declarations": {
            part.task.name: {"text": part.task.declaration, "path": str(part.task.declared_in)}
            for part in parts
            if part.task.declaration
        },
        "licence": "; ".join(dict.fromkeys(part.task.licence for part in parts)),
        "train_files": [file for rows in resolved.train for file in rows.files],
        "dev_files": [file for part in parts for file in part.dev.files],
        "skipped_rows": sum(len(one.skipped) for one in rows),
        "options": _plain(recipe.options),
        "precision": device.precision,
        "device": str(device.torch_device),
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in PACKAGES},
    }


def _plain(options: Options) -> dict[str, Any]:
    """The options that were set, as JSON has them."""
    chosen = {name: value for name, value in asdict(options).items() if value not in (None, ())}
    if "train_files" in chosen:
        chosen["train_files"] = [
            f"{lang}={path}" if lang else str(path) for lang, path in chosen["train_files"]
        ]
    if "dev_files" in chosen:
        chosen["dev_files"] = [str(path) for path in chosen["dev_files"]]
    return chosen
