"""A finished run brought to life."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from xtk.backbones.backbone import Backbone, resolve
from xtk.core.errors import XtkError
from xtk.core.settings import Settings
from xtk.kinds.encoded import Encoded
from xtk.kinds.kind import KINDS, Kind
from xtk.runs.store import Run

if TYPE_CHECKING:
    from xtk.modules.model import TransferModel
    from xtk.training.device import Device


@dataclass(frozen=True)
class Loaded:
    """A run whose backbone and model are loaded when they are first needed."""

    run: Run
    settings: Settings

    @property
    def kind(self) -> Kind:
        return KINDS[self.run.details["kind"]]

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

    def scores(self, encoded: Encoded) -> NDArray[np.float32]:
        """The head's scores, (sequences, outputs)."""
        from xtk.training.inference import sequence_scores

        model, device = self._model
        return sequence_scores(model, encoded, device)

    def predict(self, encoded: Encoded) -> list[int]:
        """The index of the best label or choice of each example."""
        return [int(p) for p in self.kind.decode(self.scores(encoded), encoded.groups)]

    @cached_property
    def _model(self) -> "tuple[TransferModel, Device]":
        from xtk.modules.model import Composition, hold_frozen_in_bf16, restore
        from xtk.training.device import choose_device

        run, identity = self.run, self.run.identity
        device = choose_device(self.run.details["precision"])
        composition = Composition(
            backbone=self.backbone,
            kind=self.kind,
            name=identity.task,
            label_names=tuple(run.details["label_names"]),
            adapter_config=identity.adapter,
            below=run.intermediate,
        )
        model = restore(composition, run.modules, attention=device.attention)
        if device.precision == "bf16":
            hold_frozen_in_bf16(model)
        return model.to(device.torch_device), device
