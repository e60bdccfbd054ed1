"""What a model says of every example of a split."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from xtk.backbones.backbone import Pooling
from xtk.kinds.encoded import Encoded
from xtk.modules.model import TransferModel
from xtk.training.batches import Batch, collate, cut
from xtk.training.device import Device

TOKENS_PER_PASS = 4096


def scores(
    model: TransferModel, encoded: Encoded, device: Device, head: str
) -> NDArray[np.float32]:
    """The head's scores in the order of the split.

    (sequences, outputs), or (tokens, outputs) where the head reads tokens.
    """
    of_tokens = model.reads[head] == "token"
    result: NDArray[np.float32] | None = None
    for chosen, batch in _passes(model, encoded, device):
        part = model(batch.ids, batch.mask, head)
        part = part[batch.mask.bool()] if of_tokens else part
        values = part.cpu().numpy()
        rows = _sequences(encoded, chosen)
        if of_tokens:
            starts, ends = encoded.offsets[rows], encoded.offsets[rows + 1]
            rows = np.concatenate([np.arange(a, b) for a, b in zip(starts, ends, strict=True)])
        if result is None:
            count = len(encoded.ids) if of_tokens else len(encoded.offsets) - 1
            result = np.empty((count, values.shape[1]), dtype=np.float32)
        result[rows] = values
    if result is None:
        raise ValueError("an empty split has no scores")
    return result


def vectors(
    model: TransferModel,
    encoded: Encoded,
    device: Device,
    of: tuple[Sequence[int], Pooling],
    make: Callable[[tuple[int, int, int]], NDArray[np.float32]],
) -> NDArray[np.float32]:
    """A vector a sequence of each of some layers, (layers, sequences, hidden).

    `of` are the layers, 0 for the embeddings, and how their tokens are made one vector. `make`
    gives the array for a shape: one on disk where memory is too small.
    """
    layers, pooling = of
    result: NDArray[np.float32] | None = None
    for chosen, batch in _passes(model, encoded, device):
        values = model.layer_vectors(batch.ids, batch.mask, layers, pooling).cpu().numpy()
        if result is None:
            result = make((len(layers), len(encoded.offsets) - 1, values.shape[2]))
        result[:, _sequences(encoded, chosen)] = values
    if result is None:
        raise ValueError("an empty split has no vectors")
    return result


def _passes(
    model: TransferModel, encoded: Encoded, device: Device
) -> Iterator[tuple[NDArray[np.int64], Batch]]:
    """Batches of the whole split, longest first so that a lack of memory shows at once."""
    order = np.argsort(-encoded.lengths(), kind="stable")
    was_training = model.training
    model.eval()
    with torch.inference_mode(), device.autocast():
        for chosen in cut(order, encoded, TOKENS_PER_PASS):
            yield chosen, collate(encoded, chosen).to(device.torch_device)
    model.train(was_training)


def _sequences(encoded: Encoded, examples: NDArray[np.int64]) -> NDArray[np.int64]:
    groups = zip(encoded.groups[examples], encoded.groups[examples + 1], strict=True)
    return np.concatenate([np.arange(a, b) for a, b in groups])
