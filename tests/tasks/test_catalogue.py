"""What holds for every task, so that a new one is tested by being declared."""

import ast
import re
from pathlib import Path

import pytest

import xtk
from xtk.core.errors import UsageError
from xtk.data.sources import LABELLED, SAMPLES, HubSource
from xtk.kinds.kind import RETRIEVAL, SPAN_EXTRACTION
from xtk.tasks.benchmarks import GROUPS
from xtk.tasks.catalogue import TASKS, described, find, select
from xtk.tasks.labels import has_open_labels
from xtk.tasks.reading import local_files, parts_of, read_split
from xtk.tasks.task import HUB, LOCAL, SAMPLE, TRAIN, VALIDATION, Task

PACKAGE = Path(xtk.__file__).parent
NAMES = {task.name for task in TASKS}
# the only files outside tasks/ that may, each with its reason
MAY_NAME_TASKS = {"workflows/demo.py": "the demo is a recipe: it names the pair that it trains"}

NAMELESS = (SPAN_EXTRACTION, RETRIEVAL)  # kinds whose predictions are no labels
# The benchmarks' tasks and how many languages each has there (google-research/xtreme, evaluate.py).
BENCHMARKS = {
    "xtreme": {
        **{"xnli": 15, "pawsx": 7, "udpos": 33, "panx": 40, "xquad": 11, "mlqa": 7, "tydiqa": 9},
        **{"bucc2018": 4, "tatoeba": 36},
    },
    "xtreme-r": {
        **{"xnli": 15, "xcopa": 11, "udpos": 38, "panx": 48, "xquad": 12, "mlqa": 7, "tydiqa": 9},
        **{"tatoeba": 41, "mewslix": 11, "lareqa": 11},
    },
}

every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


@every_task
def test_a_declaration_is_complete(task: Task):
    assert re.fullmatch(r"[a-z0-9_]+", task.name) and find(task.name) is task
    assert task.title and task.licence and task.citation
    assert task.homepage.startswith("https://")
    assert set(task.roles) <= {"intermediate", "target"} and task.roles
    assert len(set(task.label_names)) == len(task.label_names) != 1
    # who has no label names has spans, searches, or learns them with its training rows
    assert task.label_names or task.kind in NAMELESS or has_open_labels(task)
    assert task.metrics and {*task.metrics, *task.benchmark_metrics} <= task.scheme.metrics.keys()
    assert task.eval_split in task.splits
    if TRAIN in task.splits:
        assert {"adapter", "stack", "finetune"} <= task.hyperparameters.keys()
        assert VALIDATION in task.splits
    else:
        assert not task.hyperparameters and "intermediate" not in task.roles
    assert all(re.fullmatch("[a-z]{2,3}", lang) for lang in task.all_languages)
    assert bool(task.sources) != bool(task.parts)
    assert set(task.sources) <= {HUB, LOCAL, SAMPLE}
    assert described(task)["sources"]


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_a_benchmark_has_all_its_tasks_in_all_their_languages(benchmark):
    listed = [described(task, benchmark) for task in select(benchmark=benchmark)]
    assert {task["name"]: len(task["languages"]) for task in listed} == BENCHMARKS[benchmark]
    assert {name for group in GROUPS[benchmark].values() for name in group} == {
        task["name"] for task in listed
    }


def test_names_are_unique():
    assert len(NAMES) == len(TASKS) == len({task.title for task in TASKS})


@every_task
def test_each_label_name_has_its_code_in_every_source(task: Task):
    for name in task.parts:
        assert find(name).label_names == task.label_names
        assert find(name).kind is task.kind
    for source in (source for several in task.sources.values() for source in several):
        codes = getattr(source.columns, "codes", ())
        assert len(codes) == len(set(codes)) == len(task.label_names)
        assert not set(codes) & set(getattr(source.columns, "unlabelled", ()))
        assert set(getattr(source.columns, "aliases", {}).values()) <= set(codes)
        splits = source.splits if isinstance(source, HubSource) else source.files
        assert splits and set(splits) <= set(task.splits)


