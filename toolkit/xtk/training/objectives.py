"""What is made small: the loss of a batch, by what its labels belong to."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, normalize, pad

from xtk.kinds.encoded import NO_LABEL, Level
from xtk.modules.model import TransferModel
from xtk.training.batches import Batch

SCALE = 100.0  # of cosines in a softmax (google-research/xtreme, run_retrieval_qa.py: its start)
MASKED_SHARE = 0.15  # of tokens (Devlin et al. 2019, section 3.1)
_SPECIAL_IDS = 4  # <s>, <pad>, </s> and <unk> are not masked

# the summed loss of a batch, and over how many labels it is the sum
Objective = Callable[[TransferModel, Batch, str], tuple[Tensor, Tensor]]


def of_examples(model: TransferModel, batch: Batch, head: str) -> tuple[Tensor, Tensor]:
    """The right label or choice of each example."""
    logits = example_logits(model(batch.ids, batch.mask, head), batch)
    return _summed(logits, batch.labels)


def of_tokens(model: TransferModel, batch: Batch, head: str) -> tuple[Tensor, Tensor]:
    """The right tag of each token that has one."""
    scores = model(batch.ids, batch.mask, head)
    return _summed(scores.flatten(0, 1), batch.labels.flatten())


def of_windows(model: TransferModel, batch: Batch, head: str) -> tuple[Tensor, Tensor]:
    """The tokens at which each window's span begins and ends; each counts a half."""
    scores = model(batch.ids, batch.mask, head)
    scores = scores.masked_fill(batch.mask.unsqueeze(-1) == 0, -torch.inf)
    loss, count = _summed(scores.transpose(1, 2).flatten(0, 1), batch.labels.flatten())
    return loss / 2, count / 2


def of_pairs(model: TransferModel, batch: Batch, head: str) -> tuple[Tensor, Tensor]:
    """The right candidate of each query among all of the batch (LAReQA, Roy et al. 2020)."""
    vectors = normalize(model(batch.ids, batch.mask, head), dim=1)
    logits = SCALE * vectors[0::2] @ vectors[1::2].T
    return _summed(logits, torch.arange(len(logits), device=logits.device))


def of_masked(model: TransferModel, batch: Batch, head: str) -> tuple[Tensor, Tensor]:
    """The words behind masks that are drawn anew from torch's generator.

    As in Devlin et al. 2019, section 3.1: of the chosen tokens 80 % become the mask, 10 % another
    word, and the others stay.
    """
    ids = batch.ids.cpu()  # drawn there, so that every device draws alike
    words = ids >= _SPECIAL_IDS
    chosen = words & (torch.rand(ids.shape) < MASKED_SHARE)
    if not chosen.any():
        chosen = words & (words.flatten().cumsum(0).view_as(words) == 1)
    fate = torch.rand(ids.shape)
    mask_id = model.vocabulary - 1  # <mask> is the last piece of every XLM-R
    others = torch.randint(_SPECIAL_IDS, mask_id, ids.shape)
    seen = torch.where(chosen & (fate < 0.8), mask_id, ids)
    seen = torch.where(chosen & (fate >= 0.8) & (fate < 0.9), others, seen)
    device = batch.ids.device
    chosen = chosen.to(device)
    return _summed(model.masked_scores(seen.to(device), batch.mask, chosen), batch.ids[chosen])


OBJECTIVES: Mapping[Level, Objective] = MappingProxyType(
    {
        "example": of_examples,
        "token": of_tokens,
        "window": of_windows,
        "pair": of_pairs,
        "masked": of_masked,
    }
)


def example_logits(scores: Tensor, batch: Batch) -> Tensor:
    """Logits of each example over its labels or choices, (examples, labels or most choices).

    Scores of one output per sequence are a choice each; an example with fewer choices than
    another has -inf in the places it lacks.
    """
    if scores.shape[1] > 1:
        return scores
    sizes = torch.diff(batch.groups)
    parts = torch.split(scores[:, 0], sizes.tolist())
    most = int(sizes.max())
    return torch.stack([pad(part, (0, most - len(part)), value=-torch.inf) for part in parts])


def _summed(logits: Tensor, labels: Tensor) -> tuple[Tensor, Tensor]:
    loss = cross_entropy(logits, labels, ignore_index=NO_LABEL, reduction="sum")
    return loss, (labels != NO_LABEL).sum()
