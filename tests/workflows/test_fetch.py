"""`xtk data fetch`: from a Hub into a folder, and from there as the same examples."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import datasets
import pytest

from hub_server import COMMIT, serving
from xtk.core.errors import UsageError, XtkError
from xtk.core.settings import Settings
from xtk.data import hub
from xtk.tasks import catalogue
from xtk.tasks.catalogue import find
from xtk.tasks.check import check
from xtk.tasks.reading import read_split
from xtk.tasks.task import HUB
from xtk.workflows import fetch as workflow
from xtk.workflows.fetch import Wanted, fetch

OWN = """\
name: own_{config}
kind: {kind}
languages: [th]
train_language: th
{labels}
sources:
  hub:
    dataset: owner/set
    config: {config}_{{lang}}
    revision: {commit}
    splits: {{test: test}}
    rows: {{test: 2}}
    columns: {columns}
licence: own
"""
SQUAD = {"text": ["ปารีส"], "answer_start": [0]}
# by configuration on the Hub: kind, label names, columns, rows
KINDS = {
    "pairs": (
        "sequence classification", "[no, yes]", "{first: a, second: b, label: l, codes: [0, 1]}",
        [{"a": "ก", "b": "ข\u2028", "l": 0}, {"a": "ค", "b": "", "l": 1}],
    ),
    "choices": (
        "multiple choice", '["0", "1"]', "{context: c, choices: [ends], label: l}",
        [{"c": "ก", "ends": ["x", "y"], "l": "1"}, {"c": "ข", "ends": ["z", "w"], "l": "0"}],
    ),
    "tags": (
        "token classification", "[O, B-LOC]", "{tags: ner_tags, codes: [0, 1]}",
        [{"tokens": ["ใน", "ไทย"], "ner_tags": [0, 1]}, {"tokens": ["และ"], "ner_tags": [0]}],
    ),
    "spans": (
        "span extraction", None, "{}",
        [{"id": i, "question": "?", "context": "ปารีสใหญ่", "answers": SQUAD} for i in ("1", "2")],
    ),
}  # fmt: skip
MAIN = "from xtk.cli.main import main; main()"
BOTH_WAYS = """
import sys
from pathlib import Path
from xtk.tasks.catalogue import find
from xtk.tasks.reading import read_split
for name in sys.argv[1:]:
    task, roots = find(name), [Path("data")]
    remote = read_split(task, "test", "th", source="hub", roots=())
    local = read_split(task, "test", "th", source="local", roots=roots)
    assert read_split(task, "test", "th", source="auto", roots=roots) == local
    assert local.examples == remote.examples and local.sha256 == remote.sha256
    print(task.name, local.source, local.files[0], len(local.examples), local.labels)
