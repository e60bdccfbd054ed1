"""A tiny random XLM-R with a real tokenizer: the backbone of tests that train."""

import string
from pathlib import Path

import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing
from transformers import XLMRobertaConfig, XLMRobertaModel

from xtk.backbones.backbone import Backbone, resolve

PIECES = ["<s>", "<pad>", "</s>", "<unk>", "▁", *string.ascii_lowercase]
PIECES += [a + b for a in "aeiou" for b in "nrst"] + ["<mask>"]


@pytest.fixture(scope="session")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two layers of hidden size 64, saved by transformers itself."""
    folder = tmp_path_factory.mktemp("backbone") / "tiny"
    config = XLMRobertaConfig(
        vocab_size=len(PIECES),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=1,
        intermediate_size=96,
        max_position_embeddings=66,
        type_vocab_size=1,
    )
    torch.manual_seed(0)
    XLMRobertaModel(config).save_pretrained(folder)
    tokenizer = Tokenizer(Unigram([(piece, -2.0) for piece in PIECES], unk_id=3))
    tokenizer.pre_tokenizer = Metaspace()
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="session")
def tiny(tiny_folder: Path) -> Backbone:
    return resolve(str(tiny_folder), cache=tiny_folder.parent)
