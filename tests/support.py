"""Encoded rows that a tiny model can learn something from."""

import numpy as np

from xtk.kinds.encoded import Encoded, flatten


def pairs(count: int, *, seed: int = 0, labels: int = 2) -> Encoded:
    """Sequences of 4 to 20 tokens; the label is told by the second token."""
    rng = np.random.default_rng(seed)
    gold = rng.integers(labels, size=count)
    sequences = [
        [0, 5 + int(label), *rng.integers(8, 40, size=rng.integers(2, 18)).tolist(), 2]
        for label in gold
    ]
    return flatten(sequences, [1] * count, gold.tolist(), 0)


def choices(count: int, *, seed: int = 0) -> Encoded:
    """Questions of two to four choices; the right one begins with token 5."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, size=count)
    gold = [int(rng.integers(size)) for size in sizes]
    sequences = [
        [0, 5 if place == right else 6, *rng.integers(8, 40, size=rng.integers(2, 12)).tolist(), 2]
        for size, right in zip(sizes, gold, strict=True)
        for place in range(size)
    ]
    return flatten(sequences, sizes.tolist(), gold, 0)