"""


def run(folder: Path, endpoint: str, *words: str) -> subprocess.CompletedProcess:
    environment = {
        "HF_ENDPOINT": endpoint, "HF_HOME": str(folder / "hf"), "HOME": str(folder),
        "XTK_DATA": "", "PATH": os.environ["PATH"],
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-W", "ignore", *words],
        env=environment, cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def declared(folder: Path, config: str) -> Path:
    kind, names, columns, _ = KINDS[config]
    labels = "" if names is None else f"label_names: {names}"
    path = folder / f"{config}.yaml"
    path.write_text(
        OWN.format(config=config, kind=kind, labels=labels, commit=COMMIT, columns=columns)
    )
    return path


def on_the_hub(folder: Path) -> dict[str, bytes]:
    """The rows of all kinds, a configuration each."""
    files, card = {}, "---\nconfigs:\n"
    for config, (*_, rows) in KINDS.items():
        datasets.Dataset.from_list(rows).to_parquet(folder / "rows.parquet")
        files[f"{config}/test.parquet"] = (folder / "rows.parquet").read_bytes()
        card += f"- config_name: {config}_th\n  data_files:\n"
        card += f"  - split: test\n    path: {config}/test.parquet\n"
    return {"README.md": f"{card}---\n".encode()} | files


def test_each_kind_from_the_hub_into_a_folder_and_from_there(tmp_path: Path):
    datasets.disable_progress_bars()
    tasks = [declared(tmp_path, config).name for config in KINDS]
    command = ("-c", MAIN, "data", "fetch", *tasks, "--out", "data", "--json")
    with serving({"datasets/owner/set": on_the_hub(tmp_path)}) as endpoint:
        done = run(tmp_path, endpoint, *command)
    assert done.returncode == 0, done.stderr
    fetched = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(row["task"], row["rows"], row["is_new"]) for row in fetched] == [
        (f"own_{config}", 2, True) for config in KINDS
    ]
    again = run(tmp_path, endpoint, *command)  # the server is gone
    assert again.returncode == 0, again.stderr
    assert [json.loads(line) | {"is_new": True} for line in again.stdout.splitlines()] == fetched
    both = run(tmp_path, endpoint, "-c", BOTH_WAYS, *tasks)
    assert both.returncode == 0, both.stderr
    assert both.stdout.splitlines() == [
        f"own_{config} local data/hub/owner--set/{config}_th/test.jsonl 2 labelled"
        for config in KINDS
    ]


def test_a_data_set_that_cannot_be_used_is_an_error(tmp_path: Path):
    path = declared(tmp_path, "pairs")
    parquet = on_the_hub(tmp_path)["pairs/test.parquet"]
    cases: dict[str, tuple[dict[str, bytes], str]] = {
        "a script": ({"set.py": b"raise SystemExit"}, "scripts are no longer supported"),
        "a part": ({"pairs_th/partial-test/0000.parquet": parquet}, "holds only a part of test"),
        "no such configuration": ({"README.md": b"", "x/test.parquet": parquet}, "pairs_th"),
    }
    for name, (files, words) in cases.items():
        folder = tmp_path / name
        folder.mkdir()
        with serving({"datasets/owner/set": files}) as endpoint:
            done = run(folder, endpoint, "-c", MAIN, "data", "fetch", str(path), "--out", "data")
        assert done.returncode == 1 and words in done.stderr, (name, done.stderr)
        assert not [path for path in folder.rglob("data/**/*") if path.suffix]


ROWS = [{"premise": "p", "hypothesis": str(i), "label": i % 3} for i in range(2_490)]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A Hub that has 2,490 rows of NLI in every split, and what it was asked for."""
    questions: list[str] = []

    def load(source, config: str, part: str) -> list[dict]:
        questions.append(f"{source.dataset} {config} {part}")
        return ROWS

    monkeypatch.setattr(hub, "load", load)
    return questions


def settings(*roots: Path) -> Settings:
    return Settings(home=Path("x"), cache=Path("x"), data_roots=roots, origins={})


def test_only_what_was_asked_for_is_fetched_and_only_once(tmp_path: Path, asked):
    wanted = Wanted(languages=("sw", "de"), splits=("validation",))
    first = list(fetch(["xnli", "xnli"], wanted, settings=settings(tmp_path, tmp_path / "other")))
    assert asked == ["facebook/xnli sw validation", "facebook/xnli de validation"]
    assert [(f.lang, f.rows, f.official_rows, f.is_new) for f in first] == [
        ("sw", 2_490, 2_490, True), ("de", 2_490, 2_490, True),
    ]  # fmt: skip
    again = list(fetch(["xnli"], wanted, settings=settings(tmp_path)))
    assert len(asked) == 2 and again == [replace(one, is_new=False) for one in first]
    local = read_split(find("xnli"), "validation", "sw", source="auto", roots=[tmp_path])
    assert (local.source, local.sha256) == ("local", first[0].sha256)
    path = Path(first[0].files[0])
    path.write_bytes(path.read_bytes()[:-9])
    list(fetch(["xnli"], wanted, settings=settings(tmp_path)))
    assert asked[2:] == ["facebook/xnli sw validation"]


