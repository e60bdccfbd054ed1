"""Whole folders: averages, what is missing, and what is in another place than it should be."""

import shutil
from pathlib import Path

import pytest
from small_benchmark import SMALL, errors, found

from xtk.scoring.folder import score_folder


def test_averages_are_over_languages_then_tasks(trees):
    (trees[0] / "nli" / "test-th.tsv").write_text("entailment\nneutral\n")
    scored, fields = found(trees)
    assert not scored.failed
    assert fields["problems"] == []
    assert list(fields) == ["benchmark", "overall", "groups", "tasks", "problems"]
    nli = fields["tasks"]["nli"]
    assert nli["accuracy"] == {
        "avg": pytest.approx(200 / 3),
        "languages": {"en": 50.0, "de": 50.0, "th": 100.0},
    }
    assert nli["accuracy_non_english"] == {"avg": 75.0, "languages": {"de": 50.0, "th": 100.0}}
    assert "accuracy_non_english" not in fields["tasks"]["copa"]
    qa = fields["tasks"]["qa"]
    assert qa["score"]["avg"] == pytest.approx((qa["exact_match"]["avg"] + qa["f1"]["avg"]) / 2)
    assert qa["f1"]["avg"] == pytest.approx(100 * (2 / 3 + 1) / 2)
    values = [task["score"]["avg"] for task in fields["tasks"].values()]
    assert fields["overall"] == pytest.approx(sum(values) / len(values))  # tasks, not groups
    assert fields["groups"]["classification"] == pytest.approx((200 / 3 + 50) / 2)
    assert fields["groups"]["choice"] == 50.0


@pytest.mark.parametrize("tree", [0, 1], ids=["predictions", "labels"])
def test_a_missing_file_is_named_and_no_average_leaves_it_out(trees, tree):
    gone = trees[tree] / "nli" / "test-th.tsv"
    gone.unlink()
    scored, fields = found(trees)
    assert scored.failed
    assert [p["file"] for p in errors(fields)] == [str(gone)]
    assert fields["tasks"]["nli"]["accuracy"] == {
        "avg": None,
        "languages": {"en": 50.0, "de": 50.0},
        "missing": ["th"],
    }
    assert fields["tasks"]["nli"]["accuracy_non_english"]["avg"] is None
    assert fields["overall"] is fields["groups"]["classification"] is None
    assert fields["groups"]["tagging"] is not None
    assert fields["incomplete"] is True
    allowed, fields = found(trees, allow_missing=True)
    assert not allowed.failed
    assert fields["tasks"]["nli"]["accuracy"]["avg"] == 50.0
    assert fields["tasks"]["nli"]["accuracy"]["missing"] == ["th"]
    assert fields["overall"] is not None
    assert fields["incomplete"] is True
    assert [p["level"] for p in fields["problems"]] == ["warning"]


def test_a_missing_task_is_one_problem_that_names_its_languages(trees):
    shutil.rmtree(trees[0] / "nli")
    _, fields = found(trees)
    (problem,) = errors(fields)
    assert problem["file"] == str(trees[0] / "nli")
    assert "en de th" in problem["what"]
    assert fields["tasks"]["nli"]["accuracy"]["avg"] is None
    allowed, fields = found(trees, allow_missing=True)
    assert not allowed.failed
    assert fields["groups"]["classification"] == 50.0
    assert fields["tasks"]["nli"]["accuracy"] == {
        "avg": None,
        "languages": {},
        "missing": ["en", "de", "th"],
    }


def test_what_is_broken_is_never_allowed(trees):
    (trees[0] / "nli" / "test-th.tsv").write_text("entailment\n")
    scored, fields = found(trees, allow_missing=True)
    assert scored.failed
    assert fields["tasks"]["nli"]["accuracy"]["avg"] is None
    assert fields["overall"] is fields["groups"]["classification"] is None


def test_nothing_at_all_is_many_problems_and_no_score(tmp_path):
    scored = score_folder(SMALL, tmp_path, tmp_path)
    assert scored.failed
    assert scored.overall is None
    assert len(scored.problems) == 2 * len(SMALL.entries)
    assert score_folder(SMALL, tmp_path, tmp_path, allow_missing=True).overall is None


def test_every_problem_of_a_folder_is_told_at_once(trees):
    (trees[0] / "nli" / "test-en.tsv").write_text("yes\nno\n")
    (trees[0] / "pos" / "test-de.tsv").write_text("DET\nNOUN\nX\n\nVERB\n")
    (trees[1] / "copa" / "test-th.jsonl").write_text("{")
    (trees[0] / "linked" / "test-en.json").unlink()
    _, fields = found(trees)
    told = [(Path(p["file"]).parent.name, p["line"]) for p in errors(fields)]
    assert told == [("nli", 1), ("nli", 2), ("copa", 1), ("pos", 1), ("linked", None)]


def test_a_file_full_of_errors_does_not_drown_the_others(trees):
    (trees[0] / "nli" / "test-en.tsv").write_text("yes\n" * 5_000 + "neutral\n")
    _, fields = found(trees)
    assert len(errors(fields)) == 22
    assert "4,980 more" in errors(fields)[-2]["what"]
    assert "5,001 lines of predictions for 2" in errors(fields)[-1]["what"]


