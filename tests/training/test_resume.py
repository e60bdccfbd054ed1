"""A killed training goes on to the very bytes of one that was left alone."""

import hashlib
import json
import random
import signal
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from support import FP32, HEAD, dies_at, in_a_fork, pairs, stream, tagged, texts
from xtk.backbones.backbone import Backbone
from xtk.core import files
from xtk.kinds.kind import SEQUENCE_CLASSIFICATION, TOKEN_CLASSIFICATION
from xtk.modules.model import MASKED, Composition, Head, build, save
from xtk.training import checkpoint
from xtk.training.inference import scores
from xtk.training.loop import Plan, Surroundings, train
from xtk.training.mixture import Mixing, Stream

PLAN = Plan(
    learning_rate=5e-3, epochs=3, warmup=0.1, weight_decay=0.1, patience=0, seed=1,
    checkpoint_seconds=0.0,
)  # fmt: skip
MIXED = replace(PLAN, mixing=Mixing(how="temperature", masked_ratio=0.2))


def run(what: Composition, folder: Path) -> None:
    """One training to its end, its results in files."""
    torch.set_num_threads(1)
    model = build(what, seed=1, attention="eager", dropout=0.1)
    dev = pairs(30, seed=7)

    def score_dev(trained) -> float:
        predictions = SEQUENCE_CLASSIFICATION.decode(scores(trained, dev, FP32, HEAD), dev, ())
        return float((predictions == dev.labels).mean())

    around = Surroundings(score_dev, lambda record: None, folder / "checkpoint")
    plan = MIXED if what.masked_lm else PLAN
    result = train(model, streams_of(what), plan, FP32, around)
    save(what, model, folder / "adapter")
    (folder / "dev.json").write_text(json.dumps([result.dev, result.best_epoch, result.tokens]))


def streams_of(what: Composition) -> list[Stream]:
    """The rows of one task, or of two in three languages with masked words beside them."""
    first = stream(pairs(60), batch_size=6)
    if not what.masked_lm:
        return [first]
    other = stream(pairs(14, seed=3), batch_size=6)
    tags = stream(tagged(20), head="tags", batch_size=6)
    return [first, other, tags, stream(texts(25), head=MASKED, batch_size=6)]


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
        "in evaluation": (sys.modules[__name__], "scores", dies_at(1, scores)),
        "before tensors are saved": (checkpoint, "save_file",
                                     dies_at(rng.randint(2, 9), checkpoint.save_file)),
        "before the progress is saved": (checkpoint, "write_json",
                                         dies_at(rng.randint(2, 9), checkpoint.write_json)),
        "before the rename": (files, "_replace_folder",
                              dies_at(rng.randint(2, 9), files._replace_folder)),
        "after the rename": (files, "_replace_folder",
                             dies_at(rng.randint(2, 9), files._replace_folder, after=True)),
    }  # fmt: skip


def of_method(method: str, tiny: Backbone, folder: Path) -> Composition:
    heads = (Head(HEAD, SEQUENCE_CLASSIFICATION, ("a", "b")),)
    what = Composition(tiny, heads, None if method == "finetune" else "seq_bn")
    if method == "stack":
        save(what, build(what, seed=9, attention="eager", dropout=0.0), folder / "below")
        return replace(what, below=folder / "below")
    if method == "mixed":
        several = (*heads, Head("tags", TOKEN_CLASSIFICATION, ("a", "b")))
        return replace(what, heads=several, masked_lm=True)
    return what


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
@pytest.mark.parametrize("method", ["adapter", "stack", "finetune", "mixed"])
def test_kill_9_changes_no_byte(method, tiny: Backbone, tmp_path, monkeypatch):
    what = of_method(method, tiny, tmp_path)
    assert in_a_fork(lambda: run(what, tmp_path / "whole")) == 0

    killed = 0
    for owner, name, dying in kill_points(seed=len(method)).values():
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, dying)
            killed += in_a_fork(lambda: run(what, tmp_path / "killed")) == -signal.SIGKILL
    assert killed == 6  # each of them was met
    assert in_a_fork(lambda: run(what, tmp_path / "killed")) == 0
    assert state(tmp_path / "killed") == state(tmp_path / "whole")


def test_a_half_written_checkpoint_is_not_gone_on_from(tmp_path):
    (tmp_path / ".000000007-00000.abc").mkdir()
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))])
    assert checkpoint.load_checkpoint(tmp_path, {}, optimizer) is None
