import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from support import choices, couples, pairs, spans, tagged
from xtk.kinds.encoded import NO_LABEL, Encoded, flatten
from xtk.training.batches import collate, costs, cut, epoch_batches, token_budget

SEQUENCE = st.lists(st.integers(3, 99), min_size=1, max_size=12)
EXAMPLE = st.lists(SEQUENCE, min_size=1, max_size=4)


def encoded(examples: list[list[list[int]]]) -> Encoded:
    sequences = [s for example in examples for s in example]
    return flatten(sequences, [len(e) for e in examples], [0] * len(examples), 0)


@given(st.lists(EXAMPLE, min_size=1, max_size=40), st.integers(1, 60), st.integers(0, 3))
def test_every_example_is_in_one_batch_within_the_budget(examples, budget, epoch):
    data = encoded(examples)
    batches = epoch_batches(data, budget=budget, seed=1, epoch=epoch)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(examples)))
    for batch in batches:
        assert len(batch) == 1 or collate(data, batch).ids.numel() <= budget
    again = epoch_batches(data, budget=budget, seed=1, epoch=epoch)
    assert [b.tolist() for b in again] == [b.tolist() for b in batches]


@given(st.lists(EXAMPLE, min_size=1, max_size=12))
def test_a_batch_holds_what_the_split_says(examples):
    data = encoded(examples)
    batch = collate(data, range(len(examples)))
    rows = [ids[mask.bool()].tolist() for ids, mask in zip(batch.ids, batch.mask, strict=True)]
    assert rows == [s for example in examples for s in example]
    assert torch.diff(batch.groups).tolist() == [len(e) for e in examples]
    assert bool((batch.ids[batch.mask == 0] == 1).all())


@pytest.mark.parametrize("rows", [pairs, choices, tagged, spans, couples], ids=lambda r: r.__name__)
def test_labels_stay_with_their_tokens_windows_and_examples(rows):
    data = rows(9)
    order = np.random.default_rng(2).permutation(9)
    batch = collate(data, order)
    expected = []
    for example in order:
        for row in range(data.groups[example], data.groups[example + 1]):
            tokens = slice(data.offsets[row], data.offsets[row + 1])
            if data.level == "token":
                expected.append(data.labels[tokens].tolist())
            elif data.level == "window":
                expected.append(data.labels[row].tolist())
        if data.level in ("example", "pair"):
            expected.append(int(data.labels[example]))
    found = batch.labels.tolist()
    if data.level == "token":
        assert bool((batch.labels[batch.mask == 0] == NO_LABEL).all())
        found = [row[m.bool()].tolist() for row, m in zip(batch.labels, batch.mask, strict=True)]
    assert found == expected


def test_another_epoch_and_another_seed_are_other_orders():
    data = encoded([[[3] * (i % 7 + 1)] for i in range(100)])
    order = {
        (seed, epoch): np.concatenate(
            epoch_batches(data, budget=20, seed=seed, epoch=epoch)
        ).tolist()
        for seed in (0, 1)
        for epoch in (0, 1)
    }
    assert len({tuple(o) for o in order.values()}) == 4


def test_the_budget_holds_the_batch_size_on_average():
    data = encoded([[[3] * 5, [3] * 7], [[3] * 9]])
    assert costs(data).tolist() == [14, 9]
    assert token_budget(data, 4) == 46


def test_an_example_larger_than_the_budget_is_alone():
    data = encoded([[[3] * 2], [[3] * 30], [[3] * 2]])
    assert [b.tolist() for b in cut(np.arange(3), data, 10)] == [[0], [1], [2]]
