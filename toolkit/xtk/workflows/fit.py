"""The part of a training that needs torch: from resolved rows to a finished run folder."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from xtk.core.files import whole_folder, write_whole
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.kinds.encoded import Encoded
from xtk.kinds.kind import MASKED_LM
from xtk.modules.library import check_adapter_config
from xtk.modules.model import MASKED, Composition, Head, TransferModel, build, save, trainable
from xtk.runs import store
from xtk.runs.store import Run
from xtk.training.device import Device, choose_device
from xtk.training.loop import Plan, Surroundings, Trained
from xtk.training.loop import train as train_model
from xtk.training.mixture import Mixing, Stream
from xtk.workflows.card import card
from xtk.workflows.details import details_of
from xtk.workflows.dev import DevScores, dev_results
from xtk.workflows.inputs import encode
from xtk.workflows.metrics_log import MetricsLog
from xtk.workflows.recipe import FINETUNE
from xtk.workflows.resolved import Part, Resolved

WHAT_TO_TRY = "another --seed, a lower --learning-rate, more rows or more --epochs"
MASKED_LENGTH, MASKED_BATCH = 128, 32  # tokens of a text, texts a step


def fit(resolved: Resolved, settings: Settings, report: Reporter) -> Run:
    """Train in a claimed folder; its mark `finished` is written when all the rest is there."""
    options, identity = resolved.recipe.options, resolved.identity
    if resolved.recipe.adapter is not None:
        check_adapter_config(resolved.recipe.adapter)
    device = choose_device(options.precision)
    report.note(
        f"{identity.name()}: {identity.train_rows:,} training rows, "
        f"{resolved.values.common['epochs']} epochs at most, {identity.dev_rows:,} dev rows, on "
        f"{device.torch_device.type} in {device.precision}"
    )
    details = details_of(resolved, device)
    with store.claimed(settings.home, identity, force=options.force, details=details) as folder:
        _Fitting(resolved, folder, device, settings, report).run()
        shutil.rmtree(folder / "checkpoint", ignore_errors=True)
    run = store.open_run(folder)
    for name, result in run.result["tasks"].items():
        if result["collapsed"]:
            report.note(
                f"{run.name} has collapsed on {name}: its dev score ({result['dev']:.1f}) is no "
                f"better than saying always the same; try {WHAT_TO_TRY}"
            )
    return run


@dataclass(frozen=True)
class _Fitting:
    """Everything between the claim and the mark; a checkpoint in the folder is gone on from."""

    resolved: Resolved
    folder: Path
    device: Device
    settings: Settings
    report: Reporter

    def run(self) -> None:
        streams = self._streams()
        composition = self._composition()
        options = self.resolved.recipe.options
        model = build(
            composition,
            seed=options.seed,
            attention=self.device.attention,
            dropout=float(self.resolved.values.common["dropout"]),
        )
        dev = DevScores(self.resolved.parts, self._dev, self.device)
        metrics = MetricsLog(self.folder / "metrics.jsonl")

        def log(record: dict[str, Any]) -> None:
            metrics.write(record)
            self.report.training(record)

        around = Surroundings(score_dev=dev.mean, log=log, checkpoints=self.folder / "checkpoint")
        try:
            trained = train_model(model, streams, self._plan(), self.device, around)
        finally:
            self.report.idle()
        self._keep(composition, model, trained, dev)

    def _keep(
        self, composition: Composition, model: TransferModel, trained: Trained, dev: DevScores
    ) -> None:
        """Write modules, dev predictions, their cells and the card, then the mark."""
        with whole_folder(self.folder / "adapter") as draft:
            save(composition, model, draft)
        result = dev_results(self.folder, dev, model) | {
            "trainable_parameters": sum(p.numel() for p in trainable(model).values()),
            "tokens_per_second": round(trained.tokens / trained.seconds, 1),
            "seconds": round(trained.seconds, 1),
            "steps": trained.steps,
            "best_epoch": trained.best_epoch,
            "dev_by_epoch": list(trained.dev),
        }
        write_whole(self.folder / "README.md", card(self.resolved, result))
        store.set_status(self.folder, store.FINISHED, result)

    @cached_property
    def _dev(self) -> Mapping[str, Encoded]:
        return {
            part.task.name: encode(
                part.dev, part.task.kind, self.resolved.backbone, self._length(part), self.settings
            )
            for part in self.resolved.parts
        }

    def _streams(self) -> list[Stream]:
        """What is learned from: each task in each language, then masked words."""
        backbone, streams = self.resolved.backbone, []
        for part in self.resolved.parts:
            batch = self.resolved.values.of_task[part.task.name]["batch_size"]
            for lang, rows in part.train.items():
                data = encode(
                    rows, part.task.kind, backbone, self._length(part), self.settings,
                    for_training=True,
                )  # fmt: skip
                streams.append(Stream(f"{part.task.name} {lang}", part.task.name, data, batch))
        if self.resolved.masked:
            data = encode(self.resolved.masked, MASKED_LM, backbone, MASKED_LENGTH, self.settings)
            streams.append(Stream(MASKED, MASKED, data, MASKED_BATCH))
        for stream in streams:
            if stream.data.truncated:
                self.report.note(
                    f"  {stream.name}: {stream.data.truncated:,} of "
                    f"{len(stream.data.offsets) - 1:,} sequences were cut"
                )
        return streams

    def _length(self, part: Part) -> int:
        return self.resolved.values.of_task[part.task.name]["max_length"]

    def _composition(self) -> Composition:
        """What the run has; a stack keeps a copy of the adapter below, to be whole in itself."""
        resolved, below = self.resolved, self.resolved.below
        is_stack = below is not None and resolved.recipe.adapter is not None
        if below and is_stack:
            with whole_folder(self.folder / "intermediate") as draft:
                shutil.copytree(below.folder, draft, dirs_exist_ok=True)
        return Composition(
            backbone=resolved.backbone,
            heads=tuple(
                Head(part.task.name, part.task.kind, part.task.label_names)
                for part in resolved.parts
            ),
            adapter_config=resolved.recipe.adapter,
            below=self.folder / "intermediate" if is_stack else None,
            start_from=below.folder if below and resolved.recipe.method == FINETUNE else None,
            masked_lm=resolved.masked is not None,
        )

    def _plan(self) -> Plan:
        values, options = self.resolved.values.common, self.resolved.recipe.options
        return Plan(
            learning_rate=float(values["learning_rate"]),
            epochs=int(values["epochs"]),
            warmup=float(values["warmup"]),
            weight_decay=float(values["weight_decay"]),
            patience=int(values["patience"]),
            seed=options.seed,
            mixing=Mixing(
                how=options.sampling,
                temperature=options.temperature,
                cap=options.cap,
                masked_ratio=options.mlm_ratio,
            ),
        )
