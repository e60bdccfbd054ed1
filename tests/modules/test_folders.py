"""Folders of others: the library loads most of these without a word."""

import json
import pickle
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from xtk.backbones.backbone import Backbone
from xtk.core.errors import XtkError
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION
from xtk.modules.model import Composition, Head, build, restore, save

WEIGHTS, HEAD = "adapter.safetensors", "model_head.safetensors"
UP = "roberta.encoder.layer.1.output.adapters.target.adapter_up.weight"


@pytest.fixture
def what(tiny: Backbone) -> Composition:
    return Composition(tiny, (Head("target", SEQUENCE_CLASSIFICATION, ("no", "yes")),), "seq_bn")


@pytest.fixture
def folder(what: Composition, tmp_path: Path) -> Path:
    save(what, build(what, seed=0, attention="eager", dropout=0.0), tmp_path / "run")
    return tmp_path / "run"


def edit_tensors(file: str, edit: Callable[[dict], None]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        tensors = load_file(folder / file)
        edit(tensors)
        save_file(tensors, folder / file)

    return change


def edit_json(file: str, edit: Callable[[dict], None]) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        content = json.loads((folder / file).read_text())
        edit(content)
        (folder / file).write_text(json.dumps(content))

    return change


def cut(file: str, keep: int) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_bytes((folder / file).read_bytes()[:keep]) and None


def put(file: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_bytes(content) and None


def remove(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def first(tensors: dict) -> str:
    return sorted(tensors)[0]


# what is wrong -> how it is made, and the file and words of the error
HOSTILE = {
    "a tensor is missing": (edit_tensors(WEIGHTS, lambda t: t.pop(first(t))), WEIGHTS, "missing"),
    "a tensor of the backbone": (
        edit_tensors(WEIGHTS, lambda t: t.update({"roberta.embeddings.x": t[UP].clone()})),
        WEIGHTS,
        "does not belong",
    ),
    "another shape": (edit_tensors(WEIGHTS, lambda t: t.update({UP: t[UP].T.contiguous()})),
                      WEIGHTS, "expected (64, 4)"),
    "not a number": (edit_tensors(WEIGHTS, lambda t: t[UP].fill_(torch.nan)), WEIGHTS, "finite"),
    "infinite": (edit_tensors(HEAD, lambda t: t[first(t)].fill_(torch.inf)), HEAD, "finite"),
    "integers": (edit_tensors(WEIGHTS, lambda t: t.update({UP: t[UP].long()})), WEIGHTS, "finite"),
    "an empty file": (put(WEIGHTS, b""), WEIGHTS, "cannot be read"),
    "a cut file": (cut(WEIGHTS, 500), WEIGHTS, "cannot be read"),
    "a pickle": (put(WEIGHTS, pickle.dumps({"a": 1})), WEIGHTS, "cannot be read"),
    "no weights": (remove(WEIGHTS), WEIGHTS, "missing"),
    "no head": (remove(HEAD), HEAD, "missing"),
    "no configuration": (remove("adapter_config.json"), "adapter_config.json", "missing"),
    "no head configuration": (remove("head_config.json"), "head_config.json", "missing"),
    "no object": (put("adapter_config.json", b"[]"), "adapter_config.json", "not a configuration"),
    "cut JSON": (cut("adapter_config.json", 40), "adapter_config.json", "not a configuration"),
    "no text": (put("adapter_config.json", b"\xff"), "adapter_config.json", "not a configuration"),
    "another hidden size": (edit_json("adapter_config.json", lambda c: c.update(hidden_size=32)),
                            "adapter_config.json", "hidden size 32"),
    "another model": (edit_json("head_config.json", lambda c: c.update(model_type="bert")),
                      "head_config.json", "for bert"),
    "labels in another order": (
        edit_json("head_config.json", lambda c: c["config"].update(label2id={"no": 1, "yes": 0})),
        "head_config.json",
        "labels",
    ),
    "another adapter": (
        edit_json("adapter_config.json", lambda c: c["config"].update(reduction_factor=8)),
        WEIGHTS,
        "expected",
    ),
    "a name that leaves the folder": (
        edit_json("adapter_config.json", lambda c: c.update(name="../../etc")),
        WEIGHTS,
        "../../etc",
    ),
    "a file as configuration": (
        edit_json("adapter_config.json", lambda c: c.update(config="/etc/passwd")),
        "adapter_config.json",
        "not a configuration",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE, ids=str)
def test_a_damaged_folder_is_named_and_not_loaded(case, what, folder):
    change, file, words = HOSTILE[case]
    change(folder)
    with pytest.raises(XtkError) as caught:
        restore(what, folder, attention="eager")
    assert str(folder / file) in str(caught.value)
    assert words in str(caught.value)


def test_an_adapter_of_another_depth_is_refused(what, folder, tiny):
    tensors = load_file(folder / WEIGHTS)
    deeper = {
        n.replace("layer.1", "layer.2"): t.clone() for n, t in tensors.items() if "layer.1" in n
    }
    save_file(tensors | deeper, folder / WEIGHTS)
    with pytest.raises(XtkError, match=r"layer\.2.* does not belong there"):
        restore(what, folder, attention="eager")


def test_a_whole_folder_is_loaded(what, folder, tiny):
    restore(replace(what, backbone=tiny), folder, attention="eager")
