"""Is the converted `mini` the real thing? Tatoeba retrieval, and token ids against a reference.

Usage: python benchmarks/mini.py TATOEBA [REFERENCE_TOKENIZER]

TATOEBA is data/tatoeba/v1 of facebookresearch/LASER (files tatoeba.xxx-eng.{xxx,eng}, line
by line translations). Accuracy is the share of sentences whose nearest English sentence, by cosine
of mean-pooled last hidden states, is their translation. With a tokenizer.json of XLM-R as second
argument the ids of 200 sentences in each of 50 languages are compared with it.
"""

import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer

from xtk.backbones.backbone import Backbone, resolve
from xtk.core.settings import Settings
from xtk.modules.library import load_backbone
from xtk.modules.model import pool

LANGUAGES = ("deu", "tel", "jpn", "ara", "swh", "cmn")
BATCH = 64


def sentences(folder: Path, lang: str, side: str) -> list[str]:
    text = (folder / f"tatoeba.{lang}-eng.{side}").read_text(encoding="utf-8")
    return text.removesuffix("\n").split("\n")


def vectors(model: torch.nn.Module, tokenizer: Tokenizer, texts: list[str]) -> torch.Tensor:
    """Normalised mean-pooled last hidden states, (texts, hidden)."""
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    result = torch.empty(len(texts), 384)
    for start in range(0, len(texts), BATCH):
        chosen = order[start : start + BATCH]
        encoded = tokenizer.encode_batch([texts[i] for i in chosen])
        ids = torch.tensor([e.ids for e in encoded])
        mask = torch.tensor([e.attention_mask for e in encoded])
        with torch.inference_mode():
            result[chosen] = pool(model.roberta(ids, attention_mask=mask)[0], mask, "mean")
    return torch.nn.functional.normalize(result, dim=1)


def retrieval(backbone: Backbone, folder: Path) -> None:
    model = load_backbone(backbone.folder, name=backbone.name, attention="eager").eval()
    tokenizer = Tokenizer.from_file(str(backbone.folder / "tokenizer.json"))
    tokenizer.enable_padding(pad_id=1)
    tokenizer.enable_truncation(512)
    for lang in LANGUAGES:
        foreign = vectors(model, tokenizer, sentences(folder, lang, lang))
        english = vectors(model, tokenizer, sentences(folder, lang, "eng"))
        nearest = (foreign @ english.T).argmax(1)
        right = (nearest == torch.arange(len(foreign))).float().mean()
        sys.stdout.write(f"{lang} (n = {len(foreign)}): {100 * right:.1f}\n")


def token_ids(backbone: Backbone, folder: Path, reference: Path) -> None:
    ours = Tokenizer.from_file(str(backbone.folder / "tokenizer.json"))
    theirs = Tokenizer.from_file(str(reference))
    for tokenizer in (ours, theirs):
        tokenizer.no_padding()
        tokenizer.no_truncation()
    languages = sorted({p.suffix[1:] for p in folder.glob("tatoeba.*-eng.*")} - {"eng"})
    large = [lang for lang in languages if len(sentences(folder, lang, lang)) >= 200][:50]
    texts = [text for lang in large for text in sentences(folder, lang, lang)[:200]]
    equal = sum(
        a.ids == b.ids
        for a, b in zip(ours.encode_batch(texts), theirs.encode_batch(texts), strict=True)
    )
    sys.stdout.write(f"token ids equal: {equal} of {len(texts)}, {len(large)} languages\n")


if __name__ == "__main__":
    mini = resolve("mini", cache=Settings.of().cache)
    if len(sys.argv) > 2:
        token_ids(mini, Path(sys.argv[1]), Path(sys.argv[2]))
    retrieval(mini, Path(sys.argv[1]))
