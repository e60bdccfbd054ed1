import json
import multiprocessing
from dataclasses import replace
from pathlib import Path

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.runs import store
from xtk.runs.identity import Identity

IDENTITY = Identity(
    method="adapter",
    task="siqa",
    declaration_sha256=None,
    backbone="mini",
    backbone_fingerprint="f" * 64,
    pooling="mean",
    adapter="seq_bn[reduction_factor=4]",
    intermediate=None,
    intermediate_sha256=None,
    hyperparameters={"epochs": 1, "learning_rate": 1e-4},
    mixing={},
    precision="auto",
    seed=0,
    train_rows=10,
    train_sha256="a" * 64,
    dev_rows=5,
    dev_sha256="b" * 64,
)


def finish(home: Path, identity: Identity = IDENTITY, *, force: bool = False) -> Path:
    with store.claimed(home, identity, force=force, details={"size": "mini"}) as folder:
        store.set_status(folder, store.FINISHED, {"dev": 50.0})
    return folder


def test_a_name_is_readable_and_the_same_everywhere():
    assert IDENTITY.name() == f"siqa-mini-seq_bn-{IDENTITY.sha256()[:8]}"
    assert replace(IDENTITY, hyperparameters={"learning_rate": 1e-4, "epochs": 1}).name() == (
        IDENTITY.name()
    )
    stacked = replace(IDENTITY, task="xcopa", intermediate="siqa-mini-seq_bn-00000000")
    assert stacked.name().startswith("xcopa-on-siqa-mini-seq_bn-")
    several = replace(IDENTITY, task="snli+siqa+csqa")
    assert several.name().startswith("snli+siqa+csqa-mini-")
    assert several.tasks == ("snli", "siqa", "csqa")
    many = replace(IDENTITY, task="snli+siqa+csqa+mnli")
    assert many.name().startswith("4tasks-mini-seq_bn-")
    bare = replace(IDENTITY, task="", method="untrained", adapter=None)
    assert bare.name().startswith("mini-untrained-") and bare.tasks == ()
    hub = replace(IDENTITY, backbone="someone/xlm-r", adapter=None, method="finetune")
    assert hub.name().startswith("siqa-someone--xlm-r-finetune-")


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1}, {"train_sha256": "c" * 64}, {"dev_sha256": "c" * 64}, {"pooling": "first"},
        {"hyperparameters": {"epochs": 2, "learning_rate": 1e-4}}, {"precision": "fp32"},
        {"mixing": {"sampling": "uniform"}}, {"declaration_sha256": "d" * 64},
        {"adapter": "seq_bn"}, {"backbone_fingerprint": "e" * 64}, {"method": "stack"},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_all_that_decides_a_run_is_in_its_name(change):
    assert replace(IDENTITY, **change).name() != IDENTITY.name()


def test_a_finished_run_is_found(tmp_path):
    assert store.finished(tmp_path, IDENTITY) is None
    path = finish(tmp_path)
    run = store.finished(tmp_path, IDENTITY)
    assert run is not None and (run.path, run.identity) == (path, IDENTITY)
    for name in (run.name, run.name[:12], str(path)):
        assert store.find(tmp_path, name) == run


def test_names_that_are_none_or_several(tmp_path):
    finish(tmp_path)
    finish(tmp_path, replace(IDENTITY, seed=1))
    with pytest.raises(UsageError, match=r"'siqa' may be siqa-mini-seq_bn-\w+, or siqa-mini"):
        store.find(tmp_path, "siqa")
    with pytest.raises(UsageError, match=r"Unknown run 'sipa-mini-seq_bn'"):
        store.find(tmp_path, "sipa-mini-seq_bn")
    with pytest.raises(UsageError, match="A run has a name"):
        store.find(tmp_path, "")


def test_a_failure_is_written_down_and_gone_on_from(tmp_path):
    claim = store.claimed(tmp_path, IDENTITY, force=False, details={})
    with pytest.raises(ZeroDivisionError), claim as folder:
        (folder / "checkpoint").mkdir()
        raise ZeroDivisionError("by hand")
    run = store.open_run(folder)
    assert (run.status, run.result) == ("failed", {"reason": "ZeroDivisionError: by hand"})
    assert store.finished(tmp_path, IDENTITY) is None
    with store.claimed(tmp_path, IDENTITY, force=False, details={}) as folder:
        assert (folder / "checkpoint").is_dir()
    with store.claimed(tmp_path, IDENTITY, force=True, details={}) as folder:
        assert not (folder / "checkpoint").exists()


def test_an_interrupted_run_stays_open(tmp_path):
    claim = store.claimed(tmp_path, IDENTITY, force=False, details={})
    with pytest.raises(KeyboardInterrupt), claim as folder:
        raise KeyboardInterrupt
    assert store.open_run(folder).status == "running"
    with pytest.raises(XtkError, match="is running, not finished"):
        store.find(tmp_path, folder.name)


def _claim(home: Path, answers) -> None:
    try:
        finish(home)
        answers.put("claimed")
    except XtkError as error:
        answers.put(str(error))


def test_two_processes_do_not_train_one_run(tmp_path):
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    with store.claimed(tmp_path, IDENTITY, force=False, details={}) as folder:
        other = context.Process(target=_claim, args=(tmp_path, answers))
        other.start()
        answer = answers.get(timeout=60)
        other.join()
        assert "is at work in another process" in answer
        assert store.collect_garbage(tmp_path) == [] and folder.is_dir()


def test_a_folder_that_was_changed_by_hand_is_not_taken_for_the_run(tmp_path):
    path = finish(tmp_path)
    content = json.loads((path / "run.json").read_text())
    content["identity"]["seed"] = 7
    (path / "run.json").write_text(json.dumps(content))
    assert store.finished(tmp_path, IDENTITY) is None


def test_garbage_is_what_is_not_finished(tmp_path):
    kept = finish(tmp_path)
    claim = store.claimed(tmp_path, replace(IDENTITY, seed=1), force=False, details={})
    with pytest.raises(ValueError, match="x"), claim as failed:
        raise ValueError("x")
    assert store.collect_garbage(tmp_path) == [failed.name]
    assert store.all_runs(tmp_path) == [kept]
