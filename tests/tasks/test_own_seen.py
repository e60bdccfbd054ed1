"""What `xtk tasks check FILE` says of a task of one's own."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from xtk.cli.main import xtk
from xtk.core.errors import XtkError
from xtk.tasks.own import parse_task
from xtk.tasks.seen import Seen, see

TOXICITY = Path(__file__).parent / "own/toxicity"
SUPERTAGS = """\
name: categories
kind: token classification
sources:
  local:
    files: {train: "{lang}-train.tsv", validation: "{lang}-dev.tsv"}
licence: own
"""


def look(folder: Path, text: str | None = None) -> dict[tuple[str, str], Seen]:
    path = folder / "toxicity.yaml"
    task = parse_task(text or path.read_text(encoding="utf-8"), path)
    return {(one.split, one.lang): one for one in see(task)}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TOXICITY, tmp_path / "copy"))


def test_rows_labels_and_hashes_are_told():
    seen = look(TOXICITY)
    assert list(seen) == [("train", "en"), ("validation", "en"), ("test", "fr")]
    train = seen["train", "en"]
    assert (train.rows, train.labels, train.majority) == (24, "labelled", 50.0)
    assert train.counts == {"harmless": 12, "toxic": 12}
    assert train.first == "Thank you, that was very kind of you. | harmless"
    assert train.files == (str(TOXICITY / "train-en.csv"),) and len(train.sha256) == 64
    assert not any(one.problem for one in seen.values())


def test_what_a_run_would_miss_is_a_problem(copy: Path):
    (copy / "test-fr.csv").unlink()
    (copy / "dev-en.csv").write_text("text,label\nfine,2\n")
    (copy / "train-en.csv").write_text("text,label\n" + "same,1\n" * 20)
    seen = look(copy)
    assert seen["test", "fr"].problem == f"There is no file {copy / 'test-fr.csv'}."
    assert "dev-en.csv, line 2, column 'label': expected one of 0, 1, found \"2\"" in (
        seen["validation", "en"].problem
    )
    assert "all 20 rows have the label 1, a placeholder" in seen["train", "en"].problem


def test_test_rows_without_labels_are_told_and_no_problem(copy: Path):
    text = (copy / "toxicity.yaml").read_text(encoding="utf-8")
    text = text.replace("codes: [0, 1]", 'codes: [0, 1]\n      unlabelled: [""]')
    (copy / "test-fr.csv").write_text("text\nBonjour.\n")
    test = look(copy, text)["test", "fr"]
    assert (test.labels, test.problem, test.majority) == ("unlabelled", "", None)
    assert test.counts == {"no label": 1} and test.first == "Bonjour. | no label"


def test_the_tags_of_the_training_rows_are_learned_where_none_are_named(tmp_path: Path):
    (tmp_path / "en-train.tsv").write_text("I\tNP\nsee\t(S\\NP)/NP\nit\tNP\n")
    (tmp_path / "en-dev.tsv").write_text("He\tNP\nruns\tS\\NP\n")
    seen = look(tmp_path, SUPERTAGS)
    assert seen["train", "en"].counts == {"NP": 2, "(S\\NP)/NP": 1}
    assert seen["train", "en"].first == "I/NP see/(S\\NP)/NP it/NP"
    assert seen["validation", "en"].counts == {"NP": 1, "(not in training)": 1}


def test_a_set_on_the_hub_is_named_and_not_read():
    text = (TOXICITY / "toxicity.yaml").read_text(encoding="utf-8")
    hub = "  hub: {dataset: a/b, revision: %s, columns: {first: t, label: l}}\nlicence:" % (
        "0" * 40
    )
    before, _, after = text.partition("  local:")
    text = before + hub + after.partition("licence:")[2]
    seen = look(TOXICITY, text.replace("languages: [fr]\n", ""))
    assert [one.source for one in seen.values()] == ["hub", "hub"]
    assert seen["train", "en"].files == ("a/b:default@0000000",)


def test_the_command(copy: Path):
    done = CliRunner().invoke(xtk, ["tasks", "check", str(copy / "toxicity.yaml")])
    assert done.exit_code == 0, done.output
    assert "train       en      24    50.0 %  harmless 12, toxic 12" in done.output
    told = CliRunner().invoke(xtk, ["tasks", "check", str(copy / "toxicity.yaml"), "--json"])
    said = json.loads(told.output)
    assert (said["name"], said["kind"]) == ("toxicity", "sequence classification")
    assert [one["rows"] for one in said["splits"]] == [24, 8, 12]
    (copy / "test-fr.csv").unlink()
    failed = CliRunner().invoke(xtk, ["tasks", "check", str(copy / "toxicity.yaml")])
    assert isinstance(failed.exception, XtkError) and failed.exception.exit_code == 1
    assert "test fr: There is no file" in failed.output