@every_task
def test_every_language_is_served_by_a_source(task: Task):
    for part in parts_of(task):
        sources = [source for several in part.sources.values() for source in several]
        wanted = set()
        if TRAIN in task.splits:
            wanted = {(split, task.train_language) for split in (TRAIN, VALIDATION)}
        wanted |= {(task.eval_split, lang) for langs in task.languages.values() for lang in langs}
        served = {pair for pair in wanted if any(source.serves(*pair) for source in sources)}
        assert served == wanted
    for langs in task.languages.values():
        assert list(langs) == sorted(set(langs))
    assert bool(task.languages) == ("target" in task.roles)


@every_task
def test_hub_data_sets_have_an_owner_and_a_commit(task: Task):
    for source in task.sources.get(HUB, ()):
        assert isinstance(source, HubSource)
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", source.dataset)
        assert re.fullmatch("[0-9a-f]{40}", source.revision)
        if source.arrange is None:  # else a row of the Hub need not be one of ours
            assert set(source.rows) == set(source.splits)
        for split in source.rows:
            served = [lang for lang in task.all_languages if source.serves(split, lang)]
            assert served and all((source.count(split, lang) or 0) > 0 for lang in served)


SAMPLED = [task for task in TASKS if SAMPLE in task.sources]


@pytest.mark.parametrize("task", SAMPLED, ids=lambda task: task.name)
def test_samples_are_openly_licensed_and_whole(task: Task):
    assert "NC" not in task.licence
    for lang in task.all_languages:
        if local_files(task, SAMPLE, task.eval_split, lang, ()):
            rows = read_split(task, task.eval_split, lang, source="sample", roots=())
            assert rows.labels == LABELLED and not rows.skipped


@pytest.mark.parametrize(
    "task", [t for t in SAMPLED if local_files(t, SAMPLE, "train", "en", ())], ids=lambda t: t.name
)
def test_samples_can_be_trained_on(task: Task):
    train, dev = (
        read_split(task, split, "en", source="sample", roots=())
        for split in ("train", "validation")
    )
    assert train.labels == dev.labels == LABELLED
    assert len(train.examples) >= 400 and len(dev.examples) >= 100
    assert not set(train.examples) & set(dev.examples)


def test_a_target_has_samples_of_all_its_languages_or_of_none():
    for task in TASKS:
        langs = {lang for several in task.languages.values() for lang in several}
        sampled = {lang for lang in langs if local_files(task, SAMPLE, task.eval_split, lang, ())}
        assert sampled in (set(), langs), task.name


def test_samples_are_small_and_attributed():
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 6_000_000
    attribution = (SAMPLES / "ATTRIBUTION.md").read_text(encoding="utf-8")
    folders = {path.relative_to(SAMPLES).parts[0] for path in files} - {"ATTRIBUTION.md"}
    told = re.findall(r"^\| ([\w/-]+) \|", attribution, re.MULTILINE)
    assert {place.split("/")[0] for place in told} - {"folder"} == folders
    assert all((SAMPLES / place).is_dir() for place in told if place != "folder")
    for line in attribution.splitlines():
        if line.startswith("| ") and not line.startswith("| folder"):
            assert re.search(r"\| (\[CC BY(-SA)? 4\.0\]|MIT|BSD-2-Clause)", line), line
    for holder in ("2019 Rowan Zellers", "2010, University of Southern California"):
        assert f"Copyright (c) {holder}" in attribution


def test_nothing_outside_tasks_names_a_task():
    naming = set()
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE).as_posix()
        if not place.startswith("tasks/"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            strings = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant)}
            if strings & NAMES:
                naming.add(place)
    assert naming == set(MAY_NAME_TASKS)


def test_a_declaration_is_at_most_forty_lines():
    lengths = {}
    declaring = set((PACKAGE / "tasks").glob("*.py")) - {PACKAGE / "tasks/own.py"}
    for path in declaring:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Task":
                assert node.end_lineno is not None
                lengths[f"{path.name}:{node.lineno}"] = node.end_lineno - node.lineno + 1
    assert len(lengths) == len(TASKS)
    assert {place: count for place, count in lengths.items() if count > 40} == {}


def test_unknown_names_are_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'xcopa'"):
        find("xcoppa")
    with pytest.raises(UsageError, match="did you mean 'xtreme-r'"):
        select(benchmark="xtreme_r")
