"""The head of masked words: tied to the embeddings, with the checkpoint's own weights, not kept."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from transformers import XLMRobertaConfig, XLMRobertaForMaskedLM

from support import FP32, HEAD, pairs, stream, texts
from xtk.backbones.backbone import Backbone, resolve
from xtk.core.errors import XtkError
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION
from xtk.modules.model import MASKED, Composition, Head, TransferModel, build, restore, save
from xtk.training.batches import collate
from xtk.training.inference import scores
from xtk.training.loop import Plan, Surroundings, train
from xtk.training.mixture import Mixing

PLAN = Plan(
    learning_rate=1e-2, epochs=1, warmup=0.0, weight_decay=0.0, patience=0, seed=0,
    mixing=Mixing(masked_ratio=0.5),
)  # fmt: skip


def composition(backbone: Backbone, method: str) -> Composition:
    heads = (Head(HEAD, SEQUENCE_CLASSIFICATION, ("no", "yes")),)
    return Composition(backbone, heads, None if method == "finetune" else "seq_bn", masked_lm=True)


def table(model: TransferModel) -> torch.Tensor:
    return model.library_model.roberta.embeddings.word_embeddings.weight


@pytest.fixture
def with_head(tiny_folder: Path, tmp_path: Path) -> Path:
    """A backbone with the head of masked words in its checkpoint, as XLM-R is published."""
    folder = tmp_path / "with-head"
    torch.manual_seed(4)
    model = XLMRobertaForMaskedLM(XLMRobertaConfig.from_pretrained(tiny_folder))
    with torch.no_grad():
        for parameter in model.lm_head.parameters():
            parameter.normal_(std=0.3)
    model.save_pretrained(folder)
    shutil.copy(tiny_folder / "tokenizer.json", folder)
    return folder


def test_the_head_of_the_checkpoint_is_used(with_head, tmp_path):
    backbone = resolve(str(with_head), cache=tmp_path)
    without = build(
        replace(composition(backbone, "finetune"), masked_lm=False),
        seed=0, attention="eager", dropout=0.0,
    )  # fmt: skip
    assert list(without.library_model.heads) == [HEAD]  # the library would make one of it
    model = build(composition(backbone, "finetune"), seed=0, attention="eager", dropout=0.0).eval()
    batch = collate(texts(5), range(5))
    alone = XLMRobertaForMaskedLM.from_pretrained(with_head, attn_implementation="eager").eval()
    theirs = alone(batch.ids, attention_mask=batch.mask).logits
    real = batch.mask.bool()
    ours = model.masked_scores(batch.ids, batch.mask, real)
    assert torch.allclose(ours, theirs[real], rtol=0, atol=1e-5)


@pytest.mark.parametrize("damage", ["missing", "shape"])
def test_half_a_head_is_an_error(damage, with_head, tmp_path):
    backbone = resolve(str(with_head), cache=tmp_path)
    tensors = load_file(with_head / "model.safetensors")
    if damage == "missing":
        del tensors["lm_head.dense.weight"]
    else:
        tensors["lm_head.dense.weight"] = tensors["lm_head.dense.weight"][:3].clone()
    save_file(tensors, with_head / "model.safetensors")
    with pytest.raises(XtkError, match=str(with_head)):
        build(composition(backbone, "adapter"), seed=0, attention="eager", dropout=0.0)


@pytest.mark.parametrize("method", ["adapter", "finetune"])
def test_what_masked_words_move_and_what_is_kept(method, tiny, tmp_path):
    what = composition(tiny, method)
    model = build(what, seed=0, attention="eager", dropout=0.0)
    assert model.masked_lm.decoder.weight is table(model)
    before, head = table(model).detach().clone(), model.masked_lm.dense.weight.detach().clone()
    streams = [stream(pairs(16)), stream(texts(16), head=MASKED)]
    around = Surroundings(lambda model: 0.0, lambda record: None, tmp_path / "checkpoint")
    train(model, streams, PLAN, FP32, around)
    assert model.masked_lm.decoder.weight is table(model)
    assert not torch.equal(model.masked_lm.dense.weight, head)
    moved = (table(model) != before).any(dim=1)
    if method == "adapter":
        assert not moved.any()
    else:
        # 41 and above are in no text: these rows move by the output alone; 1 is the padding
        assert moved[41:-1].all() and moved[8:40].all()

    save(what, model, tmp_path / "run")
    for file in (tmp_path / "run").rglob("*.safetensors"):
        with safe_open(file, framework="pt") as tensors:
            names = list(tensors.keys())
        assert names and not [n for n in names if "masked" in n or "lm_head" in n or "decoder" in n]
    again = restore(replace(what, masked_lm=False), tmp_path / "run", attention="eager")
    data = pairs(12, seed=3)
    assert (scores(again, data, FP32, HEAD) == scores(model.eval(), data, FP32, HEAD)).all()


def test_a_model_without_that_head_says_so(tiny):
    what = replace(composition(tiny, "adapter"), masked_lm=False)
    model = build(what, seed=0, attention="eager", dropout=0.0)
    batch = collate(texts(2), range(2))
    with pytest.raises(ValueError, match="without a head of masked words"):
        model.masked_scores(batch.ids, batch.mask, batch.mask.bool())
