"""A killed training goes on to the very bytes of one that was left alone."""

import hashlib
import json
import random
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from support import dies_at, in_a_fork, pairs
from xtk.backbones.backbone import Backbone
from xtk.core import files
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION
from xtk.modules.model import Composition, build, save
from xtk.training import checkpoint
from xtk.training.device import Device
from xtk.training.inference import sequence_scores
from xtk.training.loop import Plan, Surroundings, train

PLAN = Plan(
    learning_rate=5e-3, epochs=3, batch_size=6, warmup=0.1, weight_decay=0.1, patience=0, seed=1,
    checkpoint_seconds=0.0,
)  # fmt: skip


def run(what: Composition, folder: Path) -> None:
    """One training to its end, its results in files."""
    torch.set_num_threads(1)
    device = Device(torch.device("cpu"), "fp32")
    model = build(what, seed=1, attention="eager", dropout=0.1)
    dev = pairs(30, seed=7)

    def score_dev(trained) -> float:
        predictions = SEQUENCE_CLASSIFICATION.decode(
            sequence_scores(trained, dev, device), dev.groups
        )
        return float((predictions == dev.labels).mean())

    around = Surroundings(score_dev, lambda record: None, folder / "checkpoint")
    result = train(model, pairs(60), PLAN, device, around)
    save(what, model, folder / "adapter")
    (folder / "dev.json").write_text(json.dumps([result.dev, result.best_epoch, result.tokens]))


def state(folder: Path) -> dict[str, str]:
    """Hashes of weights, of every tensor of the last checkpoint, and the scores."""
    (last,) = (folder / "checkpoint").iterdir()
    tensors = load_file(last / "state.safetensors") | load_file(
        next(folder.glob("adapter/*.safe*"))
    )
    found = {n: hashlib.sha256(t.numpy().tobytes()).hexdigest() for n, t in tensors.items()}
    assert any(name.startswith("optimizer.") and name.endswith(".exp_avg_sq") for name in found)
    return found | {"dev": (folder / "dev.json").read_text()}


def kill_points(seed: int) -> dict[str, tuple[Any, str, Callable[..., Any]]]:
    """Where a process dies: a module, the name in it and the function that kills."""
    rng = random.Random(seed)  # noqa: S311 (no secret)
    return {
        "inside an epoch": (torch.optim.AdamW, "step",
                            dies_at(rng.randint(2, 9), torch.optim.AdamW.step)),
        "in evaluation": (SEQUENCE_CLASSIFICATION.decode.__globals__["np"], "", None),
        "before tensors are saved": (checkpoint, "save_file",
                                     dies_at(rng.randint(2, 9), checkpoint.save_file)),
        "before the progress is saved": (checkpoint, "write_json",
                                         dies_at(rng.randint(2, 9), checkpoint.write_json)),
        "before the rename": (files, "_replace_folder",
                              dies_at(rng.randint(2, 9), files._replace_folder)),
        "after the rename": (files, "_replace_folder",
                             dies_at(rng.randint(2, 9), files._replace_folder, after=True)),
    }  # fmt: skip


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("method", ["adapter", "stack", "finetune"])
def test_kill_9_changes_no_byte(method, tiny: Backbone, tmp_path, monkeypatch):
    what = Composition(
        tiny,
        SEQUENCE_CLASSIFICATION,
        "target",
        ("a", "b"),
        None if method == "finetune" else "seq_bn",
    )
    if method == "stack":
        save(what, build(what, seed=9, attention="eager", dropout=0.0), tmp_path / "below")
        what = Composition(
            tiny, SEQUENCE_CLASSIFICATION, "upper", ("a", "b"), "seq_bn", below=tmp_path / "below"
        )
    assert in_a_fork(lambda: run(what, tmp_path / "whole")) == 0

    killed = 0
    for place, (owner, name, dying) in kill_points(seed=len(method)).items():
        with monkeypatch.context() as patch:
            if place == "in evaluation":
                patch.setattr("test_resume.sequence_scores", dies_at(1, sequence_scores))
            else:
                patch.setattr(owner, name, dying)
            killed += in_a_fork(lambda: run(what, tmp_path / "killed")) == -signal.SIGKILL
    assert killed == 6  # each of them was met
    assert in_a_fork(lambda: run(what, tmp_path / "killed")) == 0
    assert state(tmp_path / "killed") == state(tmp_path / "whole")


def test_a_half_written_checkpoint_is_not_gone_on_from(tmp_path):
    (tmp_path / ".000000007-00000.abc").mkdir()
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))])
    assert checkpoint.load_checkpoint(tmp_path, {}, optimizer) is None
