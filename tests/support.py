"""Encoded rows that a tiny model can learn something from, and processes that are killed."""

import os
import signal
from collections.abc import Callable
from typing import Any

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


def dies_at(call: int, function: Callable[..., Any], *, after: bool = False) -> Callable[..., Any]:
    """`function`, but the process is killed (kill -9) at its n-th call."""
    calls = 0

    def dying(*arguments: Any, **named: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = function(*arguments, **named)
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    return dying


def in_a_fork(work: Callable[[], None]) -> int:
    """Run `work` in a process of its own; its exit status, -9 where it was killed."""
    process = os.fork()
    if process == 0:
        status = 1
        try:
            work()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