def test_another_number_of_rows_than_published_is_not_kept(tmp_path: Path, asked):
    with pytest.raises(XtkError, match=r"gave 2,490 rows .* their owner published 5,010"):
        list(fetch(["xnli"], Wanted(languages=("de",), splits=("test",), out=tmp_path)))
    with pytest.raises(XtkError, match=r"7,470 rows for train in 'en'.* published 162,865"):
        list(fetch(["anli"], Wanted(splits=("train",), out=tmp_path)))
    assert not list(tmp_path.rglob("*.jsonl")) and not list(tmp_path.rglob("*.json"))


def test_parts_of_a_task_are_fetched_each(tmp_path: Path, asked, monkeypatch):
    tasks = [
        replace(task, sources={HUB: tuple(replace(s, rows={}) for s in task.sources[HUB])})
        for task in map(find, ("anli", "mnli", "snli"))
    ]
    monkeypatch.setattr(catalogue, "TASKS", (*tasks, find("anli_plus")))
    done = list(fetch(["anli_plus"], Wanted(splits=("validation",), out=tmp_path)))
    assert [one.task for one in done] == ["anli", "mnli", "snli"]
    assert len(done[0].files) == 3 and done[0].official_rows is None
    rows = read_split(find("anli_plus"), "validation", "en", source="local", roots=[tmp_path])
    assert len(rows.examples) == 5 * len(ROWS)


def test_what_was_fetched_is_checked(tmp_path: Path, asked):
    wanted = Wanted(languages=("sw",), splits=("validation",), out=tmp_path)
    (one,) = fetch(["xnli"], wanted)
    (finding,) = check(find("xnli"), roots=[tmp_path])
    assert (finding.source, finding.split, finding.lang) == ("fetched", "validation", "sw")
    assert finding.official is True and finding.sha256 == one.sha256
    Path(one.files[0]).with_name("validation.manifest.json").write_text("{}")
    (finding,) = check(find("xnli"), roots=[tmp_path])
    assert "validation.manifest.json is no manifest" in finding.problem


MISTAKES = {
    "no folder": ({}, UsageError, "Name the folder with --out, or set XTK_DATA"),
    "a language": ({"languages": ("sv",)}, UsageError, "Unknown language of xnli 'sv'"),
    "a split": ({"splits": ("tset",)}, UsageError, "Unknown split of xnli 'tset'; did you mean"),
    "a file for a folder": ({"out": Path(__file__)}, XtkError, "Cannot write"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_before_anything_is_fetched(case, asked):
    values, kind, words = MISTAKES[case]
    with pytest.raises(kind, match=words):
        list(fetch(["xnli"], Wanted(**values), settings=settings()))
    assert asked == []


def test_a_task_that_is_not_on_the_hub(tmp_path: Path, asked):
    with pytest.raises(XtkError, match="The Hub has nothing of what was asked for of xqnli"):
        fetch(["xqnli"], Wanted(out=tmp_path))
    with pytest.raises(UsageError, match="Unknown task 'xnly'"):
        fetch(["xnli", "xnly"], Wanted(out=tmp_path))


def test_an_interrupted_fetch_goes_on(tmp_path: Path, asked, monkeypatch):
    wanted = Wanted(languages=("sw", "de"), splits=("validation",), out=tmp_path)
    load: Callable = hub.load

    def broken(source, config: str, part: str):
        yield from load(source, config, part)[:100]
        if config == "de":
            raise KeyboardInterrupt
        yield from ROWS[100:]

    monkeypatch.setattr(workflow.hub, "load", broken)
    with pytest.raises(KeyboardInterrupt):
        list(fetch(["xnli"], wanted))
    assert [path.name for path in tmp_path.rglob("*.jsonl")] == ["validation.jsonl"]
    monkeypatch.setattr(workflow.hub, "load", load)
    assert [one.is_new for one in fetch(["xnli"], wanted)] == [False, True]
