from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from adapters import XLMRobertaAdapterModel
from adapters.composition import Stack
from numpy.typing import NDArray
from torch import Tensor

from support import FP32, HEAD, choices, pairs, rows_of, spans, stream, tagged
from xtk.backbones.backbone import Backbone
from xtk.core.errors import XtkError
from xtk.kinds.encoded import Encoded, flatten
from xtk.kinds.kind import (
    MULTIPLE_CHOICE,
    RETRIEVAL,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
    Kind,
)
from xtk.modules.library import ADAPTER_CONFIGS
from xtk.modules.model import Composition, Head, TransferModel, build, pool, restore, save
from xtk.training.batches import collate
from xtk.training.device import Device
from xtk.training.inference import scores
from xtk.training.loop import Plan, Surroundings, train

BF16 = Device(torch.device("cpu"), "bf16")
PLAN = Plan(learning_rate=1e-2, epochs=1, warmup=0.0, weight_decay=0.01, patience=0, seed=0)
KINDS = (
    *(SEQUENCE_CLASSIFICATION, MULTIPLE_CHOICE, TOKEN_CLASSIFICATION, SPAN_EXTRACTION),
    RETRIEVAL,
)
every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda k: k.name)


def heads(kind: Kind, name: str = HEAD) -> tuple[Head, ...]:
    return (Head(name, kind, ("no", "yes")),)


def composition(
    backbone: Backbone, kind: Kind = SEQUENCE_CLASSIFICATION, name: str = HEAD, **changes
) -> Composition:
    base = Composition(backbone, heads(kind, name), "seq_bn[reduction_factor=4]")
    return replace(base, **changes)


def trained(what: Composition, folder: Path, device: Device = FP32) -> TransferModel:
    """The model after two steps."""
    model = build(what, seed=0, attention="eager", dropout=0.1)
    (head,) = what.heads
    streams = [stream(rows_of(head.kind, 16), head=head.name)]
    around = Surroundings(lambda model: 0.0, lambda record: None, folder / "checkpoint")
    assert train(model, streams, PLAN, device, around).steps >= 2
    return model


def tensors(model: TransferModel) -> dict[str, Tensor]:
    return {n: t.detach().float().clone() for n, t in model.state_dict(keep_vars=True).items()}


def finished(what: Composition, folder: Path) -> tuple[TransferModel, Path]:
    model = trained(what, folder)
    save(what, model, folder / "run")
    return model, folder / "run"


METHODS = {
    "adapter": lambda name: ".target." in name,
    "stack": lambda name: ".target." in name,
    "finetune": lambda name: True,
    "finetune after another": lambda name: True,
}


def of_method(method: str, tiny: Backbone, kind, folder: Path) -> Composition:
    """What a method trains, with what it stands on made first."""
    if method == "stack":
        below = composition(tiny, kind, "snli")
        return composition(tiny, kind, below=finished(below, folder / "below")[1])
    if method == "finetune":
        return composition(tiny, kind, adapter_config=None)
    if method == "finetune after another":
        first = composition(tiny, kind, "snli", adapter_config=None)
        start = finished(first, folder / "first")[1]
        return composition(tiny, kind, adapter_config=None, start_from=start)
    return composition(tiny, kind)


@pytest.mark.parametrize(
    ("kind", "device"),
    [*((kind, FP32) for kind in KINDS), (SEQUENCE_CLASSIFICATION, BF16)],
    ids=lambda value: getattr(value, "name", getattr(value, "precision", "")),
)
@pytest.mark.parametrize("method", METHODS)
def test_only_the_intended_tensors_move(method, device, kind, tiny, tmp_path):
    what = of_method(method, tiny, kind, tmp_path)
    before = tensors(build(what, seed=0, attention="eager", dropout=0.1))
    after = tensors(trained(what, tmp_path, device))
    assert before.keys() == after.keys()
    for name, tensor in before.items():
        if device is BF16 and not METHODS[method](name):
            # frozen matrices are held in bf16: the same values, rounded once
            assert torch.equal(after[name], tensor) or torch.equal(
                after[name], tensor.to(torch.bfloat16).float()
            ), name
            continue
        unseen = "position_embeddings" in name or "word_embeddings" in name
        moved = not torch.equal(tensor, after[name])
        if METHODS[method](name) and not unseen and "position_ids" not in name:
            assert moved or "token_type" in name, f"{name} did not move"
        elif not METHODS[method](name):
            assert not moved, f"{name} moved"


