"""A run that is killed (kill -9) wherever something is written goes on to equal bytes."""

import signal
from pathlib import Path

import pytest
import torch

from support import dies_at, in_a_fork
from xtk.core import files
from xtk.core.errors import XtkError
from xtk.core.settings import Settings
from xtk.runs import store
from xtk.workflows import dev, fit
from xtk.workflows.recipe import Options
from xtk.workflows.train import train_adapter

OPTIONS = Options(source="sample", limit=40, dev_limit=20, epochs=2, learning_rate=1e-3)
NOT_BYTES = ("seconds", "tokens_per_second")  # differ from run to run


def run(home: Path, backbone: Path) -> None:
    torch.set_num_threads(1)
    settings = Settings.of(home=home, environ={})
    train_adapter("siqa", size=str(backbone), options=OPTIONS, settings=settings)


def contents(home: Path) -> dict[str, bytes]:
    """Everything that does not tell the time."""
    (folder,) = store.all_runs(home)
    assert not (folder / "checkpoint").exists()
    names = ("adapter/adapter.safetensors", "adapter/model_head.safetensors", "cells.json",
             "predictions/siqa/validation-en.jsonl", "adapter/adapter_config.json")  # fmt: skip
    result = store.open_run(folder).result
    kept = {key: value for key, value in result.items() if key not in NOT_BYTES}
    return {name: (folder / name).read_bytes() for name in names} | {"result": repr(kept).encode()}


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_killed_run_is_not_taken_for_finished_and_ends_alike(tiny_folder, tmp_path, monkeypatch):
    assert in_a_fork(lambda: run(tmp_path / "whole", tiny_folder)) == 0
    home = tmp_path / "killed"
    renames = files._replace_folder
    for place in (
        (store, "write_json", dies_at(1, store.write_json)),  # the first mark
        (fit, "train_model", dies_at(1, fit.train_model, after=True)),
        (fit, "save", dies_at(1, fit.save, after=True)),  # modules are drafts still
        (files, "_replace_folder", dies_at(1, renames)),
        (files, "_replace_folder", dies_at(1, renames, after=True)),
        (dev, "score", dies_at(1, dev.score)),
        (dev, "score", dies_at(1, dev.score, after=True)),
        (fit, "card", dies_at(1, fit.card)),
        (store, "write_json", dies_at(3, store.write_json)),  # the mark `finished`
    ):
        with monkeypatch.context() as patch:
            patch.setattr(*place)
            assert in_a_fork(lambda: run(home, tiny_folder)) == -signal.SIGKILL, place[1]
        for path in store.all_runs(home):
            with pytest.raises(XtkError):
                store.find(home, path.name)
    assert in_a_fork(lambda: run(home, tiny_folder)) == 0
    assert contents(home) == contents(tmp_path / "whole")
