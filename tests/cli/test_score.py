"""`xtk score` and `xtk export` as they are typed, on whole small folders."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from xtk.cli.score import export, score
from xtk.scoring.benchmark import Benchmark
from xtk.scoring.schemes.answers import ANSWERS, ANSWERS_MLQA, Question
from xtk.scoring.schemes.choices import CHOICES
from xtk.scoring.schemes.labels import LABELS
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.scoring.schemes.pairs import PAIRS
from xtk.scoring.schemes.pointers import POINTERS
from xtk.scoring.schemes.rankings import RANKINGS
from xtk.scoring.schemes.tags import TAGS
from xtk.workflows.official import benchmark_of

QUESTIONS = {"a": Question(("one",), 0), "b": Question(("two",), 0)}
# labels and predictions of every language, half of them right
HALF_RIGHT = {
    LABELS.name: ((0, 1), (0, 0)),
    CHOICES.name: ((0, 1), (0, 0)),
    TAGS.name: (((1,), (2,)), ((1,), (3,))),
    ANSWERS.name: (QUESTIONS, {"a": "one", "b": "three"}),
    ANSWERS_MLQA.name: (QUESTIONS, {"a": "one", "b": "three"}),
    POINTERS.name: ((0, 1), (0, 0)),
    PAIRS.name: (frozenset({("x", "y"), ("z", "y")}), frozenset({("x", "y"), ("z", "x")})),
    RANKINGS.name: ({"m": ("Q1",), "n": ("Q2",)}, {"m": ("Q1",), "n": ("Q3",)}),
    MULTI_RANKINGS.name: (
        {"q": frozenset("a"), "r": frozenset("b")},
        {"q": ("a", "b"), "r": ("a",)},
    ),
}


def written(benchmark: Benchmark, root: Path) -> tuple[Path, Path]:
    """Folders of predictions and of labels, whole and in order."""
    for entry in benchmark.entries:
        scheme = entry.scheme
        gold, predictions = HALF_RIGHT[scheme.name]
        texts = {
            "labels": scheme.write_gold(gold, entry.names),
            "predictions": scheme.write_predictions(predictions, entry.names),
        }
        for tree, text in texts.items():
            (root / tree / entry.name).mkdir(parents=True)
            for lang in entry.languages:
                path = root / tree / entry.name / f"test-{lang}.{scheme.suffix}"
                path.write_text(text, encoding="utf-8")
    return root / "predictions", root / "labels"


def run(name: str, trees: tuple[Path, Path], *flags: str) -> Result:
    words = ["--benchmark", name, "--predictions", str(trees[0]), "--labels", str(trees[1]), *flags]
    return CliRunner().invoke(score, words)


@pytest.mark.parametrize(("name", "tasks"), [("xtreme", 9), ("xtreme-r", 10)])
def test_a_whole_benchmark_has_an_overall_score(tmp_path, name, tasks):
    benchmark = benchmark_of(name)
    said = run(name, written(benchmark, tmp_path), "--json")
    assert said.exit_code == 0, said.output
    assert said.stderr == ""
    fields = json.loads(said.stdout)
    assert list(fields) == ["benchmark", "overall", "groups", "tasks", "problems"]
    assert fields["benchmark"] == name
    assert fields["problems"] == []
    assert fields["overall"] == pytest.approx(50.0)
    assert fields["groups"] == {group: pytest.approx(50.0) for group in benchmark.groups}
    assert len(fields["tasks"]) == tasks
    for entry in benchmark.entries:
        for metric in entry.headline:
            values = fields["tasks"][entry.name][metric]
            assert values["avg"] == pytest.approx(50.0)
            assert list(values["languages"]) == list(entry.languages)


def test_people_get_tables_and_problems_on_stderr(tmp_path):
    trees = written(benchmark_of("xtreme-r"), tmp_path)
    said = run("xtreme-r", trees)
    assert said.exit_code == 0
    lines = said.stdout.splitlines()
    assert lines[0] == "xtreme-r, in percent"
    assert "overall         50.00" in lines
    assert ["lareqa", "map@20", "50.00", "50.00", "11/11"] in [line.split() for line in lines]
    missing = trees[0] / "xcopa" / "test-qu.jsonl"
    missing.unlink()
    broken = trees[0] / "udpos" / "test-th.tsv"
    broken.write_text("ADP\n\nnoun\n")
    said = run("xtreme-r", trees)
    assert said.exit_code == 1
    assert "xtreme-r, in percent, incomplete" in said.stdout
    assert f"error: {broken}:3: the tag 'noun' is in another case; write 'NOUN'." in said.stderr
    assert f"error: {missing}: the file is missing" in said.stderr
    assert len(said.stderr.splitlines()) == 2


def test_json_is_printed_with_all_problems_and_exit_1(tmp_path):
    trees = written(benchmark_of("xtreme"), tmp_path)
    (trees[0] / "bucc2018" / "test-zh.tsv").unlink()
    said = run("xtreme", trees, "--json")
    assert said.exit_code == 1
    fields = json.loads(said.stdout)
    assert fields["overall"] is fields["groups"]["retrieval"] is None
    assert fields["groups"]["qa"] is not None
    (problem,) = fields["problems"]
    assert set(problem) == {"file", "line", "what", "level"}
    assert Path(problem["file"]).parts[-2:] == ("bucc2018", "test-zh.tsv")
    allowed = run("xtreme", trees, "--json", "--allow-missing")
    assert allowed.exit_code == 0
    fields = json.loads(allowed.stdout)
    assert fields["incomplete"] is True
    assert fields["overall"] == pytest.approx(50.0)
    assert fields["tasks"]["bucc2018"]["f1"]["missing"] == ["zh"]


@pytest.mark.parametrize("flag", ["--predictions", "--labels"])
def test_a_folder_that_is_none_is_wrong_use(tmp_path, flag):
    (tmp_path / "file").write_text("")
    words = {"--benchmark": "xtreme", "--predictions": tmp_path, "--labels": tmp_path}
    for wrong in (tmp_path / "gone", tmp_path / "file"):
        given = [str(word) for pair in (words | {flag: wrong}).items() for word in pair]
        assert CliRunner().invoke(score, given).exit_code == 2


def test_the_export_of_nothing_is_an_error(tmp_path):
    said = CliRunner().invoke(
        export, ["gone", "--out", str(tmp_path / "out"), "--home", str(tmp_path)]
    )
    assert said.exit_code != 0
    assert "There is no run 'gone'" in str(said.exception)


def test_scoring_needs_no_torch(tmp_path):
    """A laptop without torch scores what a cluster predicted."""
    trees = written(benchmark_of("xtreme"), tmp_path)
    program = (
        "import sys\n"
        "for name in ('torch', 'transformers', 'adapters'):\n"
        "    sys.modules[name] = None\n"
        "from pathlib import Path\n"
        "from xtk.workflows.official import score\n"
        "print(score('xtreme', *map(Path, sys.argv[1:])).overall)\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, *map(str, trees)],
        check=False,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, said.stderr
    assert float(said.stdout) == pytest.approx(50.0)
