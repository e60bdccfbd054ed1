"""The one loop: adapters, stacks and full fine-tuning differ only in what is trainable."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from xtk.core.errors import XtkError
from xtk.modules.model import TransferModel, hold_frozen_in_bf16, trainable
from xtk.training.batches import collate, cut
from xtk.training.checkpoint import Progress, load_checkpoint, save_checkpoint
from xtk.training.device import Device
from xtk.training.mixture import PROPORTIONAL, Mixing, Stream, epoch_steps
from xtk.training.objectives import OBJECTIVES

CLIP = 1.0  # largest gradient norm (Poth et al. 2021, itrain; jiant common)


@dataclass(frozen=True)
class Plan:
    """How long and how fast to learn."""

    learning_rate: float
    epochs: int
    warmup: float  # fraction of all steps
    weight_decay: float
    patience: int  # epochs without a better dev score before stopping; 0: never stop
    seed: int
    mixing: Mixing = PROPORTIONAL
    tokens_per_pass: int = 16_384  # padded tokens at once; larger steps are accumulated
    checkpoint_seconds: float = 30.0  # between two, more where saving takes long; 0: every step


@dataclass(frozen=True)
class Trained:
    """What came of it; the model holds the best weights."""

    dev: tuple[float, ...]  # one score an epoch
    best_epoch: int
    steps: int
    tokens: int
    seconds: float


@dataclass(frozen=True)
class Surroundings:
    """What training reports to and where it keeps its state.

    `score_dev` gives the number by which the best epoch is chosen (the first of equals); `log` gets
    one record every few seconds and one an epoch.
    """

    score_dev: Callable[[TransferModel], float]
    log: Callable[[dict[str, Any]], None]
    checkpoints: Path


def train(
    model: TransferModel,
    streams: Sequence[Stream],
    plan: Plan,
    device: Device,
    around: Surroundings,
) -> Trained:
    """Train until the epochs are over or patience is out, from the last checkpoint if there is one.

    The model holds the weights of the best epoch afterwards.
    """
    if device.precision == "bf16":
        hold_frozen_in_bf16(model)
    model.to(device.torch_device)
    # matrices first: the order of the optimiser's groups is the order in which its state is saved
    parameters = dict(sorted(trainable(model).items(), key=lambda item: item[1].ndim < 2))
    optimizer = _optimizer(parameters, plan)
    progress, best = load_checkpoint(around.checkpoints, parameters, optimizer) or (Progress(), {})
    # epochs differ by a few batches; the first one stands for all
    total = len(epoch_steps(streams, plan.mixing, seed=plan.seed, epoch=0)) * plan.epochs
    clock = _Clock(progress.seconds, plan.checkpoint_seconds)
    while progress.epoch < plan.epochs and not _out_of_patience(progress, plan):
        model.train()
        steps = epoch_steps(streams, plan.mixing, seed=plan.seed, epoch=progress.epoch)
        for stream, chosen in steps[progress.batch :]:
            for group in optimizer.param_groups:
                group["lr"] = plan.learning_rate * schedule(progress.step, total, plan.warmup)
            loss, tokens = _step(model, streams[stream], chosen, optimizer, plan, device)
            progress.batch += 1
            progress.step += 1
            progress.tokens += tokens
            progress.seconds = clock.seconds()
            if clock.time_to_log():
                around.log(_record(progress, total, loss))
            if clock.time_to_save():
                save_checkpoint(around.checkpoints, progress, parameters, best, optimizer)
                clock.saved()
        score = around.score_dev(model)
        progress.dev.append(score)
        if score > progress.best_score:
            progress.best_score, progress.best_epoch = score, progress.epoch
            best = {n: p.detach().cpu().clone() for n, p in parameters.items()}
        progress.epoch, progress.batch = progress.epoch + 1, 0
        progress.seconds = clock.seconds()
        around.log(_record(progress, total) | {"dev": score})
        save_checkpoint(around.checkpoints, progress, parameters, best, optimizer)
    with torch.no_grad():
        for name, parameter in parameters.items():
            parameter.copy_(best[name])
    dev = tuple(progress.dev)
    return Trained(dev, progress.best_epoch, progress.step, progress.tokens, progress.seconds)


def schedule(step: int, total: int, warmup: float) -> float:
    """Linear warm-up over a fraction of all steps, then linear decay to 0."""
    warm = math.ceil(total * warmup)
    if step < warm:
        return (step + 1) / warm
    return max(0.0, (total - step) / max(1, total - warm))


def _step(
    model: TransferModel,
    stream: Stream,
    chosen: NDArray[np.int64],
    optimizer: torch.optim.Optimizer,
    plan: Plan,
    device: Device,
) -> tuple[float, int]:
    """One optimiser step, in several passes where the batch is larger than one may be."""
    objective = OBJECTIVES[stream.data.level]
    total, labels, tokens = 0.0, 0.0, 0
    for part in cut(chosen, stream.data, plan.tokens_per_pass):
        batch = collate(stream.data, part).to(device.torch_device)
        with device.autocast():
            loss, count = objective(model, batch, stream.head)
        loss.backward()  # type: ignore[no-untyped-call]
        total += float(loss.detach())
        labels += float(count)
        tokens += int(batch.mask.sum())
    if not math.isfinite(total):
        raise XtkError(
            f"The loss is {total}: training has diverged; take a lower --learning-rate or "
            "--precision fp32."
        )
    parameters = [p for g in optimizer.param_groups for p in g["params"] if p.grad is not None]
    # the mean over the labels of the whole step, however many passes it took
    torch._foreach_div_([p.grad for p in parameters], max(1.0, labels))
    torch.nn.utils.clip_grad_norm_(parameters, CLIP)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return total / max(1.0, labels), tokens


def _optimizer(parameters: dict[str, nn.Parameter], plan: Plan) -> torch.optim.Optimizer:
    """AdamW; biases and norms do not decay."""
    groups: list[dict[str, Any]] = [
        {"params": [p for p in parameters.values() if p.ndim > 1]},
        {"params": [p for p in parameters.values() if p.ndim < 2], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(
        groups, lr=plan.learning_rate, weight_decay=plan.weight_decay, eps=1e-8, fused=True
    )


def _out_of_patience(progress: Progress, plan: Plan) -> bool:
    return bool(plan.patience) and progress.epoch - 1 - progress.best_epoch >= plan.patience


def _record(progress: Progress, total: int, loss: float | None = None) -> dict[str, Any]:
    speed = progress.tokens / progress.seconds if progress.seconds else 0.0
    record = {
        "epoch": progress.epoch,
        "step": progress.step,
        "steps": total,
        "tokens_per_second": round(speed, 1),
        "seconds": round(progress.seconds, 2),
    }
    return record if loss is None else record | {"loss": round(loss, 5)}


class _Clock:
    """Seconds of training over all its sessions, and when to log and to save."""

    def __init__(self, before: float, save_every: float) -> None:
        self.start = time.monotonic() - before
        self.save_every = save_every
        self.logged = self.due = time.monotonic()
        self.next_save = self.due + save_every

    def seconds(self) -> float:
        return time.monotonic() - self.start

    def time_to_log(self) -> bool:
        if time.monotonic() - self.logged < 5.0:
            return False
        self.logged = time.monotonic()
        return True

    def time_to_save(self) -> bool:
        self.due = time.monotonic()
        return self.due >= self.next_save

    def saved(self) -> None:
        """Saving takes a twentieth of the time at most."""
        now = time.monotonic()
        wait = max(self.save_every, 20 * (now - self.due)) if self.save_every else 0.0
        self.next_save = now + wait
