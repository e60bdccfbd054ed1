"""What holds for every task, so that a new one is tested by being declared."""

import ast
import re
from pathlib import Path

import pytest

import xtk
from xtk.core.errors import UsageError
from xtk.data.sources import LABELLED, SAMPLES, HubSource
from xtk.scoring.metrics import METRICS
from xtk.tasks.catalogue import TASKS, described, find, select
from xtk.tasks.reading import read_split
from xtk.tasks.task import HUB, LOCAL, SAMPLE, Task

PACKAGE = Path(xtk.__file__).parent
NAMES = {task.name for task in TASKS}
# the demo is a recipe: it names the pair that it trains
MAY_NAME_TASKS = {"workflows/demo.py"}

every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


@every_task
def test_a_declaration_is_complete(task: Task):
    assert re.fullmatch(r"[a-z0-9_]+", task.name) and find(task.name) is task
    assert task.title and task.licence and task.citation
    assert task.homepage.startswith("https://")
    assert set(task.roles) <= {"intermediate", "target"} and task.roles
    assert len(set(task.label_names)) == len(task.label_names) > 1
    assert set(task.metrics) <= METRICS.keys()
    assert {"adapter", "stack", "finetune"} <= task.hyperparameters.keys()
    assert {"train", "validation", task.eval_split} <= set(task.splits)
    assert all(re.fullmatch("[a-z]{2,3}", lang) for lang in task.all_languages)
    assert bool(task.sources) != bool(task.parts)
    assert set(task.sources) <= {HUB, LOCAL, SAMPLE}
    assert described(task)["sources"]


@every_task
def test_hub_data_sets_have_an_owner_and_a_commit(task: Task):
    for source in task.sources.get(HUB, ()):
        assert isinstance(source, HubSource)
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", source.dataset)
        assert re.fullmatch("[0-9a-f]{40}", source.revision)
        assert set(source.splits) <= set(task.splits)


@pytest.mark.parametrize(
    "task", [task for task in TASKS if SAMPLE in task.sources], ids=lambda task: task.name
)
def test_samples_can_be_trained_on(task: Task):
    assert "NC" not in task.licence
    train, dev = (
        read_split(task, split, "en", source="sample", roots=())
        for split in ("train", "validation")
    )
    assert train.labels == dev.labels == LABELLED
    assert not set(train.examples) & set(dev.examples)
    if task.eval_split == "test":
        test = read_split(task, "test", task.all_languages[1], source="sample", roots=())
        assert test.labels == LABELLED


def test_samples_are_small_and_attributed():
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 6_000_000
    attribution = (SAMPLES / "ATTRIBUTION.md").read_text(encoding="utf-8")
    for folder in {path.relative_to(SAMPLES).parts[0] for path in files} - {"ATTRIBUTION.md"}:
        assert f"| {folder} |" in attribution


def test_nothing_outside_tasks_names_a_task():
    found = {}
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE).as_posix()
        if place.startswith("tasks/") or place in MAY_NAME_TASKS:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)} & NAMES
        if named:
            found[place] = named
    assert found == {}


def test_a_declaration_is_at_most_forty_lines():
    for path in (PACKAGE / "tasks").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Task":
                assert node.end_lineno is not None
                assert node.end_lineno - node.lineno < 40, path


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'xcopa'"):
        find("xcoppa")
    with pytest.raises(UsageError, match="did you mean 'xtreme-r'"):
        select(benchmark="xtreme_r")
