"""The altered folders are those that transformers 4.57.6 and adapters 1.3.0 load in silence."""

import json
import shutil
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

from xtk.backbones.checks import check_config, check_tokenizer, check_weights
from xtk.core.errors import XtkError


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """A copy of the tiny backbone, to be damaged."""
    shutil.copytree(tiny_folder, tmp_path, dirs_exist_ok=True)
    return tmp_path


def check(folder: Path) -> None:
    config = check_config(folder)
    check_tokenizer(folder, config)
    check_weights(folder, config)


def test_what_transformers_saved_is_whole(folder):
    check(folder)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"_attn_implementation_internal": "someone/kernel"}, "_attn_implementation_internal"),
        ({"_attn_implementation": "someone/kernel"}, "_attn_implementation"),
        ({"auto_map": {"AutoModel": "evil.Model"}}, "auto_map"),
        ({"model_type": "roberta"}, "model_type"),
        ({"num_attention_heads": 2}, "num_attention_heads"),
        ({"num_hidden_layers": 3}, r"encoder\.layer\.2"),
        ({"num_hidden_layers": 1}, "more layers"),
        ({"num_hidden_layers": 10**8}, "num_hidden_layers"),
        ({"hidden_size": "64"}, "hidden_size"),
        ({"pad_token_id": 0}, "pad_token_id"),
        ({"type_vocab_size": 2}, "type_vocab_size"),
        ({"vocab_size": 9}, "52 pieces"),
        ({"max_position_embeddings": 514}, "position_embeddings"),
    ],
)
def test_a_config_that_does_not_fit_is_named(folder, changes, named):
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))
    with pytest.raises(XtkError, match=named):
        check(folder)


def test_a_missing_tensor_is_named(folder):
    path = folder / "model.safetensors"
    tensors = load_file(path)
    del tensors["encoder.layer.1.output.dense.bias"]
    save_file(tensors, path)
    with pytest.raises(XtkError, match=r"encoder\.layer\.1\.output\.dense\.bias is missing"):
        check(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors"])
@pytest.mark.parametrize("damage", ["missing", "cut", "empty"])
def test_a_damaged_file_is_named(folder, name, damage):
    path = folder / name
    content = path.read_bytes()
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[: len(content) // 2] if damage == "cut" else b"")
    with pytest.raises(XtkError, match=name):
        check(folder)
