"""The code on a card is run as it stands, without xtk, and gives the run's own scores."""

import re
from pathlib import Path

import pytest
import torch

from xtk.core.progress import Silent
from xtk.core.settings import Settings
from xtk.runs.store import Run
from xtk.tasks.catalogue import find
from xtk.training.batches import collate
from xtk.workflows.inputs import encode, training_rows
from xtk.workflows.loaded import Loaded
from xtk.workflows.recipe import Options
from xtk.workflows.train import stack, train_adapter

TASK = "snli"
FIXTURES = Path(__file__).parents[1] / "tasks" / "fixtures"


def model_of_the_card(run: Run, folder):
    """What the first block of code on the card gives."""
    text = (run.path / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0]
    place: dict = {}
    exec(code.replace('"..."', repr(str(folder))), place)  # noqa: S102 (it is what we test)
    return place["model"]


def scores_of_the_card(run: Run, folder, ids, mask) -> torch.Tensor:
    text = (run.path / "README.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, re.DOTALL))
    assert '"..."' in code and str(folder.parent) not in text
    place = {"ids": ids, "mask": mask, "torch": torch}
    exec(code.replace('"..."', repr(str(folder))), place)  # noqa: S102 (it is what we test)
    if "logits" in place:
        return place["logits"]
    place["model"].active_head = TASK
    return place["model"](ids, attention_mask=mask).logits


@pytest.mark.parametrize(
    ("task", "file"), [("udpos", "udpos/dev-en.tsv"), ("squad", "squad/train-v1.1.json")]
)
def test_the_code_on_a_card_of_tokens_runs(task, file, tiny_folder, tmp_path, monkeypatch):
    settings = Settings.of(home=tmp_path, environ={})
    path = FIXTURES / file
    options = Options(
        train_files=((None, path),), dev_files=(path,), epochs=1, precision="fp32", max_length=60
    )
    run = train_adapter(task, size=str(tiny_folder), options=options, settings=settings)
    loaded = Loaded(run, settings)
    rows = training_rows(find(task), options, settings, Silent())["en"]
    encoded = encode(rows, find(task).kind, loaded.backbone, 60, settings)
    batch = collate(encoded, range(encoded.examples))
    monkeypatch.chdir(run.path)
    model = model_of_the_card(run, tiny_folder)
    model.active_head = task
    out = model.eval()(batch.ids, attention_mask=batch.mask)
    theirs = (
        out.logits if task == "udpos" else torch.stack([out.start_logits, out.end_logits], dim=2)
    )
    ours = torch.from_numpy(loaded.scores(encoded, task))
    assert torch.allclose(theirs[batch.mask.bool()], ours, rtol=0, atol=1e-5)


def test_the_code_on_a_card_of_several_tasks_runs(tiny_folder, tmp_path, monkeypatch):
    settings = Settings.of(home=tmp_path, environ={})
    options = Options(source="sample", limit=20, dev_limit=10, epochs=1, precision="fp32")
    size = str(tiny_folder)
    run = train_adapter("siqa,snli", size=size, options=options, settings=settings)
    monkeypatch.chdir(run.path)
    model = model_of_the_card(run, tiny_folder)
    (line,) = re.findall(
        r"`(model\.load_head.*?)`", (run.path / "README.md").read_text(), re.DOTALL
    )
    exec(line.replace("TASK", "snli").replace("\n", " "), {"model": model})  # noqa: S102
    model.active_head = "snli"
    loaded = Loaded(run, settings)
    rows = training_rows(find("snli"), options, settings, Silent())["en"]
    encoded = encode(rows, find("snli").kind, loaded.backbone, 60, settings)
    batch = collate(encoded, range(20))
    theirs = model.eval()(batch.ids, attention_mask=batch.mask).logits
    ours = torch.from_numpy(loaded.scores(encoded, "snli")[:20])
    assert torch.allclose(theirs, ours, rtol=0, atol=1e-5)


@pytest.mark.parametrize("pooling", ["first", "mean"])
def test_the_code_on_a_card_runs(pooling, tiny_folder, tmp_path, monkeypatch):
    settings = Settings.of(home=tmp_path, environ={})
    options = Options(
        source="sample", limit=40, dev_limit=20, epochs=1, pooling=pooling, precision="fp32"
    )
    size = str(tiny_folder)
    first = train_adapter(TASK, size=size, options=options, settings=settings)
    second = stack(first.name, TASK, options=options, settings=settings)
    for run in (first, second):
        loaded = Loaded(run, settings)
        rows = training_rows(find(TASK), options, settings, Silent())["en"]
        encoded = encode(rows, find(TASK).kind, loaded.backbone, 60, settings)
        batch = collate(encoded, range(20))
        monkeypatch.chdir(run.path)
        theirs = scores_of_the_card(run, tiny_folder, batch.ids, batch.mask)
        ours = torch.from_numpy(loaded.scores(encoded, TASK)[:20])
        assert torch.allclose(theirs, ours, rtol=0, atol=1e-5)
