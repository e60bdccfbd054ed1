"""Every loss beside one that is written from its definition."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, gelu, layer_norm, linear

from support import HEAD, choices, couples, pairs, spans, tagged, texts
from xtk.backbones.backbone import Backbone
from xtk.kinds.encoded import NO_LABEL, flatten
from xtk.kinds.kind import (
    MULTIPLE_CHOICE,
    RETRIEVAL,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
    Kind,
)
from xtk.modules.model import Composition, Head, TransferModel, build
from xtk.training.batches import Batch, collate
from xtk.training.objectives import MASKED_SHARE, OBJECTIVES, SCALE, of_masked

WORDS = 4  # the first id that is a word


def model_of(tiny: Backbone, kind: Kind, *, masked: bool = False, adapter="seq_bn"):
    what = Composition(tiny, (Head(HEAD, kind, ("a", "b")),), adapter, masked_lm=masked)
    return build(what, seed=0, attention="eager", dropout=0.0).eval()


def loss_of(model: TransferModel, batch: Batch, level: str) -> tuple[float, float]:
    loss, count = OBJECTIVES[level](model, batch, HEAD)
    return float(loss.detach()), float(count)


def test_the_loss_of_labels_and_choices(tiny):
    batch = collate(pairs(6), range(6))
    model = model_of(tiny, SEQUENCE_CLASSIFICATION)
    logits = model(batch.ids, batch.mask, HEAD)
    expected = sum(-logits[i].log_softmax(0)[batch.labels[i]] for i in range(6))
    assert loss_of(model, batch, "example") == (
        pytest.approx(float(expected.detach()), rel=1e-5),
        6,
    )

    batch = collate(choices(6), range(6))
    model = model_of(tiny, MULTIPLE_CHOICE)
    logits = model(batch.ids, batch.mask, HEAD)[:, 0]
    parts = logits.split(batch.groups.diff().tolist())
    expected = sum(-part.log_softmax(0)[batch.labels[i]] for i, part in enumerate(parts))
    assert loss_of(model, batch, "example") == (
        pytest.approx(float(expected.detach()), rel=1e-5),
        6,
    )


def test_the_loss_of_tags_counts_first_subwords_only(tiny):
    batch = collate(tagged(6), range(6))
    model = model_of(tiny, TOKEN_CLASSIFICATION)
    logits = model(batch.ids, batch.mask, HEAD)
    known = (batch.labels != NO_LABEL).nonzero().tolist()
    expected = sum(-logits[i, j].log_softmax(0)[batch.labels[i, j]] for i, j in known)
    assert loss_of(model, batch, "token") == (
        pytest.approx(float(expected.detach()), rel=1e-5),
        len(known),
    )


def test_the_loss_of_spans_is_the_mean_of_both_ends(tiny):
    """As run_squad.py: the mean of two cross-entropies over the places of a window."""
    batch = collate(spans(6), range(6))
    model = model_of(tiny, SPAN_EXTRACTION)
    logits = model(batch.ids, batch.mask, HEAD)
    expected = 0.0
    for i, (begin, end) in enumerate(batch.labels.tolist()):
        real = int(batch.mask[i].sum())
        expected -= float(logits[i, :real, 0].log_softmax(0)[begin].detach()) / 2
        expected -= float(logits[i, :real, 1].log_softmax(0)[end].detach()) / 2
    rows = len(batch.labels)
    assert loss_of(model, batch, "window") == (pytest.approx(expected, rel=1e-5), rows)


def test_the_loss_of_pairs_finds_each_candidate_among_all_of_the_batch(tiny):
    batch = collate(couples(5), range(5))
    model = model_of(tiny, RETRIEVAL)
    vectors = model(batch.ids, batch.mask, HEAD)
    cosines = torch.cosine_similarity(vectors[0::2, None], vectors[None, 1::2], dim=2)
    expected = cross_entropy(SCALE * cosines, torch.arange(5), reduction="sum")
    loss, count = loss_of(model, batch, "pair")
    assert (loss, count) == (pytest.approx(float(expected.detach()), rel=1e-4), 5)


def masked_by_hand(ids: Tensor, vocabulary: int) -> tuple[Tensor, Tensor]:
    """The tokens that are seen and those that are to be found, drawn in the same order."""
    drawn, fate = torch.rand(ids.shape), torch.rand(ids.shape)
    others = torch.randint(WORDS, vocabulary - 1, ids.shape)
    seen, chosen = ids.clone(), torch.zeros_like(ids, dtype=torch.bool)
    for place in (ids >= WORDS).nonzero().tolist():
        i, j = place
        if drawn[i, j] < MASKED_SHARE:
            chosen[i, j] = True
            if fate[i, j] < 0.8:
                seen[i, j] = vocabulary - 1
            elif fate[i, j] < 0.9:
                seen[i, j] = others[i, j]
    return seen, chosen


def head_by_hand(model: TransferModel, hidden: Tensor) -> Tensor:
    """Dense, GELU, norm, and the embeddings as the last matrix."""
    head, table = model.masked_lm, model.library_model.roberta.embeddings.word_embeddings.weight
    inner = gelu(linear(hidden, head.dense.weight, head.dense.bias))
    norm = head.layer_norm
    inner = layer_norm(inner, inner.shape[-1:], norm.weight, norm.bias, norm.eps)
    return linear(inner, table, head.bias)


def test_the_loss_of_masked_words(tiny):
    batch = collate(texts(20), range(20))
    model = model_of(tiny, SEQUENCE_CLASSIFICATION, masked=True)
    torch.manual_seed(3)
    loss, count = of_masked(model, batch, "")
    torch.manual_seed(3)
    seen, chosen = masked_by_hand(batch.ids, model.vocabulary)
    hidden = model.library_model.roberta(seen, attention_mask=batch.mask)[0]
    scores = head_by_hand(model, hidden)
    expected = sum(-scores[i, j].log_softmax(0)[batch.ids[i, j]] for i, j in chosen.nonzero())
    assert int(count) == int(chosen.sum()) > 10
    assert float(loss.detach()) == pytest.approx(float(expected.detach()), rel=1e-5)


def test_masks_are_shared_out_as_in_bert(tiny):
    """15 % of words, 80 % of them a mask and 10 % another word (Devlin et al. 2019, 3.1)."""
    model = model_of(tiny, SEQUENCE_CLASSIFICATION, masked=True)
    ids = torch.randint(WORDS, 51, (200, 60))
    ids[:, 0], ids[:, -1] = 0, 2
    batch = Batch(ids, torch.ones_like(ids), torch.arange(201), torch.full((200,), NO_LABEL))
    asked: list[tuple[Tensor, Tensor]] = []

    def masked_scores(seen, mask, chosen):
        asked.append((seen, chosen))
        return torch.zeros(int(chosen.sum()), model.vocabulary)

    model.masked_scores = masked_scores
    torch.manual_seed(0)
    of_masked(model, batch, "")
    ((seen, chosen),) = asked
    words = ids >= WORDS
    assert not chosen[~words].any()
    assert torch.equal(seen[~chosen], ids[~chosen])
    assert float(chosen[words].float().mean()) == pytest.approx(0.15, abs=0.01)
    masked = seen[chosen] == model.vocabulary - 1
    assert float(masked.float().mean()) == pytest.approx(0.8, abs=0.03)
    changed = ~masked & (seen[chosen] != ids[chosen])
    assert float(changed.float().mean()) == pytest.approx(0.1, abs=0.03)
    assert (seen[chosen][changed] >= WORDS).all()


def test_a_batch_always_has_a_masked_word_if_it_has_a_word(tiny):
    model = model_of(tiny, SEQUENCE_CLASSIFICATION, masked=True)
    one = collate(flatten([[0, 9, 2]], [1], [NO_LABEL], 0, level="masked"), [0])
    none = collate(flatten([[0, 2]], [1], [NO_LABEL], 0, level="masked"), [0])
    for seed in range(5):
        torch.manual_seed(seed)
        loss, count = of_masked(model, one, "")
        assert int(count) == 1 and float(loss.detach()) > 0
        loss, count = of_masked(model, none, "")
        assert (float(loss.detach()), int(count)) == (0.0, 0)


def test_the_embeddings_learn_through_both_ends(tiny):
    """The gradient of a tied matrix is the sum of those of two that are not tied."""
    batch = collate(texts(12), range(12))
    model = model_of(tiny, SEQUENCE_CLASSIFICATION, masked=True, adapter=None)
    table = model.library_model.roberta.embeddings.word_embeddings.weight
    torch.manual_seed(1)
    of_masked(model, batch, "")[0].backward()
    tied = table.grad.clone()
    model.zero_grad()
    own = torch.nn.Parameter(table.detach().clone())
    model.masked_lm.decoder.weight = own
    torch.manual_seed(1)
    of_masked(model, batch, "")[0].backward()
    assert table.grad.abs().sum() > 0 and own.grad.abs().sum() > 0
    assert torch.allclose(tied, table.grad + own.grad, atol=1e-4)


def test_padding_changes_no_loss(tiny):
    narrow = collate(spans(6), range(6))
    wide = replace(
        narrow,
        ids=torch.nn.functional.pad(narrow.ids, (0, 7), value=1),
        mask=torch.nn.functional.pad(narrow.mask, (0, 7)),
    )
    model = model_of(tiny, SPAN_EXTRACTION)
    assert loss_of(model, wide, "window") == pytest.approx(loss_of(model, narrow, "window"))