@every_kind
@pytest.mark.parametrize("method", METHODS)
def test_a_saved_run_gives_the_same_scores(method, kind, tiny, tmp_path):
    what = of_method(method, tiny, kind, tmp_path)
    model, folder = finished(what, tmp_path)
    data = rows_of(kind, 20, seed=1)
    again = restore(replace(what, start_from=None), folder, attention="eager")
    assert (scores(again, data, FP32, HEAD) == scores(model, data, FP32, HEAD)).all()


@pytest.mark.parametrize("config", ADAPTER_CONFIGS)
def test_every_configuration_that_is_allowed_is_saved_whole(config, tiny, tmp_path):
    what = composition(tiny, adapter_config=config)
    model, folder = finished(what, tmp_path)
    data = pairs(20, seed=1)
    again = restore(what, folder, attention="eager")
    assert (scores(again, data, FP32, HEAD) == scores(model, data, FP32, HEAD)).all()
    fresh = build(what, seed=0, attention="eager", dropout=0.0)
    assert (scores(fresh, data, FP32, HEAD) != scores(model, data, FP32, HEAD)).any()


def library_model(tiny: Backbone) -> XLMRobertaAdapterModel:
    return XLMRobertaAdapterModel.from_pretrained(tiny.folder, attn_implementation="eager")


@pytest.mark.parametrize("pooling", ["first", "mean"])
@pytest.mark.parametrize("method", ["adapter", "stack"])
def test_the_library_alone_gives_the_same_logits(method, pooling, tiny, tmp_path):
    backbone = replace(tiny, pooling=pooling)
    what = of_method(method, backbone, SEQUENCE_CLASSIFICATION, tmp_path)
    model, folder = finished(what, tmp_path)
    batch = collate(pairs(12, seed=2), range(12))
    ours = model.eval()(batch.ids, batch.mask, HEAD)

    alone = library_model(tiny)
    name = alone.load_adapter(str(folder), use_safetensors=True)
    stack = Stack(name)
    if what.below:
        below = alone.load_adapter(str(what.below), use_safetensors=True, load_as="below")
        stack = Stack(below, name)
    alone.active_adapters = stack
    alone.active_head = name
    alone.eval()
    if pooling == "first":
        logits = alone(batch.ids, attention_mask=batch.mask).logits
    else:
        hidden = alone.roberta(batch.ids, attention_mask=batch.mask)[0] * batch.mask.unsqueeze(-1)
        vectors = hidden.sum(1) / batch.mask.sum(1, keepdim=True)
        logits = torch.nn.Sequential.forward(alone.heads[name], vectors)
    assert torch.allclose(logits, ours, rtol=0, atol=1e-6)


def test_the_library_alone_chooses_alike(tiny, tmp_path):
    what = composition(tiny, MULTIPLE_CHOICE)
    model, folder = finished(what, tmp_path)
    batch = collate(choices(30, seed=3), range(30))
    two = torch.diff(batch.groups) == 2  # the library's head takes as many choices as labels
    rows = torch.cat([torch.arange(a, a + 2) for a in batch.groups[:-1][two]])
    ours = model.eval()(batch.ids, batch.mask, HEAD)[rows, 0].view(-1, 2)
    alone = library_model(tiny)
    alone.load_adapter(str(folder), use_safetensors=True, set_active=True)
    ids, mask = (t[rows].view(-1, 2, t.shape[1]) for t in (batch.ids, batch.mask))
    assert torch.allclose(alone.eval()(ids, attention_mask=mask).logits, ours, rtol=0, atol=1e-6)


