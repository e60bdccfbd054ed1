"""The part of a training that needs torch: from resolved rows to a finished run folder."""

import platform
import shutil
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from xtk.core.files import whole_folder, write_whole
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.sources import labels_or_error
from xtk.kinds.encoded import Encoded
from xtk.modules.library import check_adapter_config
from xtk.modules.model import Composition, TransferModel, build, save, trainable
from xtk.runs import store
from xtk.runs.store import Run
from xtk.scoring.cells import Place
from xtk.scoring.metrics import METRICS, confusion, majority_rate
from xtk.training.device import Device, choose_device
from xtk.training.inference import sequence_scores
from xtk.training.loop import Plan, Surroundings, Trained
from xtk.training.loop import train as train_model
from xtk.workflows.card import card
from xtk.workflows.inputs import encode
from xtk.workflows.metrics_log import MetricsLog
from xtk.workflows.recipe import FINETUNE, Options
from xtk.workflows.resolved import Resolved
from xtk.workflows.scores import score

PACKAGES = ("xtk-transfer", "torch", "transformers", "adapters", "tokenizers", "numpy")
WHAT_TO_TRY = "another --seed, a lower --learning-rate, more rows or more --epochs"


def fit(resolved: Resolved, settings: Settings, report: Reporter) -> Run:
    """Train in a claimed folder; its mark `finished` is written when all the rest is there."""
    options, identity = resolved.recipe.options, resolved.identity
    if resolved.recipe.adapter is not None:
        check_adapter_config(resolved.recipe.adapter)
    device = choose_device(options.precision)
    report.note(
        f"{identity.name()}: {len(resolved.train.examples):,} training rows, "
        f"{resolved.hyperparameters['epochs']} epochs at most, {len(resolved.dev.examples):,} dev "
        f"rows, on {device.torch_device.type} in {device.precision}"
    )
    details = _details(resolved, device)
    with store.claimed(settings.home, identity, force=options.force, details=details) as folder:
        _train(resolved, folder, device, settings, report)
        shutil.rmtree(folder / "checkpoint", ignore_errors=True)
    run = store.open_run(folder)
    if run.result["collapsed"]:
        report.note(
            f"{run.name} has collapsed: its dev score is no better than the most frequent label "
            f"({run.result['majority']:.1f}); try {WHAT_TO_TRY}"
        )
    return run


def _train(
    resolved: Resolved, folder: Path, device: Device, settings: Settings, report: Reporter
) -> None:
    """Everything between the claim and the mark; a checkpoint in the folder is gone on from."""
    task, values = resolved.task, resolved.hyperparameters
    length = int(values["max_length"])
    data = encode(resolved.train, task, resolved.backbone, length, settings)
    dev = encode(resolved.dev, task, resolved.backbone, length, settings)
    if data.truncated:
        report.note(f"  {data.truncated:,} of {len(data.offsets) - 1:,} sequences were cut")
    composition = _composition(resolved, folder)
    seed = resolved.recipe.options.seed
    model = build(
        composition, seed=seed, attention=device.attention, dropout=float(values["dropout"])
    )
    metrics = MetricsLog(folder / "metrics.jsonl")

    def log(record: dict[str, Any]) -> None:
        metrics.write(record)
        report.training(record)

    around = Surroundings(
        score_dev=lambda model: _dev_score(resolved, model, dev, device),
        log=log,
        checkpoints=folder / "checkpoint",
    )
    try:
        trained = train_model(model, data, _plan(resolved), device, around)
    finally:
        report.idle()
    _keep(resolved, folder, composition, model, trained, _predict(resolved, model, dev, device))


