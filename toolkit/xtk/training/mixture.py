"""Several streams of examples for one training, and how often each is drawn from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from xtk.kinds.encoded import Encoded
from xtk.training.batches import epoch_batches, token_budget

How = Literal["proportional", "uniform", "temperature", "capped"]


@dataclass(frozen=True)
class Stream:
    """Examples that one head learns from: a task, or a task in one language, or masked words."""

    name: str
    head: str
    data: Encoded
    batch_size: int  # examples a step, on average


@dataclass(frozen=True, kw_only=True)
class Mixing:
    """How often streams are drawn from, as the samplers of nyu-mll/jiant (tasks/sampler.py).

    proportional: n examples weigh n. uniform: 1. temperature: n ** (1 / temperature).
    capped: min(n, cap). `masked_ratio` is the share of all steps that learn masked words.
    """

    how: How = "proportional"
    temperature: float = 2.0
    cap: int = 16_384
    masked_ratio: float = 0.0


PROPORTIONAL = Mixing()

Step = tuple[int, NDArray[np.int64]]  # which stream, and which of its examples


def epoch_steps(streams: Sequence[Stream], mixing: Mixing, *, seed: int, epoch: int) -> list[Step]:
    """The steps of one epoch, the same for the same seed and epoch.

    Drawn proportionally, an epoch has every example of every stream once. Otherwise it has as many
    steps, dealt out by weight; a stream goes on in the next epoch where it stopped in this one, and
    begins again when it is through. Steps of masked words come on top.
    """
    tasks = [i for i, s in enumerate(streams) if s.data.level != "masked"]
    masked = [i for i, s in enumerate(streams) if s.data.level == "masked"]
    budgets = [token_budget(s.data, s.batch_size) for s in streams]
    if len(streams) == 1:
        return [(0, chosen) for chosen in _batches(streams[0], budgets[0], seed, epoch)]
    own = {i: _batches(streams[i], budgets[i], seed, epoch) for i in tasks}
    if mixing.how == "proportional":
        steps = [(i, chosen) for i in tasks for chosen in own[i]]
    else:
        first = sum(len(_batches(streams[i], budgets[i], seed, 0)) for i in tasks)
        counts = shares([_weight(streams[i], mixing) for i in tasks], first)
        steps = [
            (i, chosen)
            for i, count in zip(tasks, counts, strict=True)
            for chosen in _from(streams[i], budgets[i], seed, epoch * count, count)
        ]
    for i in masked:
        count = max(1, round(len(steps) * mixing.masked_ratio / (1 - mixing.masked_ratio)))
        begin = epoch * count
        steps += [(i, chosen) for chosen in _from(streams[i], budgets[i], seed, begin, count)]
    order = np.random.default_rng([seed, epoch, len(streams)]).permutation(len(steps))
    return [steps[i] for i in order]


def shares(weights: Sequence[float], total: int) -> list[int]:
    """`total` dealt out by weight, each at least one: whole numbers, largest remainders first."""
    exact = np.asarray(weights, dtype=np.float64) / sum(weights) * total
    counts = np.maximum(1, np.floor(exact)).astype(int)
    for i in np.argsort(np.floor(exact) - exact, kind="stable")[: max(0, total - counts.sum())]:
        counts[i] += 1
    return [int(count) for count in counts]


def _weight(stream: Stream, mixing: Mixing) -> float:
    """How often a stream is drawn from, beside others."""
    n = stream.data.examples
    if mixing.how == "uniform":
        return 1.0
    return float(
        n ** (1 / mixing.temperature) if mixing.how == "temperature" else min(n, mixing.cap)
    )


def _batches(stream: Stream, budget: int, seed: int, epoch: int) -> list[NDArray[np.int64]]:
    return epoch_batches(stream.data, budget=budget, seed=seed, epoch=epoch)


def _from(
    stream: Stream, budget: int, seed: int, start: int, count: int
) -> Iterator[NDArray[np.int64]]:
    """`count` batches of a stream that begins again whenever it is through, from number `start`."""
    own_epoch = seen = given = 0
    while given < count:
        batches = _batches(stream, budget, seed, own_epoch)
        for batch in batches[max(0, start - seen) :][: count - given]:
            given += 1
            yield batch
        seen += len(batches)
        own_epoch += 1
