"""What is put on a backbone for one run, and the model that comes of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from torch import Tensor, nn

from xtk.backbones.backbone import Backbone, Pooling
from xtk.core.errors import XtkError
from xtk.kinds.kind import Kind
from xtk.modules import folders, library

ENCODER_WEIGHTS = "encoder.safetensors"  # of full fine-tuning, beside its head


@dataclass(frozen=True)
class Composition:
    """Which modules a run has; `build` makes it new, `restore` fills it from a finished run.

    An adapter run has `adapter_config`; a stack has `below` too, the folder of a finished adapter
    that stays frozen; full fine-tuning has neither and trains every weight, starting from
    `start_from` (the folder of a finished fine-tuning) where there is one.
    """

    backbone: Backbone
    kind: Kind
    name: str  # of adapter and head
    label_names: tuple[str, ...]
    adapter_config: str | None
    below: Path | None = None
    start_from: Path | None = None

    @property
    def stack(self) -> list[str]:
        """The adapters that are run through, lowest first."""
        lower = [BELOW] if self.below else []
        return [*lower, self.name] if self.adapter_config else []


# The name of a frozen adapter in a stack; "intermediate" would be that of XLM-R's own layers.
BELOW = "below"


class TransferModel(nn.Module):
    """Backbone, adapters and one head: token ids in, scores of each sequence out."""

    def __init__(self, library_model: Any, head_name: str, pooling: Pooling) -> None:
        super().__init__()
        self.library_model = library_model
        self.head_name = head_name
        self.pooling = pooling

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """(sequences, length) ids and mask of real tokens -> (sequences, outputs) in fp32."""
        hidden = self.library_model.roberta(ids, attention_mask=mask)[0]
        vectors = pool(hidden, mask, self.pooling)
        return library.head_scores(self.library_model.heads[self.head_name], vectors).float()


def pool(hidden: Tensor, mask: Tensor, pooling: Pooling) -> Tensor:
    """One vector a sequence: of its first token, or the mean over its real tokens."""
    if pooling == "first":
        return hidden[:, 0]
    weights = mask.to(hidden.dtype).unsqueeze(-1)
    return (hidden * weights).sum(1) / weights.sum(1)


def build(composition: Composition, *, seed: int, attention: str, dropout: float) -> TransferModel:
    """The model before training, its new weights drawn from `seed`, the right ones trainable."""
    model = _encoder(composition, attention)
    torch.manual_seed(seed)
    if composition.adapter_config:
        if composition.below:
            folders.load_adapter(model, composition.below, BELOW)
        library.add_adapter(model, composition.name, composition.adapter_config)
    library.add_head(model, composition.name, composition.kind, composition.label_names)
    return _ready(composition, model, dropout)


def restore(composition: Composition, folder: Path, *, attention: str) -> TransferModel:
    """The model of a finished run whose modules `save` wrote into `folder`."""
    start = None if composition.adapter_config else folder
    model = _encoder(composition, attention, start)
    if composition.adapter_config:
        if composition.below:
            folders.load_adapter(model, composition.below, BELOW)
        folders.load_adapter(model, folder, composition.name)
    folders.load_head(model, folder, composition.name, composition.kind, composition.label_names)
    return _ready(composition, model, dropout=0.0).eval()


def save(composition: Composition, model: TransferModel, folder: Path) -> None:
    """Write what was trained, in the library's own layout; full fine-tuning adds its encoder."""
    if composition.adapter_config:
        library.save_adapter(model.library_model, composition.name, folder)
        return
    library.save_head(model.library_model, composition.name, folder)
    encoder = {n: p.detach().cpu() for n, p in model.library_model.roberta.named_parameters()}
    save_file(encoder, folder / ENCODER_WEIGHTS)


def trainable(model: TransferModel) -> dict[str, nn.Parameter]:
    """The parameters that training moves, by name."""
    return {n: p for n, p in model.named_parameters() if p.requires_grad}


def hold_frozen_in_bf16(model: TransferModel) -> None:
    """Keep the frozen matrices in bf16 once, instead of casting them in every step.

    Embeddings and layer norms stay in fp32: they cost no matrix product and carry the residual.
    """
    for module in model.library_model.roberta.modules():
        if isinstance(module, nn.Linear):
            for parameter in module.parameters(recurse=False):
                if not parameter.requires_grad:
                    parameter.data = parameter.data.to(torch.bfloat16)


def _encoder(composition: Composition, attention: str, start: Path | None = None) -> Any:
    backbone = composition.backbone
    model = library.load_backbone(backbone.folder, name=backbone.name, attention=attention)
    start = start or composition.start_from
    if start:
        path = start / ENCODER_WEIGHTS
        if not path.is_file():
            raise XtkError(
                f"{path} is missing; only a finished 'finetune' run can be gone on from."
            )
        folders.fill(path, model.roberta.named_parameters(), "", "")
    return model


def _ready(composition: Composition, model: Any, dropout: float) -> TransferModel:
    if composition.adapter_config:
        library.train_only(model, composition.stack, composition.name)
    else:
        model.requires_grad_(True)
    library.set_dropout(model, dropout)
    return TransferModel(model, composition.name, composition.backbone.pooling)
