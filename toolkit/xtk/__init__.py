"""Which English intermediate task helps which target task in which language.

`xtk.train_adapter`, `stack`, `finetune`, `evaluate` and `predict` are the functions behind the
commands of the same names; they are loaded when first used.
"""

from importlib import import_module
from typing import Any

_PUBLIC = {
    "train_adapter": "xtk.workflows.train",
    "stack": "xtk.workflows.train",
    "finetune": "xtk.workflows.train",
    "Options": "xtk.workflows.recipe",
    "evaluate": "xtk.workflows.evaluate",
    "On": "xtk.workflows.evaluate",
    "predict": "xtk.workflows.predict",
    "Settings": "xtk.core.settings",
    "XtkError": "xtk.core.errors",
}
__all__ = [
    "On",
    "Options",
    "Settings",
    "XtkError",
    "evaluate",
    "finetune",
    "predict",
    "stack",
    "train_adapter",
]


def __getattr__(name: str) -> Any:
    if name not in _PUBLIC:
        raise AttributeError(f"module 'xtk' has no attribute '{name}'")
    return getattr(import_module(_PUBLIC[name]), name)
