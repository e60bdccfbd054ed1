"""Encoded rows that a tiny model can learn something from, and processes that are killed."""

import os
import signal
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import settings

from xtk.kinds.encoded import NO_LABEL, Encoded, flatten
from xtk.kinds.kind import (
    MASKED_LM,
    MULTIPLE_CHOICE,
    RETRIEVAL,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
    Kind,
)
from xtk.training.device import Device
from xtk.training.mixture import Stream

# the same texts each time, and no failure because the machine is busy
STEADY = settings(derandomize=True, deadline=None)
FP32 = Device(torch.device("cpu"), "fp32")
HEAD = "target"  # the name of the one head of most models here


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


def tagged(count: int, *, seed: int = 0) -> Encoded:
    """Sentences in one or two sequences; a word's tag is whether its first subword is odd."""
    rng = np.random.default_rng(seed)
    groups = rng.integers(1, 3, size=count).tolist()
    sequences, labels, places = [], [], []
    for size in groups:
        word = 0
        for _ in range(size):
            ids = rng.integers(8, 40, size=rng.integers(1, 12))
            begins = rng.random(len(ids)) < 0.7
            begins[0] = True
            words = np.where(begins, word + np.cumsum(begins) - 1, NO_LABEL)
            word += int(begins.sum())
            sequences.append([0, *ids.tolist(), 2])
            labels += [NO_LABEL, *np.where(begins, ids % 2, NO_LABEL).tolist(), NO_LABEL]
            places += [NO_LABEL, *words.tolist(), NO_LABEL]
    words_of = np.array(places, dtype=np.int32).reshape(-1, 1)
    return flatten(sequences, groups, labels, 0, level="token", places=words_of)


def spans(count: int, *, seed: int = 0) -> Encoded:
    """Windows of a text of letters, one or two an example; the answer is the tokens above 34."""
    rng = np.random.default_rng(seed)
    groups = rng.integers(1, 3, size=count).tolist()
    sequences, labels, places = [], [], []
    for size in groups:
        letter = 0
        for _ in range(size):
            length = int(rng.integers(3, 12))
            ids = rng.integers(8, 35, size=length)
            first = int(rng.integers(length))
            last = min(length - 1, first + int(rng.integers(3)))
            ids[first : last + 1] = rng.integers(35, 40, size=last + 1 - first)
            sequences.append([0, 5, 2, 2, *ids.tolist(), 2])
            labels.append((first + 4, last + 4))
            letters = [(letter + i, letter + i + 1) for i in range(length)]
            places += [(NO_LABEL, NO_LABEL)] * 4 + letters + [(NO_LABEL, NO_LABEL)]
            letter += length
    return flatten(
        sequences,
        groups,
        np.array(labels, dtype=np.int64),
        0,
        level="window",
        places=np.array(places, dtype=np.int32),
    )


def couples(count: int, *, seed: int = 0) -> Encoded:
    """Queries beside their candidates, which have the same tokens in another order."""
    rng = np.random.default_rng(seed)
    sequences = []
    for _ in range(count):
        ids = rng.integers(8, 40, size=rng.integers(3, 10))
        sequences += [[0, *ids.tolist(), 2], [0, *rng.permutation(ids).tolist(), 2]]
    return flatten(sequences, [2] * count, [NO_LABEL] * count, 0, level="pair")


def texts(count: int, *, seed: int = 0) -> Encoded:
    """Texts of 4 to 14 tokens whose words are masked in training."""
    rng = np.random.default_rng(seed)
    sequences = [
        [0, *rng.integers(4, 40, size=rng.integers(2, 13)).tolist(), 2] for _ in range(count)
    ]
    return flatten(sequences, [1] * count, [NO_LABEL] * count, 0, level="masked")


ROWS = {
    SEQUENCE_CLASSIFICATION.name: pairs,
    MULTIPLE_CHOICE.name: choices,
    TOKEN_CLASSIFICATION.name: tagged,
    SPAN_EXTRACTION.name: spans,
    RETRIEVAL.name: couples,
    MASKED_LM.name: texts,
}


def rows_of(kind: Kind, count: int, *, seed: int = 0) -> Encoded:
    """Rows of a kind to learn from."""
    return ROWS[kind.name](count, seed=seed)


def stream(data: Encoded, *, head: str = HEAD, batch_size: int = 8) -> Stream:
    return Stream(f"rows of {head}", head, data, batch_size)


@dataclass(frozen=True)
class Characters:
    """An encoding of a text in which each character is a token."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class CharacterTokenizer:
    """Each character is a token, but marks and signs that cannot be seen are none."""

    def encode_batch(
        self, input: Sequence[str], add_special_tokens: bool = True
    ) -> list[Characters]:
        return [_characters(text, add_special_tokens) for text in input]


def _characters(text: str, special: bool) -> Characters:
    seen = [i for i, c in enumerate(text) if unicodedata.category(c) not in ("Cc", "Cf", "Mn")]
    ids, offsets = [4 + ord(text[i]) % 40 for i in seen], [(i, i + 1) for i in seen]
    if special:
        return Characters([0, *ids, 2], [(0, 0), *offsets, (0, 0)])
    return Characters(ids, offsets)


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
