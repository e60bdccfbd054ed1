"""Several tasks on one adapter, or on one encoder, with a head each."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from adapters import XLMRobertaAdapterModel

from support import FP32, rows_of, stream
from xtk.backbones.backbone import Backbone
from xtk.core.errors import XtkError
from xtk.kinds.kind import (
    MULTIPLE_CHOICE,
    RETRIEVAL,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
)
from xtk.modules.model import HEADS, SHARED, Composition, Head, TransferModel, build, restore, save
from xtk.training.batches import collate
from xtk.training.inference import scores
from xtk.training.loop import Plan, Surroundings, train

KINDS = {
    "nli": SEQUENCE_CLASSIFICATION,
    "copa": MULTIPLE_CHOICE,
    "pos": TOKEN_CLASSIFICATION,
    "squad": SPAN_EXTRACTION,
    "search": RETRIEVAL,
}
PLAN = Plan(learning_rate=1e-2, epochs=1, warmup=0.0, weight_decay=0.01, patience=0, seed=0)
METHODS = pytest.mark.parametrize("method", ["adapter", "stack", "finetune"])


def composition(tiny: Backbone, method: str, folder: Path) -> Composition:
    heads = tuple(Head(name, kind, ("no", "yes")) for name, kind in KINDS.items())
    what = Composition(tiny, heads, None if method == "finetune" else "seq_bn")
    if method == "stack":
        save(what, build(what, seed=7, attention="eager", dropout=0.0), folder / "below")
        return replace(what, below=folder / "below")
    return what


def trained(what: Composition, folder: Path, names=tuple(KINDS)) -> TransferModel:
    model = build(what, seed=0, attention="eager", dropout=0.0)
    streams = [stream(rows_of(KINDS[name], 10), head=name) for name in names]
    around = Surroundings(lambda model: 0.0, lambda record: None, folder / "checkpoint")
    train(model, streams, PLAN, FP32, around)
    return model


@METHODS
def test_a_saved_run_gives_the_same_scores_of_every_head(method, tiny, tmp_path):
    what = composition(tiny, method, tmp_path)
    model = trained(what, tmp_path)
    save(what, model, tmp_path / "run")
    again = restore(what, tmp_path / "run", attention="eager")
    for name, kind in KINDS.items():
        data = rows_of(kind, 12, seed=1)
        assert (scores(again, data, FP32, name) == scores(model, data, FP32, name)).all(), name


@METHODS
def test_only_the_heads_that_are_learned_move(method, tiny, tmp_path):
    what = composition(tiny, method, tmp_path)
    before = build(what, seed=0, attention="eager", dropout=0.0).state_dict()
    after = trained(what, tmp_path, ("pos", "squad")).state_dict()
    moved = {name for name in before if not torch.equal(before[name], after[name])}
    assert {name.split(".")[2] for name in moved if ".heads." in name} == {"pos", "squad"}
    encoder = {name for name in moved if ".heads." not in name}
    if method == "finetune":
        assert any("attention" in name for name in encoder)
    else:
        assert encoder and all(f".{SHARED}." in name for name in encoder)


def test_the_library_alone_loads_the_adapter_and_a_head(tiny, tmp_path):
    what = composition(tiny, "adapter", tmp_path)
    model = trained(what, tmp_path).eval()
    save(what, model, tmp_path / "run")
    alone = XLMRobertaAdapterModel.from_pretrained(tiny.folder, attn_implementation="eager")
    alone.load_adapter(str(tmp_path / "run"), use_safetensors=True, set_active=True)
    alone.load_head(str(tmp_path / "run" / HEADS / "pos"), use_safetensors=True)
    alone.active_head = "pos"
    batch = collate(rows_of(TOKEN_CLASSIFICATION, 6), range(6))
    theirs = alone.eval()(batch.ids, attention_mask=batch.mask).logits
    ours = model(batch.ids, batch.mask, "pos")
    real = batch.mask.bool()
    assert torch.allclose(theirs[real], ours[real], rtol=0, atol=1e-6)


def test_a_head_that_is_missing_is_named(tiny, tmp_path):
    what = composition(tiny, "adapter", tmp_path)
    save(what, build(what, seed=0, attention="eager", dropout=0.0), tmp_path / "run")
    (tmp_path / "run" / HEADS / "squad" / "model_head.safetensors").unlink()
    with pytest.raises(XtkError, match=r"heads/squad/model_head\.safetensors is missing"):
        restore(what, tmp_path / "run", attention="eager")