@pytest.mark.parametrize("kind", [TOKEN_CLASSIFICATION, SPAN_EXTRACTION], ids=lambda k: k.name)
@pytest.mark.parametrize("method", ["adapter", "stack"])
def test_the_library_alone_gives_the_same_logits_of_tokens(method, kind, tiny, tmp_path):
    what = of_method(method, tiny, kind, tmp_path)
    model, folder = finished(what, tmp_path)
    rows = spans if kind is SPAN_EXTRACTION else tagged
    batch = collate(rows(12, seed=2), range(12))
    ours = model.eval()(batch.ids, batch.mask, HEAD)

    alone = library_model(tiny)
    stack = Stack(alone.load_adapter(str(folder), use_safetensors=True))
    if what.below:
        below = alone.load_adapter(str(what.below), use_safetensors=True, load_as="below")
        stack = Stack(below, *stack)
    alone.active_adapters = stack
    alone.active_head = HEAD
    out = alone.eval()(batch.ids, attention_mask=batch.mask)
    if kind is SPAN_EXTRACTION:
        theirs = torch.stack([out.start_logits, out.end_logits], dim=2)
    else:
        theirs = out.logits
    real = batch.mask.bool()
    assert torch.allclose(theirs[real], ours[real], rtol=0, atol=1e-6)


@pytest.mark.parametrize("pooling", ["first", "mean"])
@every_kind
def test_scores_do_not_depend_on_padding_company_and_order(kind, pooling, tiny, monkeypatch):
    what = composition(replace(tiny, pooling=pooling), kind)
    model = build(what, seed=0, attention="eager", dropout=0.0).eval()
    data = rows_of(kind, 20, seed=4)
    together = scores(model, data, FP32, HEAD)
    monkeypatch.setattr("xtk.training.inference.TOKENS_PER_PASS", 1)  # each example by itself
    assert abs(scores(model, data, FP32, HEAD) - together).max() < 1e-5
    backwards = np.arange(19, -1, -1)
    monkeypatch.setattr("xtk.training.inference.TOKENS_PER_PASS", 60)
    parts = by_example(data, together)
    turned = scores(model, chosen(data, backwards), FP32, HEAD)
    expected = np.concatenate([parts[i] for i in backwards])
    assert abs(turned - expected).max() < 1e-5


def by_example(data: Encoded, values: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    """The scores of each example: rows of its sequences or of its tokens."""
    ends = data.groups if len(values) < len(data.ids) else data.offsets[data.groups]
    return [values[a:b] for a, b in pairwise(ends)]


def chosen(data: Encoded, order: NDArray[np.int64]) -> Encoded:
    """The examples in another order; labels and places are left out, for no score needs them."""
    rows = [range(data.groups[i], data.groups[i + 1]) for i in order]
    sequences = [data.ids[data.offsets[r] : data.offsets[r + 1]] for one in rows for r in one]
    return flatten(sequences, [len(one) for one in rows], [0] * len(order), 0)


def test_the_mean_is_over_real_tokens():
    hidden = torch.tensor([[[1.0], [3.0], [99.0]], [[2.0], [4.0], [6.0]]])
    mask = torch.tensor([[1, 1, 0], [1, 1, 1]])
    assert pool(hidden, mask, "mean").tolist() == [[2.0], [4.0]]
    assert pool(hidden, mask, "first").tolist() == [[1.0], [2.0]]


def test_only_a_finetuned_run_can_be_gone_on_from(tiny, tmp_path):
    _, folder = finished(composition(tiny), tmp_path)
    with pytest.raises(XtkError, match=r"encoder\.safetensors is missing"):
        build(
            composition(tiny, adapter_config=None, start_from=folder),
            seed=0, attention="eager", dropout=0.0,
        )  # fmt: skip
