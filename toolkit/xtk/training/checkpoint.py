"""The state of an unfinished training, exact enough to go on bit for bit."""

import json
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from xtk.core.files import whole_folder, write_json


@dataclass
class Progress:
    """Where training stands."""

    epoch: int = 0
    batch: int = 0  # batches of this epoch that are done
    step: int = 0  # optimiser steps in all
    tokens: int = 0  # real tokens seen
    seconds: float = 0.0
    best_epoch: int = -1
    best_score: float = float("-inf")
    dev: list[float] = field(default_factory=list)  # one score an epoch


def save_checkpoint(
    folder: Path,
    progress: Progress,
    parameters: dict[str, nn.Parameter],
    best: dict[str, Tensor],
    optimizer: torch.optim.Optimizer,
) -> None:
    """Write the state as `folder/<step>-<epoch>`, whole, then remove all others."""
    tensors = {f"weights.{n}": p.detach() for n, p in parameters.items()}
    tensors |= {f"best.{n}": t for n, t in best.items()}
    names = list(parameters)
    for index, state in optimizer.state_dict()["state"].items():
        tensors |= {f"optimizer.{names[index]}.{k}": torch.as_tensor(v) for k, v in state.items()}
    tensors["rng.cpu"] = torch.get_rng_state()
    if torch.cuda.is_available():
        tensors["rng.cuda"] = torch.cuda.get_rng_state()
    target = folder / f"{progress.step:09d}-{progress.epoch:05d}"
    with whole_folder(target) as draft:
        save_file(
            {n: t.cpu().contiguous() for n, t in tensors.items()}, draft / "state.safetensors"
        )
        write_json(draft / "progress.json", _plain(progress))
    for other in folder.iterdir():  # older ones, and drafts of a process that was killed
        if other != target:
            shutil.rmtree(other, ignore_errors=True)


def load_checkpoint(
    folder: Path, parameters: dict[str, nn.Parameter], optimizer: torch.optim.Optimizer
) -> tuple[Progress, dict[str, Tensor]] | None:
    """Put the newest state back; its progress and the best weights, or None where there is none."""
    found = _checkpoints(folder)
    if not found:
        return None
    content = json.loads((found[-1] / "progress.json").read_text(encoding="utf-8"))
    if content["best_score"] is None:
        content["best_score"] = float("-inf")
    tensors = load_file(found[-1] / "state.safetensors")
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(tensors[f"weights.{name}"])
    state = optimizer.state_dict()
    for index, name in enumerate(parameters):
        prefix = f"optimizer.{name}."
        values = {k.removeprefix(prefix): t for k, t in tensors.items() if k.startswith(prefix)}
        if values:
            state["state"][index] = values
    optimizer.load_state_dict(state)
    best = {n.removeprefix("best."): t for n, t in tensors.items() if n.startswith("best.")}
    torch.set_rng_state(tensors["rng.cpu"])
    if "rng.cuda" in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["rng.cuda"])
    return Progress(**content), best


def _plain(progress: Progress) -> dict[str, object]:
    """JSON has no infinity; before the first evaluation there is no best score."""
    content = asdict(progress)
    if progress.best_epoch < 0:
        content["best_score"] = None
    return content


def _checkpoints(folder: Path) -> list[Path]:
    """Whole checkpoints, oldest first; drafts begin with a dot."""
    return sorted(p for p in folder.glob("[0-9]*") if p.is_dir())
