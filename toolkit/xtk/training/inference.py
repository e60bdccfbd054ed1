"""Scores of a model for every example of a split."""

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from xtk.kinds.encoded import Encoded
from xtk.modules.model import TransferModel
from xtk.training.batches import Batch, collate, cut
from xtk.training.device import Device

TOKENS_PER_PASS = 4096


def sequence_scores(model: TransferModel, encoded: Encoded, device: Device) -> NDArray[np.float32]:
    """The head's scores, (sequences, outputs) in the order of the split; the model is in eval mode.

    Examples are run longest first, so that a lack of memory shows at once.
    """
    order = np.argsort(-encoded.lengths(), kind="stable")
    scores: NDArray[np.float32] | None = None
    was_training = model.training
    model.eval()
    with torch.inference_mode(), device.autocast():
        for chosen in cut(order, encoded, TOKENS_PER_PASS):
            batch = collate(encoded, chosen).to(device.torch_device)
            part = model(batch.ids, batch.mask).cpu().numpy()
            if scores is None:
                scores = np.empty((len(encoded.offsets) - 1, part.shape[1]), dtype=np.float32)
            groups = zip(encoded.groups[chosen], encoded.groups[chosen + 1], strict=True)
            scores[np.concatenate([np.arange(a, b) for a, b in groups])] = part
    model.train(was_training)
    if scores is None:
        raise ValueError("an empty split has no scores")
    return scores


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
