from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch.nn.functional import cross_entropy
from transformers import get_linear_schedule_with_warmup

from support import FP32, HEAD, choices, pairs, rows_of, stream
from xtk.backbones.backbone import Backbone
from xtk.core.errors import XtkError
from xtk.kinds.kind import (
    MULTIPLE_CHOICE,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
)
from xtk.modules.model import Composition, Head, TransferModel, build, trainable
from xtk.training.batches import collate, epoch_batches, token_budget
from xtk.training.inference import scores
from xtk.training.loop import Plan, Surroundings, schedule, train

PLAN = Plan(learning_rate=5e-3, epochs=3, warmup=0.2, weight_decay=0.1, patience=0, seed=3)


def new(tiny: Backbone, kind=SEQUENCE_CLASSIFICATION) -> TransferModel:
    heads = (Head(HEAD, kind, ("a", "b")),)
    what = Composition(tiny, heads, "seq_bn[reduction_factor=4]")
    return build(what, seed=0, attention="eager", dropout=0.0)


def around(folder: Path, scores=None, log=None) -> Surroundings:
    given = iter(scores or [0.0] * 99)
    return Surroundings(lambda model: next(given), log or (lambda record: None), folder / "state")


def weights(model: TransferModel) -> dict[str, torch.Tensor]:
    return {n: p.detach().clone() for n, p in trainable(model).items()}


@pytest.mark.parametrize("total", [10, 37])
@pytest.mark.parametrize("warmup", [0.0, 0.1, 0.5])
def test_the_schedule_is_that_of_transformers(total, warmup):
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    warm = -(-total * warmup // 1)
    reference = get_linear_schedule_with_warmup(optimizer, int(warm), total)
    for step in range(total):
        # in warm-up ours is one step ahead, so that the first step is not lost at a rate of 0
        ahead = 1 if step < warm else 0
        assert schedule(step, total, warmup) == pytest.approx(reference.lr_lambdas[0](step + ahead))


def test_training_is_that_of_a_plain_loop(tiny, tmp_path):
    """The same batches through a loop written from the definitions."""
    plan = replace(PLAN, epochs=2)
    data = pairs(40)
    ours = new(tiny)
    torch.manual_seed(5)
    train(ours, [stream(data)], plan, FP32, around(tmp_path, [0.0, 1.0]))

    model = new(tiny)
    torch.manual_seed(5)
    model.train()
    parameters = list(trainable(model).values())
    optimizer = torch.optim.AdamW(
        [{"params": [p for p in parameters if p.ndim > 1], "weight_decay": 0.1},
         {"params": [p for p in parameters if p.ndim < 2], "weight_decay": 0.0}], lr=5e-3, eps=1e-8
    )  # fmt: skip
    budget = token_budget(data, 8)
    total = 2 * len(epoch_batches(data, budget=budget, seed=3, epoch=0))
    step = 0
    for epoch in range(2):
        for chosen in epoch_batches(data, budget=budget, seed=3, epoch=epoch):
            for group in optimizer.param_groups:
                group["lr"] = 5e-3 * schedule(step, total, 0.2)
            batch = collate(data, chosen)
            cross_entropy(model(batch.ids, batch.mask, HEAD), batch.labels).backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            step += 1
    for name, tensor in weights(model).items():
        assert torch.allclose(weights(ours)[name], tensor, rtol=0, atol=1e-6), name


@pytest.mark.parametrize(
    "kind",
    [SEQUENCE_CLASSIFICATION, MULTIPLE_CHOICE, TOKEN_CLASSIFICATION, SPAN_EXTRACTION],
    ids=lambda k: k.name,
)
def test_several_small_passes_are_one_large_step(kind, tiny, tmp_path):
    data = rows_of(kind, 30)
    results = []
    for tokens in (16_384, 60):
        model = new(tiny, kind)
        for module in model.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0  # masks are drawn pass by pass
        plan = replace(PLAN, epochs=1, tokens_per_pass=tokens)
        train(model, [stream(data)], plan, FP32, around(tmp_path / str(tokens)))
        results.append(scores(model, data, FP32, HEAD))
    # scores of choices, and of the places of a span, count up to a constant: the gradient of the
    # last bias is 0 but for rounding, which AdamW blows up to a step of full size
    shifts = results[0] - results[1]
    if kind in (MULTIPLE_CHOICE, SPAN_EXTRACTION):
        shifts -= shifts.mean(axis=0)
    assert abs(shifts).max() < 2e-3


def test_the_first_of_the_best_epochs_is_kept(tiny, tmp_path):
    seen = []

    def score(model: TransferModel) -> float:
        seen.append(weights(model))
        return [50.0, 70.0, 70.0, 60.0][len(seen) - 1]

    model = new(tiny)
    surroundings = Surroundings(score, lambda record: None, tmp_path)
    result = train(model, [stream(pairs(30))], replace(PLAN, epochs=4), FP32, surroundings)
    assert (result.dev, result.best_epoch) == ((50.0, 70.0, 70.0, 60.0), 1)
    for name, tensor in weights(model).items():
        assert torch.equal(tensor, seen[1][name])


def test_patience_ends_the_training(tiny, tmp_path):
    plan = replace(PLAN, epochs=9, patience=2)
    result = train(
        new(tiny), [stream(pairs(30))], plan, FP32, around(tmp_path, [60.0, 50.0, 60.0, 99.0])
    )
    assert result.dev == (60.0, 50.0, 60.0)
    assert result.best_epoch == 0


def test_it_learns(tiny, tmp_path):
    data, held_out = choices(300), choices(60, seed=9)
    model = new(tiny, MULTIPLE_CHOICE)
    train(
        model, [stream(data)], replace(PLAN, epochs=4), FP32, around(tmp_path, [1.0, 2.0, 3.0, 4.0])
    )
    predictions = MULTIPLE_CHOICE.decode(scores(model, held_out, FP32, HEAD), held_out, ())
    assert (predictions == held_out.labels).mean() > 0.9


def test_a_training_that_diverges_says_so(tiny, tmp_path):
    model = new(tiny)
    with torch.no_grad():
        next(iter(trainable(model).values())).fill_(torch.nan)
    with pytest.raises(XtkError, match="diverged; take a lower --learning-rate"):
        train(model, [stream(pairs(20))], PLAN, FP32, around(tmp_path))