def _keep(
    resolved: Resolved,
    folder: Path,
    composition: Composition,
    model: TransferModel,
    trained: Trained,
    predictions: list[int],
) -> None:
    """Write modules, dev predictions, their cells and the card, then the mark."""
    task, dev = resolved.task, resolved.dev
    with whole_folder(folder / "adapter") as draft:
        save(composition, model, draft)
    place = Place(task.name, task.train_language, "validation", dev.source, dev.sha256)
    labels = labels_or_error(dev)
    cells = score(folder, task, place, labels, predictions)
    majority = majority_rate(labels)
    result = {
        "dev": cells[0].value,
        "metric": cells[0].metric,
        "interval": list(cells[0].interval),
        "n": cells[0].n,
        "majority": majority,
        "collapsed": cells[0].collapsed or cells[0].value <= majority,
        "trainable_parameters": sum(p.numel() for p in trainable(model).values()),
        "tokens_per_second": round(trained.tokens / trained.seconds, 1),
        "seconds": round(trained.seconds, 1),
        "steps": trained.steps,
        "best_epoch": trained.best_epoch,
        "dev_by_epoch": list(trained.dev),
    }
    write_whole(folder / "README.md", card(resolved, result))
    store.set_status(folder, store.FINISHED, result)


def _composition(resolved: Resolved, folder: Path) -> Composition:
    """What the run has; a stack keeps a copy of the adapter below, to be whole in itself."""
    below = resolved.below
    is_stack = below is not None and resolved.recipe.adapter is not None
    if below and is_stack:
        with whole_folder(folder / "intermediate") as draft:
            shutil.copytree(below.folder, draft, dirs_exist_ok=True)
    return Composition(
        backbone=resolved.backbone,
        kind=resolved.task.kind,
        name=resolved.task.name,
        label_names=resolved.task.label_names,
        adapter_config=resolved.recipe.adapter,
        below=folder / "intermediate" if is_stack else None,
        start_from=below.folder if below and resolved.recipe.method == FINETUNE else None,
    )


def _plan(resolved: Resolved) -> Plan:
    values = resolved.hyperparameters
    return Plan(
        learning_rate=float(values["learning_rate"]),
        epochs=int(values["epochs"]),
        batch_size=int(values["batch_size"]),
        warmup=float(values["warmup"]),
        weight_decay=float(values["weight_decay"]),
        patience=int(values["patience"]),
        seed=resolved.recipe.options.seed,
    )


def _predict(
    resolved: Resolved, model: TransferModel, encoded: Encoded, device: Device
) -> list[int]:
    scores = sequence_scores(model, encoded, device)
    return [int(p) for p in resolved.task.kind.decode(scores, encoded.groups)]


def _dev_score(resolved: Resolved, model: TransferModel, dev: Encoded, device: Device) -> float:
    """The task's first metric in percent."""
    predictions = _predict(resolved, model, dev, device)
    table = confusion(labels_or_error(resolved.dev), predictions)
    return float(METRICS[resolved.task.metrics[0]].of(table))


def _details(resolved: Resolved, device: Device) -> dict[str, Any]:
    """What is worth knowing of a run but does not identify it."""
    recipe = resolved.recipe
    return {
        "size": recipe.size or (resolved.below.size if resolved.below else None),
        "backbone_revision": resolved.backbone.revision,
        "kind": resolved.task.kind.name,
        "label_names": list(resolved.task.label_names),
        "licence": resolved.task.licence,
        "train_files": list(resolved.train.files),
        "dev_files": list(resolved.dev.files),
        "skipped_rows": len(resolved.train.skipped) + len(resolved.dev.skipped),
        "options": _plain(recipe.options),
        "precision": device.precision,
        "device": str(device.torch_device),
        "machine": f"{platform.system()} {platform.machine()}, Python {platform.python_version()}",
        "versions": {name: version(name) for name in PACKAGES},
    }


def _plain(options: Options) -> dict[str, Any]:
    """The options that were set, as JSON has them."""
    chosen = {name: value for name, value in asdict(options).items() if value not in (None, ())}
    files = ("train_files", "dev_files")
    return chosen | {n: [str(path) for path in chosen[n]] for n in files if n in chosen}