@pytest.mark.parametrize(
    "name",
    [
        "test-th.txt",
        "test-th.json",
        "test-TH.tsv",
        "test_th.tsv",
        "test_th_predictions.txt",
        "predictions_th_.json",
    ],
)
def test_a_file_of_another_name_is_told_the_name_that_is_read(trees, name):
    folder = trees[0] / "nli"
    (folder / "test-th.tsv").rename(folder / name)
    scored, fields = found(trees, allow_missing=True)
    assert scored.failed
    (problem,) = fields["problems"]
    assert problem["file"] == str(folder / name)
    assert "test-th.tsv" in problem["what"]


def test_a_folder_where_a_file_belongs_and_a_file_where_a_folder_does(trees):
    (trees[0] / "nli" / "test-th.tsv").unlink()
    (trees[0] / "nli" / "test-th.tsv").mkdir()
    shutil.rmtree(trees[0] / "pos")
    (trees[0] / "pos").write_text("DET\n")
    _, fields = found(trees)
    told = {p["file"]: p["what"] for p in errors(fields)}
    assert "a folder where a file belongs" in told[str(trees[0] / "nli" / "test-th.tsv")]
    assert "a file where the folder" in told[str(trees[0] / "pos")]


def test_a_link_that_leads_nowhere_is_told(trees):
    path = trees[0] / "nli" / "test-th.tsv"
    path.unlink()
    path.symlink_to("gone.tsv")
    _, fields = found(trees)
    assert [(p["file"], p["line"]) for p in errors(fields)] == [(str(path), None)]
    assert "leads nowhere" in errors(fields)[0]["what"]


def test_what_nothing_reads_is_a_warning(trees):
    (trees[0] / "unknown").mkdir()
    (trees[0] / "nli" / "test-qu.tsv").write_text("entailment\n")
    (trees[0] / "nli" / ".DS_Store").write_text("")
    scored, fields = found(trees)
    assert not scored.failed
    assert [Path(p["file"]).name for p in fields["problems"]] == ["test-qu.tsv", "unknown"]
    (trees[0] / "pos").rename(trees[0] / "POS")
    _, fields = found(trees)
    assert "must be named pos" in errors(fields)[0]["what"]


def test_what_the_official_script_scores_as_0_is_a_warning_with_its_count(trees):
    (trees[0] / "qa" / "test-en.json").write_text('{"q1": "red", "x": "y", "z": ""}')
    scored, fields = found(trees)
    assert not scored.failed
    assert fields["tasks"]["qa"]["f1"]["languages"]["en"] == 50.0
    unanswered, unasked = fields["problems"]
    assert unanswered["what"].startswith("1 of 2 questions have no prediction and score 0: q0")
    assert unasked["what"].startswith("2 predictions are for no question")
    assert {p["level"] for p in fields["problems"]} == {"warning"}


def test_a_collapsed_model_is_told_of(trees):
    for tree in trees:
        (tree / "nli" / "test-de.tsv").write_text("entailment\nneutral\n" * 10)
    assert found(trees)[1]["problems"] == []
    (trees[0] / "nli" / "test-de.tsv").write_text("neutral\n" * 20)
    scored, fields = found(trees)
    assert not scored.failed
    assert [p["what"] for p in fields["problems"]] == ["every prediction is the same."]
    assert fields["tasks"]["nli"]["accuracy"]["languages"]["de"] == 50.0


def test_pairs_that_repeat_or_are_the_other_way_round_are_told(trees):
    (trees[0] / "mined" / "test-de.tsv").write_text("en-1\tde-1\nen-1\tde-1\n")
    scored, fields = found(trees)
    assert not scored.failed
    told = [p["what"] for p in fields["problems"]]
    assert "1 lines repeat a pair" in told[0]
    assert "the other way round" in told[1]


def test_the_other_direction_is_scored_where_it_is_given(trees):
    """Labels 1 0 2 3 say that foreign row 0 belongs to line 1, row 1 to line 0."""
    for lang in ("de", "th"):
        (trees[0] / "rows" / f"test-{lang}.to-en.tsv").write_text("1\n0\n3\n3\n")
    _, fields = found(trees)
    assert fields["problems"] == []
    assert fields["tasks"]["rows"]["accuracy_to_en"]["avg"] == 75.0
    assert fields["tasks"]["rows"]["score"]["avg"] == 50.0
    (trees[0] / "rows" / "test-th.to-en.tsv").unlink()
    scored, fields = found(trees)
    assert not scored.failed
    assert fields["tasks"]["rows"]["accuracy_to_en"]["avg"] is None
    (trees[1] / "rows" / "test-de.tsv").write_text("1\n0\n2\n9\n")
    _, fields = found(trees)
    assert "no labels of the other direction" in errors(fields)[0]["what"]
    (trees[0] / "rows" / "test-de.tsv").unlink()
    assert "the file is missing" in errors(found(trees)[1])[0]["what"]


def test_nothing_at_all_is_no_score_even_where_files_may_be_missing(tmp_path):
    scored, fields = found((tmp_path, tmp_path), allow_missing=True)
    assert scored.failed
    assert fields["overall"] is None
    (problem,) = errors(fields)
    assert problem["file"] == str(tmp_path)
    assert "there is nothing of small to score" in problem["what"]
