import pytest
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    """A tokenizer of XLM-R's form over single letters."""
    pieces = ["<s>", "<pad>", "</s>", "<unk>", "▁", *"abcdefghij", "ไ", "ท", "ย"]
    made = Tokenizer(Unigram([(p, -1.0) for p in pieces], unk_id=3))
    made.pre_tokenizer = Metaspace()
    made.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return made
