"""A finished run brought to life."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xtk.backbones.backbone import Backbone, Pooling, resolve
from xtk.core.errors import XtkError
from xtk.core.settings import Settings
from xtk.kinds.encoded import Encoded
from xtk.kinds.kind import KINDS, Kind
from xtk.runs.store import Run
from xtk.workflows.recipe import UNTRAINED

if TYPE_CHECKING:
    from xtk.modules.model import TransferModel
    from xtk.training.device import Device

Make = Callable[[tuple[int, int, int]], NDArray[np.float32]]


@dataclass(frozen=True)
class Loaded:
    """A run whose backbone and model are loaded when they are first needed."""

    run: Run
    settings: Settings

    @cached_property
    def heads(self) -> dict[str, tuple[Kind, tuple[str, ...]]]:
        """Kind and label names of each head, by the name of its task."""
        heads = self.run.details["heads"]
        return {n: (KINDS[h["kind"]], tuple(h["label_names"])) for n, h in heads.items()}

    def length(self, head: str) -> int:
        """The most tokens of a sequence that the head was trained with."""
        values = self.run.identity.hyperparameters
        return int(values.get("max_length", values.get(f"{head}.max_length", 0)))

    @cached_property
    def backbone(self) -> Backbone:
        """The backbone that the run was trained on, by its fingerprint."""
        identity = self.run.identity
        pooling: Any = identity.pooling
        backbone = resolve(self.run.details["size"], cache=self.settings.cache, pooling=pooling)
        if backbone.fingerprint != identity.backbone_fingerprint:
            raise XtkError(
                f"{self.run.name} was trained on another {identity.backbone} than the one in "
                f"{backbone.folder}; their files differ."
            )
        return backbone

    def scores(self, encoded: Encoded, head: str) -> NDArray[np.float32]:
        """The scores of a head, (sequences, outputs) or (tokens, outputs)."""
        from xtk.training.inference import scores

        model, device = self._model
        return scores(model, encoded, device, head)

    def vectors(
        self, encoded: Encoded, layers: Sequence[int], pooling: Pooling, make: Make
    ) -> NDArray[np.float32]:
        """Vectors of layers, (layers, sequences, hidden); `make` gives the array for a shape."""
        from xtk.training.inference import vectors

        model, device = self._model
        return vectors(model, encoded, device, (tuple(layers), pooling), make)

    @cached_property
    def _model(self) -> "tuple[TransferModel, Device]":
        from xtk.modules.model import Composition, Head, bare, hold_frozen_in_bf16, restore
        from xtk.training.device import choose_device

        run, identity = self.run, self.run.identity
        device = choose_device(self.run.details["precision"])
        if identity.method == UNTRAINED:
            model = bare(self.backbone, attention=device.attention)
        else:
            composition = Composition(
                backbone=self.backbone,
                heads=tuple(Head(name, *head) for name, head in self.heads.items()),
                adapter_config=identity.adapter,
                below=run.intermediate,
            )
            model = restore(composition, run.modules, attention=device.attention)
        if device.precision == "bf16":
            hold_frozen_in_bf16(model)
        return model.to(device.torch_device), device
