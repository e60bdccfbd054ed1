"""Several streams in one training, dealt out as the samplers of jiant define it."""

from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import STEADY, couples, pairs, stream, tagged, texts
from xtk.training.batches import epoch_batches, token_budget
from xtk.training.mixture import Mixing, Stream, epoch_steps, shares

SEED = 5


def streams(*counts: int) -> list[Stream]:
    return [
        stream(pairs(count, seed=i), head=f"task{i}", batch_size=4)
        for i, count in enumerate(counts)
    ]


def taken(steps, which: int) -> list[list[int]]:
    """The batches of one stream, in their order."""
    return [sorted(chosen.tolist()) for i, chosen in steps if i == which]


@STEADY
@given(st.lists(st.integers(1, 60), min_size=1, max_size=4), st.integers(0, 3))
def test_an_epoch_of_a_proportional_mixture_has_every_example_once(counts, epoch):
    mixed = streams(*counts)
    steps = epoch_steps(mixed, Mixing(), seed=SEED, epoch=epoch)
    for i, count in enumerate(counts):
        examples = [one for batch in taken(steps, i) for one in batch]
        assert sorted(examples) == list(range(count))


def test_streams_of_a_mixture_are_not_one_after_the_other():
    order = [i for i, _ in epoch_steps(streams(80, 80), Mixing(), seed=SEED, epoch=0)]
    assert sum(one != other for one, other in pairwise(order)) > 5


@pytest.mark.parametrize(
    ("mixing", "weights"),
    [  # nyu-mll/jiant, tasks/sampler.py, for tasks of 400, 100 and 25 examples
        (Mixing(how="uniform"), (1, 1, 1)),
        (Mixing(how="temperature", temperature=2.0), (20, 10, 5)),
        (Mixing(how="temperature", temperature=1.0), (400, 100, 25)),
        (Mixing(how="capped", cap=100), (100, 100, 25)),
    ],
    ids=lambda value: getattr(value, "how", ""),
)
def test_shares_are_those_of_the_samplers_of_jiant(mixing, weights):
    mixed = streams(400, 100, 25)
    steps = epoch_steps(mixed, mixing, seed=SEED, epoch=0)
    total = len(epoch_steps(mixed, Mixing(), seed=SEED, epoch=0))
    assert len(steps) == total
    for i, weight in enumerate(weights):
        assert abs(len(taken(steps, i)) - weight / sum(weights) * total) < 1


@STEADY
@given(st.lists(st.floats(0.1, 1000), min_size=1, max_size=6), st.integers(1, 500))
def test_shares_are_whole_and_none_is_empty(weights, total):
    counts = shares(weights, total)
    assert min(counts) >= 1
    exact = [weight / sum(weights) * total for weight in weights]
    if min(exact) >= 1:
        assert sum(counts) == total
        assert all(abs(count - share) < 1 for count, share in zip(counts, exact, strict=True))


@pytest.mark.parametrize("how", ["uniform", "temperature", "capped"])
def test_a_stream_goes_on_where_it_stopped(how):
    mixed = streams(70, 10)
    mixing = Mixing(how=how, cap=20)
    epochs = [epoch_steps(mixed, mixing, seed=SEED, epoch=epoch) for epoch in range(5)]
    for i, one in enumerate(mixed):
        found = sorted(batch for steps in epochs for batch in taken(steps, i))
        budget = token_budget(one.data, one.batch_size)
        unending = (
            sorted(batch.tolist())
            for own in range(99)
            for batch in epoch_batches(one.data, budget=budget, seed=SEED, epoch=own)
        )
        assert found == sorted(islice(unending, len(found)))


@pytest.mark.parametrize("how", ["proportional", "uniform", "temperature", "capped"])
def test_a_mixture_is_the_same_every_time(how):
    mixed = [*streams(30, 9), stream(tagged(12)), stream(couples(8)), stream(texts(20))]
    mixing = Mixing(how=how, masked_ratio=0.3)
    first, again = (epoch_steps(mixed, mixing, seed=SEED, epoch=2) for _ in range(2))
    assert [(i, c.tolist()) for i, c in first] == [(i, c.tolist()) for i, c in again]
    for seed, epoch in ((SEED, 3), (SEED + 1, 2)):
        other = epoch_steps(mixed, mixing, seed=seed, epoch=epoch)
        assert [(i, c.tolist()) for i, c in first] != [(i, c.tolist()) for i, c in other]


@pytest.mark.parametrize("ratio", [0.1, 0.5, 0.8])
@pytest.mark.parametrize("counts", [(60,), (60, 20)], ids=len)
def test_masked_words_are_a_share_of_all_steps(ratio, counts):
    mixed = [*streams(*counts), stream(texts(17), head="masked_lm", batch_size=4)]
    steps = epoch_steps(mixed, Mixing(masked_ratio=ratio), seed=SEED, epoch=1)
    masked = len(taken(steps, len(counts)))
    assert masked / len(steps) == pytest.approx(ratio, abs=1 / len(steps))
    for i, count in enumerate(counts):  # they come on top: no example of a task is lost
        assert sorted(np.concatenate([c for j, c in steps if i == j])) == list(range(count))


def test_masked_words_go_on_through_their_texts():
    mixed = [*streams(40), stream(texts(30), head="masked_lm", batch_size=4)]
    mixing = Mixing(masked_ratio=0.2)
    seen: list[int] = []
    for epoch in range(3):
        for i, chosen in epoch_steps(mixed, mixing, seed=SEED, epoch=epoch):
            seen += chosen.tolist() if i == 1 else []
    assert len(set(seen)) >= min(len(seen), 30) - 4  # the first time round no text comes twice
