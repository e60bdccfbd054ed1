"""What is put on a backbone for one run, and the model that comes of it."""

from collections.abc import Sequence
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
HEADS = "heads"  # the folder of the heads of several tasks


@dataclass(frozen=True)
class Head:
    """What stands on the encoder for one task; its name is the task's."""

    name: str
    kind: Kind
    label_names: tuple[str, ...]


@dataclass(frozen=True)
class Composition:
    """Which modules a run has; `build` makes it new, `restore` fills it from a finished run.

    An adapter run has `adapter_config`; a stack has `below` too, the folder of a finished adapter
    that stays frozen; full fine-tuning has neither and trains every weight, starting from
    `start_from` (the folder of a finished fine-tuning) where there is one. `masked_lm` adds the
    head of masked words, which only training needs: it is never saved.
    """

    backbone: Backbone
    heads: tuple[Head, ...]  # none: the bare backbone
    adapter_config: str | None
    below: Path | None = None
    start_from: Path | None = None
    masked_lm: bool = False

    @property
    def name(self) -> str:
        """The adapter's: that of its one head, so that both are saved as one."""
        return self.heads[0].name if len(self.heads) == 1 else SHARED

    @property
    def stack(self) -> list[str]:
        """The adapters that are run through, lowest first."""
        lower = [BELOW] if self.below else []
        return [*lower, self.name] if self.adapter_config else []


# The name of a frozen adapter in a stack; "intermediate" would be that of XLM-R's own layers.
BELOW = "below"
SHARED = "shared"  # the name of an adapter that several heads stand on
MASKED = "masked_lm"


class TransferModel(nn.Module):
    """Backbone, adapters and heads: token ids in, the scores of one head out."""

    def __init__(self, library_model: Any, heads: tuple[Head, ...], pooling: Pooling) -> None:
        super().__init__()
        self.library_model = library_model
        self.vocabulary: int = library_model.config.vocab_size
        self.reads = {head.name: head.kind.reads for head in heads}
        self.pooling = pooling
        self.masked_lm: nn.Module | None = None

    def forward(self, ids: Tensor, mask: Tensor, head: str) -> Tensor:
        """The scores of a head for (sequences, length) ids and their mask of real tokens, in fp32.

        (sequences, outputs), (sequences, length, outputs) where the head reads tokens, and the
        vectors themselves, (sequences, hidden), where there is none.
        """
        hidden = self.library_model.roberta(ids, attention_mask=mask)[0]
        reads = self.reads[head]
        seen = hidden if reads == "token" else pool(hidden, mask, self.pooling)
        if reads != "vector":
            seen = library.head_scores(self.library_model.heads[head], seen)
        return seen.float()

    def masked_scores(self, ids: Tensor, mask: Tensor, chosen: Tensor) -> Tensor:
        """Scores of every word of the vocabulary at the `chosen` tokens, (chosen, vocabulary)."""
        if self.masked_lm is None:
            raise ValueError("the model was built without a head of masked words")
        hidden = self.library_model.roberta(ids, attention_mask=mask)[0]
        scores: Tensor = self.masked_lm(hidden[chosen])
        return scores.float()

    def layer_vectors(
        self, ids: Tensor, mask: Tensor, layers: Sequence[int], pooling: Pooling
    ) -> Tensor:
        """A vector a sequence of each layer, (layers, sequences, hidden); 0 are the embeddings."""
        out = self.library_model.roberta(ids, attention_mask=mask, output_hidden_states=True)
        return torch.stack([pool(out.hidden_states[i], mask, pooling).float() for i in layers])


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
    for head in composition.heads:
        library.add_head(model, head.name, head.kind, head.label_names)
    return _ready(composition, model, dropout)


def restore(composition: Composition, folder: Path, *, attention: str) -> TransferModel:
    """The model of a finished run whose modules `save` wrote into `folder`."""
    start = None if composition.adapter_config else folder
    model = _encoder(composition, attention, start)
    if composition.adapter_config:
        if composition.below:
            folders.load_adapter(model, composition.below, BELOW)
        folders.load_adapter(model, folder, composition.name)
    for head in composition.heads:
        if head.kind.reads != "vector":
            place = folder if len(composition.heads) == 1 else folder / HEADS / head.name
            folders.load_head(model, place, head.name, head.kind, head.label_names)
    return _ready(composition, model, dropout=0.0).eval()


def bare(backbone: Backbone, *, attention: str) -> TransferModel:
    """The backbone alone, as it was published."""
    return _ready(Composition(backbone, (), None), _encoder_of(backbone, attention), 0.0).eval()


def save(composition: Composition, model: TransferModel, folder: Path) -> None:
    """Write what was trained, in the library's own layout; full fine-tuning adds its encoder.

    The head of a single task lies beside its adapter, where the library looks for it; those of
    several tasks each have a folder.
    """
    several = len(composition.heads) > 1
    if composition.adapter_config:
        library.save_adapter(model.library_model, composition.name, folder)
    for head in composition.heads:
        is_saved = bool(composition.adapter_config) and not several
        if head.kind.reads != "vector" and not is_saved:
            place = folder / HEADS / head.name if several else folder
            library.save_head(model.library_model, head.name, place)
    if not composition.adapter_config:
        folder.mkdir(parents=True, exist_ok=True)
        encoder = {n: p.detach().cpu() for n, p in model.library_model.roberta.named_parameters()}
        save_file(encoder, folder / ENCODER_WEIGHTS)


def trainable(model: TransferModel) -> dict[str, nn.Parameter]:
    """The parameters that training moves, by name."""
    return {n: p for n, p in model.named_parameters() if p.requires_grad}  # tied ones once


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
    model = _encoder_of(composition.backbone, attention)
    start = start or composition.start_from
    if start:
        path = start / ENCODER_WEIGHTS
        if not path.is_file():
            raise XtkError(
                f"{path} is missing; only a finished 'finetune' run can be gone on from."
            )
        folders.fill(path, model.roberta.named_parameters(), "", "")
    return model


def _encoder_of(backbone: Backbone, attention: str) -> Any:
    return library.load_backbone(backbone.folder, name=backbone.name, attention=attention)


def _ready(composition: Composition, model: Any, dropout: float) -> TransferModel:
    if composition.adapter_config:
        heads = [head.name for head in composition.heads]
        library.train_only(model, composition.stack, [composition.name, *heads])
    else:
        model.requires_grad_(True)
    library.set_dropout(model, dropout)
    ready = TransferModel(model, composition.heads, composition.backbone.pooling)
    if composition.masked_lm:
        ready.masked_lm = library.masked_lm_head(model, composition.backbone.folder)
    return ready
