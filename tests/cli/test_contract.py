"""What --json prints, and that the verbs work one after the other, on a tiny backbone."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import xtk as package
from xtk.workflows.train import train_adapter

FIXTURES = Path(__file__).parents[1] / "tasks" / "fixtures"
SMALL = ("--source", "sample", "--limit", "24", "--dev-limit", "20", "--epochs", "1", "--json")
RUN = ["run", "path", "status", "dev", "trainable_parameters", "tokens_per_second", "seconds"]
CELL = ["task", "lang", "split", "metric", "value", "n", "interval", "source", "data_sha256"]
TASK = ["name", "kind", "roles", "languages", "metrics", "benchmarks", "licence", "sources"]


def test_the_verbs_one_after_the_other(xtk, home, tiny_folder):
    said = xtk("train-adapter", "--task", "siqa", "--size", tiny_folder, *SMALL)
    assert said.code == 0, said.err
    run = json.loads(said.out)
    assert list(run) == [*RUN, "collapsed"]
    assert run["status"] == "finished" and Path(run["path"]).is_dir()
    assert 0 <= run["dev"] <= 100 and run["trainable_parameters"] > 0

    again = xtk("train-adapter", "--task", "siqa", "--size", tiny_folder, *SMALL)
    assert json.loads(again.out) == run
    assert "finished already" in again.err

    stacked = xtk("stack", "--intermediate", run["run"], "--target", "xcopa", *SMALL)
    assert stacked.code == 0, stacked.err
    stack = json.loads(stacked.out)
    assert stack["run"].startswith("xcopa-on-siqa-tiny-seq_bn-")

    scored = xtk("evaluate", stack["run"], "--languages", "et,sw", "--limit", "40", "--json")
    assert scored.code == 0, scored.err
    answer = json.loads(scored.out)
    assert list(answer) == ["run", "cells"] and answer["run"] == stack["run"]
    assert [list(cell) for cell in answer["cells"]] == [[*CELL, "collapsed", "how"]] * 4
    assert [(c["lang"], c["metric"]) for c in answer["cells"]] == [
        ("et", "accuracy"), ("et", "macro_f1"), ("sw", "accuracy"), ("sw", "macro_f1")
    ]  # fmt: skip
    low, high = answer["cells"][0]["interval"]
    assert low <= answer["cells"][0]["value"] <= high and answer["cells"][0]["n"] == 40
    lines = (Path(stack["path"]) / "predictions/xcopa/test-et.jsonl").read_text().splitlines()
    assert len(lines) == 40 and set(json.loads(lines[0])) == {"label"}

    zero = xtk("evaluate", run["run"], "--task", "xcopa", "--languages", "th", "--limit", "9")
    assert zero.code == 0, zero.err
    assert zero.out.startswith("xcopa test, accuracy in percent, 95 % interval")


def test_several_tasks_as_typed(xtk, home, tiny_folder, tmp_path):
    words = ("--size", tiny_folder, "--sampling", "uniform", *SMALL)
    several = json.loads(xtk("train-adapter", "--task", "siqa,snli", *words).out)
    assert list(several) == [*RUN, "collapsed"]
    one = json.loads(xtk("train-adapter", "--task", "siqa", "--size", tiny_folder, *SMALL).out)

    where = ("--source", "sample", "--split", "validation", "--limit", "8")
    cells = json.loads(xtk("evaluate", several["run"], *where, "--json").out)["cells"]
    assert [cell["task"] for cell in cells] == ["siqa", "siqa", "snli", "snli"]
    alone = json.loads(xtk("evaluate", several["run"], "--task", "snli", *where, "--json").out)
    assert alone["cells"] == cells[2:]
    table = xtk("evaluate", several["run"], one["run"], *where)
    assert table.code == 0, table.err
    assert "siqa validation, accuracy" in table.out and "snli validation, accuracy" in table.out
    lines = [line for line in table.out.splitlines() if line.startswith("lang")]
    assert [line.count("tiny-seq_bn") for line in lines] == [2, 1]

    rows = tmp_path / "in.jsonl"
    rows.write_text('{"first": "A dog.", "second": "It barks."}\n')
    said = xtk("predict", several["run"], "--task", "snli", "--input", rows)
    assert said.code == 0 and json.loads(said.out)["index"] in range(3), said.err
    said = xtk("predict", several["run"], "--input", rows)
    assert said.code == 2 and "--task is one of siqa, snli" in said.err

    stacked = xtk("stack", "--intermediate", several["run"], "--target", "xcopa", *SMALL)
    assert json.loads(stacked.out)["run"].startswith("xcopa-on-siqa+snli-tiny-"), stacked.err


def test_rows_of_a_language_as_typed(xtk, home, tiny_folder, tmp_path, monkeypatch):
    row = {"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c"}
    for name in ("de.jsonl", "en.jsonl", "a=b.jsonl"):
        lines = [json.dumps(row | {"context": f"{name} {i}", "label": str(i % 3 + 1)})
                 for i in range(6)]  # fmt: skip
        (tmp_path / name).write_text("\n".join(lines))
    monkeypatch.chdir(tmp_path)
    files = (
        "--train-file",
        "de=de.jsonl",
        "--train-file",
        "en.jsonl",
        "--train-file",
        "./a=b.jsonl",
    )
    words = ("--size", tiny_folder, "--dev-limit", "10", "--source", "sample", "--epochs", "1")
    said = xtk("train-adapter", "--task", "siqa", *files, *words, "--json")
    assert said.code == 0, said.err
    shown = json.loads(xtk("runs", "show", json.loads(said.out)["run"], "--json").out)
    assert shown["identity"]["mixing"] == {"sampling": "proportional", "languages": "de,en"}
    assert shown["identity"]["train_rows"] == 18


def test_a_bare_backbone_is_searched_with(xtk, home, tiny_folder, monkeypatch):
    monkeypatch.setenv("XTK_DATA", str(FIXTURES))
    words = ("--size", tiny_folder, "--task", "tatoeba", "--languages", "th", "--source", "local")
    said = xtk("evaluate", *words, "--layer", "all", "--json")
    assert said.code == 0, said.err
    answer = json.loads(said.out)
    assert answer["run"].startswith("tiny-untrained-")
    assert [cell["how"] for cell in answer["cells"] if cell["metric"] == "accuracy"] == [
        f"layer {layer}, first, cosine" for layer in range(3)
    ]
    table = xtk("evaluate", *words, "--layer", "all").out
    assert [line.split(",")[0] for line in table.splitlines()[-3:]] == [
        f"layer {layer}" for layer in range(3)
    ]
    one = xtk("evaluate", *words, "--layer", "2", "--measure", "csls").out
    assert one.startswith("tatoeba test, accuracy in percent") and "layer 2, first, csls" in one


def test_full_fine_tuning_alone_and_after_another(xtk, home, tiny_folder):
    first = json.loads(xtk("finetune", "--task", "snli", "--size", tiny_folder, *SMALL).out)
    said = xtk("finetune", "--task", "snli", "--intermediate", first["run"], "--seed", "1", *SMALL)
    assert said.code == 0, said.err
    assert json.loads(said.out)["run"].startswith("snli-on-snli-tiny-finetune-")
    evaluated = xtk("evaluate", first["run"], "--limit", "10", "--json", "--split", "validation")
    assert evaluated.code == 0, evaluated.err
    wrong = xtk("stack", "--intermediate", first["run"], "--target", "xqnli", *SMALL)
    assert wrong.code == 1 and "a run of method 'finetune'" in wrong.err


def test_several_seeds_are_several_runs(xtk, home, tiny_folder):
    said = xtk("train-adapter", "--task", "snli", "--size", tiny_folder, *SMALL, "--seeds", "0,1")
    runs = [json.loads(line)["run"] for line in said.out.splitlines()]
    assert len(set(runs)) == 2
    listed = json.loads(xtk("runs", "--json").out)
    assert sorted(row["run"] for row in listed) == sorted(runs)
    table = xtk("evaluate", *runs, "--split", "validation", "--limit", "20").out
    assert "mean (sd) of seeds" in table
    shown = json.loads(xtk("runs", "show", runs[1], "--json").out)
    assert shown["identity"]["seed"] == 1 and shown["status"] == "finished"
    assert xtk("runs", "rm", runs[0]).code == 0
    assert [row["run"] for row in json.loads(xtk("runs", "--json").out)] == [runs[1]]


@pytest.mark.parametrize(
    ("task", "rows"),
    [
        ("snli", [{"first": "A dog.", "second": "An animal."}, {"first": "一", "second": "二"}]),
        ("siqa", [{"context": "It rained.", "choices": ["wet", "dry"]}]),
    ],
)
def test_predict_prints_a_line_an_input(task, rows, xtk, home, tiny_folder, tmp_path):
    run = json.loads(xtk("train-adapter", "--task", task, "--size", tiny_folder, *SMALL).out)
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    said = xtk("predict", run["run"], "--input", path)
    assert said.code == 0, said.err
    answers = [json.loads(line) for line in said.out.splitlines()]
    assert len(answers) == len(rows)
    for answer, row in zip(answers, rows, strict=True):
        names = row.get("choices", ["entailment", "neutral", "contradiction"])
        assert answer["label"] == names[answer["index"]]
        assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-4)


def test_the_command_and_the_function_give_one_run(xtk, home, tiny_folder):
    run = json.loads(xtk("train-adapter", "--task", "siqa", "--size", tiny_folder, *SMALL).out)
    options = package.Options(source="sample", limit=24, dev_limit=20, epochs=1)
    same = package.train_adapter("siqa", size=str(tiny_folder), options=options)
    assert (same.name, same.result["dev"]) == (run["run"], run["dev"])
    assert package.train_adapter is train_adapter


def test_equal_commands_give_equal_bytes(xtk, home, tiny_folder):
    said = xtk("train-adapter", "--task", "siqa", "--size", tiny_folder, *SMALL)
    weights = Path(json.loads(said.out)["path"]) / "adapter/adapter.safetensors"
    before = weights.read_bytes()
    assert (
        xtk("train-adapter", "--task", "siqa", "--size", tiny_folder, *SMALL, "--force").code == 0
    )
    assert weights.read_bytes() == before


def test_tasks(xtk, home):
    rows = json.loads(xtk("tasks", "--json").out)
    assert all(list(row) == TASK for row in rows)
    assert {"hellaswag", "siqa", "csqa", "cosmosqa", "mnli", "snli", "anli", "xnli", "xcopa",
            "pawsx"} <= {row["name"] for row in rows}  # fmt: skip
    targets = json.loads(xtk("tasks", "--role", "target", "--benchmark", "xtreme", "--json").out)
    assert {row["name"] for row in targets} == {
        "xnli", "pawsx", "udpos", "panx", "xquad", "mlqa", "tydiqa", "bucc2018", "tatoeba"
    }  # fmt: skip


def test_listing_and_help_load_no_torch():
    code = (
        "import sys; sys.modules['torch'] = None; sys.modules['transformers'] = None\n"
        "from xtk.cli.main import xtk\n"
        "for words in (['--help'], ['tasks'], ['evaluate', '--help'], ['runs']):\n"
        "    xtk.main(words, standalone_mode=False)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={"HOME": "/x"},
    )
    assert done.returncode == 0, done.stderr
    assert "hellaswag" in done.stdout


def test_doctor(xtk, home):
    facts = json.loads(xtk("doctor", "--json").out)
    assert facts["home"].startswith(f"{home} (from XTK_HOME; writable")
    assert {"torch", "adapters", "device", "precision", "mini"} <= facts.keys()


def test_data_check(xtk, home, monkeypatch, tmp_path):
    said = xtk("data", "check", "snli", "--json")
    assert said.code == 0, said.err
    rows = {(row["split"], row["source"]): row["rows"] for row in json.loads(said.out)}
    assert rows == {("train", "sample"): 8_831, ("validation", "sample"): 1_000}
    (tmp_path / "siqa").mkdir()
    (tmp_path / "siqa/train.jsonl").write_text("{}")
    (tmp_path / "siqa/train-labels.lst").write_text("1")
    monkeypatch.setenv("XTK_DATA", str(tmp_path))
    said = xtk("data", "check", "siqa")
    assert said.code == 1 and "line 1, column '" in said.out
