"""Batches of about equal cost: examples of like length, cut by a budget of tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from xtk.kinds.encoded import NO_LABEL, Encoded

PAD = 1  # XLM-R's padding id
WINDOW = 50  # batches sorted together: wide enough for 3 % padding, narrow enough to stay random


@dataclass(frozen=True)
class Batch:
    """Some examples as rectangles; an example has several sequences in multiple choice."""

    ids: Tensor  # (sequences, length) int64
    mask: Tensor  # (sequences, length) int64, 1 for real tokens
    groups: Tensor  # (examples + 1,) int64: which sequences are of which example
    # int64, NO_LABEL where there is none: (examples,), (sequences, length) or (sequences, 2)
    labels: Tensor

    def to(self, device: torch.device) -> "Batch":
        """The same batch on a device."""
        moved = (tensor.to(device) for tensor in (self.ids, self.mask, self.groups, self.labels))
        return Batch(*moved)


def costs(encoded: Encoded) -> NDArray[np.int64]:
    """Padded tokens of each example alone: its sequences times its longest one."""
    return np.diff(encoded.groups) * encoded.lengths()


def token_budget(encoded: Encoded, batch_size: int) -> int:
    """The tokens of a step that hold `batch_size` examples on average.

    Published batch sizes count examples; a budget of tokens makes steps of equal cost.
    """
    return max(1, round(float(costs(encoded).mean()) * batch_size))


def epoch_batches(
    encoded: Encoded, *, budget: int, seed: int, epoch: int
) -> list[NDArray[np.int64]]:
    """Indices of examples, batch by batch, for one epoch; the same for the same seed and epoch.

    Examples are shuffled, sorted by cost inside windows, cut by the budget, and the batches
    shuffled. Every example is in exactly one batch.
    """
    rng = np.random.default_rng([seed, epoch])
    order = rng.permutation(encoded.examples)
    cost = costs(encoded)
    window = max(1, WINDOW * budget // max(1, int(cost.mean())))
    batches: list[NDArray[np.int64]] = []
    for start in range(0, len(order), window):
        part = order[start : start + window]
        batches += cut(part[np.argsort(cost[part], kind="stable")], encoded, budget)
    return [batches[i] for i in rng.permutation(len(batches))]


def cut(order: NDArray[np.int64], encoded: Encoded, budget: int) -> list[NDArray[np.int64]]:
    """Cut an order of examples into batches whose padded tokens stay within the budget.

    An example that is larger than the budget is a batch of its own.
    """
    lengths, sequences = encoded.lengths(), np.diff(encoded.groups)
    batches = []
    start, longest, rows = 0, 0, 0
    for i, example in enumerate(order):
        new_longest = max(longest, int(lengths[example]))
        new_rows = rows + int(sequences[example])
        if i > start and new_longest * new_rows > budget:
            batches.append(order[start:i])
            start, new_longest, new_rows = i, int(lengths[example]), int(sequences[example])
        longest, rows = new_longest, new_rows
    if len(order):
        batches.append(order[start:])
    return batches


def collate(encoded: Encoded, examples: Sequence[int] | NDArray[np.int64]) -> Batch:
    """Lay the sequences of some examples into one padded rectangle."""
    chosen = np.asarray(examples)
    firsts, lasts = encoded.groups[chosen], encoded.groups[chosen + 1]
    rows = np.concatenate([np.arange(a, b) for a, b in zip(firsts, lasts, strict=True)])
    starts, ends = encoded.offsets[rows], encoded.offsets[rows + 1]
    lengths = ends - starts
    columns = np.arange(int(lengths.max()))
    mask = columns < lengths[:, None]
    ids = np.full(mask.shape, PAD, dtype=np.int64)
    spans = list(zip(starts, ends, strict=True))
    ids[mask] = np.concatenate([encoded.ids[a:b] for a, b in spans])
    if encoded.level == "token":
        labels = np.full(mask.shape, NO_LABEL, dtype=np.int64)
        labels[mask] = np.concatenate([encoded.labels[a:b] for a, b in spans])
    else:
        labels = encoded.labels[rows if encoded.level == "window" else chosen]
    return Batch(
        ids=torch.from_numpy(ids),
        mask=torch.from_numpy(mask.astype(np.int64)),
        groups=torch.from_numpy(np.concatenate(([0], np.cumsum(lasts - firsts)))),
        labels=torch.from_numpy(labels.copy()),
    )
