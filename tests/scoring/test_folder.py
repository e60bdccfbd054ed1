"""Whole folders: averages, what is missing, and every kind of damage with its file and line."""

import json
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tag_names import UPOS

from xtk.scoring.benchmark import Benchmark, Entry
from xtk.scoring.folder import score_folder
from xtk.scoring.schemes.answers import ANSWERS
from xtk.scoring.schemes.choices import CHOICES
from xtk.scoring.schemes.labels import LABELS
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.scoring.schemes.pairs import PAIRS
from xtk.scoring.schemes.pointers import POINTERS
from xtk.scoring.schemes.rankings import RANKINGS
from xtk.scoring.schemes.tags import TAGS

NLI = ("entailment", "neutral", "contradiction")
SMALL = Benchmark(
    name="small",
    entries=(
        Entry("nli", LABELS, NLI, ("en", "de", "th"), ("accuracy",)),
        Entry("copa", CHOICES, ("0", "1"), ("et", "th"), ("accuracy",)),
        Entry("pos", TAGS, UPOS, ("en", "de"), ("f1",)),
        Entry("qa", ANSWERS, (), ("en", "zh"), ("exact_match", "f1")),
        Entry("rows", POINTERS, (), ("de", "th"), ("accuracy",)),
        Entry("mined", PAIRS, (), ("de",), ("f1",)),
        Entry("linked", RANKINGS, (), ("en",), ("map@20",)),
        Entry("found", MULTI_RANKINGS, (), ("en",), ("map@20",)),
    ),
    groups={"classification": ("nli", "copa"), "tagging": ("pos",), "choice": ("copa",)},
)


def squad(*answers):
    questions = [
        {"id": f"q{i}", "question": "?", "answers": [{"text": answer, "answer_start": 0}]}
        for i, answer in enumerate(answers)
    ]
    return json.dumps({"data": [{"paragraphs": [{"context": "", "qas": questions}]}]}, indent=1)


# task: (suffix, labels, predictions of which half is right or so)
FILES = {
    "nli": ("tsv", "entailment\nneutral\n", "entailment\ncontradiction\n"),
    "copa": ("jsonl", '{"label": 0}\n{"label": 1}\n', '{"label": 0}\n{"label": 0}\n'),
    "pos": ("tsv", "DET\nNOUN\n\nVERB\n", "DET\nVERB\n\nVERB\n"),
    "qa": ("json", squad("blue house", "red"), '{"q0": "blue",\n "q1": "red"}\n'),
    "rows": ("tsv", "1\n0\n2\n3\n", "1\n0\n3\n2\n"),
    "mined": ("tsv", "de-1\ten-1\nde-2\ten-2\n", "de-1\ten-1\nde-2\ten-1\n"),
    "linked": ("json", '{"m": ["Q1"], "n": ["Q2"]}', '{"m": ["Q1"],\n "n": ["Q3"]}'),
    "found": ("json", '{"q": ["a", "b"]}', '{"q": ["a", "c"]}'),
}


@pytest.fixture
def trees(tmp_path) -> tuple[Path, Path]:
    """A folder of predictions and one of labels, both in order."""
    predictions, labels = tmp_path / "predictions", tmp_path / "labels"
    for entry in SMALL.entries:
        suffix, gold, predicted = FILES[entry.name]
        for lang in entry.languages:
            for tree, text in ((labels, gold), (predictions, predicted)):
                path = tree / entry.name / f"test-{lang}.{suffix}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return predictions, labels


def found(trees, **flags):
    scored = score_folder(SMALL, *trees, **flags)
    return scored, scored.as_json()


def errors(fields):
    return [p for p in fields["problems"] if p["level"] == "error"]


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


# task, text of the prediction file, line, words of the message
DAMAGE = [
    ("nli", "entailment\n", 2, "line 2 is missing"),
    ("nli", "entailment\nneutral\nneutral\n", 3, "line 3 is one too many"),
    ("nli", "entailment\n\nneutral\n", 2, "blank line"),
    ("nli", "entailment\nneutral\n\n\n", 3, "blank line"),
    ("nli", "entailment\nmaybe\n", 2, "'maybe' is no label; expected one of entailment"),
    ("nli", "entailment\nNeutral\n", 2, "another case; write 'neutral'"),
    ("nli", "A dog.\tentailment\nneutral\n", 1, "expected 'entailment' alone"),
    ("nli", "0\n1\n", 1, "'0' is no label"),
    ("nli", "", 1, "empty"),
    ("nli", "\n\n", 1, "empty"),
    ("nli", b"entailment\n\xffneutral\n", 2, "not UTF-8"),
    ("nli", "entailment\nneu\0tral\n", 2, "NUL"),
    ("copa", '{"label": "1"}\n{"label": 0}\n', 1, "a text, not an integer"),
    ("copa", '{"label": 1}\n{"label": true}\n', 2, "true, not an integer"),
    ("copa", '{"label": 1.0}\n{"label": 0}\n', 1, "a number, not an integer"),
    ("copa", '{"label": NaN}\n{"label": 0}\n', 1, "NaN"),
    ("copa", '{"label": 0}\n{"label": 2}\n', 2, "not in 0..1"),
    ("copa", '{"label": 0}\n{"label": -1}\n', 2, "not in 0..1"),
    ("copa", '{"label": 0}\n{"label": null}\n', 2, "null"),
    ("copa", '{"label": 0}\n{"Label": 1}\n', 2, 'no "label"'),
    ("copa", '{"label": 0}\n{"label": 1\n', 2, "cut off"),
    ("copa", '{"label": 0}\n{"label": 1, "label": 0}\n', 2, "twice"),
    ("copa", '{"label": 0}\n\n{"label": 1}\n', 2, "blank line"),
    ("copa", "0\n1\n", 1, 'no "label"'),
    ("pos", "DET\nNOUN\nNOUN\n\nVERB\n", 1, "sentence 1 has 3 tags, 2"),
    ("pos", "DET\nNOUN\n\nVERB\nVERB\n", 4, "sentence 2 has 2 tags, 1"),
    ("pos", "DET\nNOUN\n", 4, "no sentence 2"),
    ("pos", "DET\nNOUN\n\nVERB\n\nVERB\n", 6, "sentence 3 is one too many"),
    ("pos", "DET\n\nNOUN\n\nVERB\n", 1, "sentence 1 has 1 tags, 2"),
    ("pos", "DET\nNOUN\n\n\nVERB\n", 4, "blank line"),
    ("pos", "\nDET\nNOUN\n\nVERB\n", 1, "blank line"),
    ("pos", "DET\nnoun\n\nVERB\n", 2, "another case; write 'NOUN'"),
    ("pos", "the\tDET\nNOUN\n\nVERB\n", 1, "expected 'DET' alone"),
    ("pos", "DET\nNN\n\nVERB\n", 2, "'NN' is no tag"),
    ("qa", '{"q0": null,\n "q1": "red"}', 1, "null"),
    ("qa", '{"q0": "blue",\n "q1": ["red"]}', 2, "a list"),
    ("qa", '{"q0": "blue",\n "q1": 7}', 2, "a number"),
    ("qa", '{"q0": "blue",\n "q1": "red",\n "q0": "green"}', 3, "'q0' is there twice"),
    ("qa", '{"q0": "blue",\n "q1": "re', 2, "cut off"),
    ("qa", '{"q0": "blue",\n "q1": NaN}', None, "NaN"),
    ("qa", '["blue", "red"]', 1, "found a list"),
    ("qa", "{}", 1, "no entry"),
    ("qa", "[" * 100_000, None, "nested too deeply"),
    ("rows", "1\n[0]\n2\n3\n", 2, "write 0 alone"),
    ("rows", "1\nNaN\n2\n3\n", 2, "'NaN' is no row number"),
    ("rows", "1\n0.0\n2\n3\n", 2, "no row number"),
    ("rows", "1\n-1\n2\n3\n", 2, "no row number"),
    ("rows", "1\n٣\n2\n3\n", 2, "no row number"),
    ("rows", "1\n01\n2\n3\n", 2, "no row number"),
    ("rows", "1\n" + "9" * 5000 + "\n2\n3\n", 2, "no row number"),
    ("rows", "1\n0\n\n2\n3\n", 3, "blank line"),
    ("rows", "1\n0\n2\n", 4, "line 4 is missing"),
    ("mined", "de-1\ten-1\t0.9\n", 1, "3 columns"),
    ("mined", "de-1 en-1\n", 1, "1 column;"),
    ("mined", "de-1\t\ten-1\n", 1, "3 columns"),
    ("mined", "de-1\ten-1\n\nde-2\ten-2\n", 2, "blank line"),
    ("mined", "de 1\ten-1\n", 1, "has a blank in it"),
    ("linked", '{"m": "Q1",\n "n": ["Q2"]}', 1, "a text"),
    ("linked", '{"m": ["Q1"],\n "n": null}', 2, "null"),
    ("linked", '{"m": ["Q1"],\n "n": [2]}', 2, "an id is a number"),
    ("found", '{"q": {"top": ["a"], "ranks": [1]}}', None, "1 ranks for 2 targets"),
    ("found", '{"q": {"top": ["c", "a"], "ranks": [1, 9]}}', None, "disagree"),
    ("found", '{"q": {"top": ["a"], "ranks": [0, 1]}}', 1, "different integers from 1"),
    ("found", '{"q": {"top": ["a"]}}', 1, "top and ranks"),
]


@pytest.mark.parametrize(("task", "text", "line", "words"), DAMAGE)
def test_damage_is_named_with_file_and_line(trees, task, text, line, words):
    entry = next(entry for entry in SMALL.entries if entry.name == task)
    path = trees[0] / task / f"test-{entry.languages[-1]}.{FILES[task][0]}"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    scored, fields = found(trees)
    assert scored.failed
    problem = errors(fields)[0]
    assert (problem["file"], problem["line"]) == (str(path), line)
    assert words in problem["what"]
    assert {p["file"] for p in errors(fields)} == {str(path)}
    assert fields["tasks"][task]["score"]["avg"] is None
    others = [fields["tasks"][e.name]["score"]["avg"] for e in SMALL.entries if e.name != task]
    assert None not in others


def test_every_problem_of_a_folder_is_told_at_once(trees):
    (trees[0] / "nli" / "test-en.tsv").write_text("yes\nno\n")
    (trees[0] / "pos" / "test-de.tsv").write_text("DET\nNOUN\nX\n\nVERB\n")
    (trees[1] / "copa" / "test-th.jsonl").write_text("{")
    (trees[0] / "linked" / "test-en.json").unlink()
    _, fields = found(trees)
    told = [(Path(p["file"]).parent.name, p["line"]) for p in errors(fields)]
    assert told == [("nli", 1), ("nli", 2), ("copa", 1), ("pos", 1), ("linked", None)]


def test_a_file_full_of_errors_does_not_drown_the_others(trees):
    (trees[0] / "nli" / "test-en.tsv").write_text("yes\n" * 5_000)
    _, fields = found(trees)
    assert len(errors(fields)) == 21
    assert "4,980 more" in errors(fields)[-1]["what"]


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


WITHHELD = [
    ("copa", '{"label": 0}\n' * 60, "placeholders"),
    ("qa", squad("", ""), "withheld"),
    ("linked", '{"m": [""], "n": [" "]}', "withheld"),
    ("nli", "A dog.\tIt is loud.\n", "no label"),
]


@pytest.mark.parametrize(("task", "text", "words"), WITHHELD)
def test_labels_that_are_withheld_score_nothing(trees, task, text, words):
    entry = next(entry for entry in SMALL.entries if entry.name == task)
    path = trees[1] / task / f"test-{entry.languages[0]}.{FILES[task][0]}"
    path.write_text(text)
    _, fields = found(trees)
    problem = errors(fields)[0]
    assert problem["file"] == str(path)
    assert words in problem["what"]


GOLD_DAMAGE = [
    ('{"data": 3}', "the articles are a number"),
    ('{"data": [{"paragraphs": [{"qas": [{"id": 3}]}]}]}', "a question's id is a number"),
    ('{"data": [{"paragraphs": [{"qas": [{"id": "a"}]}]}]}', "'answers'"),
    (
        '{"data": [{"paragraphs": [{"qas": [{"id": "a", "answers": []}, '
        '{"id": "b", "answers": [{"text": "x"}]}]}]}]}',
        "no gold answer",
    ),
    ('{"data": []}', "there is no question"),
    (squad("a", "b").replace("q1", "q0"), "is there twice"),
    ("3", "a number"),
]


@pytest.mark.parametrize(("text", "words"), GOLD_DAMAGE)
def test_damaged_labels_of_questions_are_told(trees, text, words):
    (trees[1] / "qa" / "test-en.json").write_text(text)
    _, fields = found(trees)
    assert words in errors(fields)[0]["what"]


HARMLESS = [
    lambda text: text.replace("\n", "\r\n"),
    lambda text: text.replace("\n", "\r"),
    lambda text: text.replace("\n", " \t\n"),
    lambda text: text.rstrip("\n"),
    lambda text: text.rstrip("\n") + "\n\n",
    lambda text: "\ufeff" + text,
]


@pytest.mark.parametrize("change", HARMLESS)
def test_damage_that_changes_nothing_is_read_without_fuss(trees, change):
    before = score_folder(SMALL, *trees).as_json()
    for tree in trees:
        for path in tree.rglob("*.*"):
            path.write_bytes(change(path.read_text(encoding="utf-8")).encode())
    assert score_folder(SMALL, *trees).as_json() == before


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


BYTES = st.one_of(
    st.binary(max_size=60),
    st.text(max_size=60).map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["data", "label", "q0", "q", "paragraphs", "qas", "id", "top", "ranks"]
                ),
                inner,
                max_size=4,
            )
        ),
        max_leaves=12,
    ).map(lambda value: json.dumps(value).encode()),
)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(task=st.sampled_from(sorted(FILES)), tree=st.integers(0, 1), content=BYTES)
def test_no_bytes_give_a_traceback(trees, task, tree, content):
    """Whatever a file holds, it is scored or its problem is told, and the result can be printed."""
    entry = next(entry for entry in SMALL.entries if entry.name == task)
    path = trees[tree] / task / f"test-{entry.languages[0]}.{FILES[task][0]}"
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        scored, fields = found(trees)
    finally:
        path.write_bytes(before)
    json.dumps(fields, ensure_ascii=False, allow_nan=False).encode()
    assert scored.failed == (fields["tasks"][task]["score"]["avg"] is None)


@settings(
    deadline=None,
    derandomize=True,
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(task=st.sampled_from(sorted(FILES)), data=st.data())
def test_a_cut_or_changed_file_is_told_or_scored(trees, task, data):
    """One byte changed, put in or taken out, or the end cut off."""
    entry = next(entry for entry in SMALL.entries if entry.name == task)
    path = trees[0] / task / f"test-{entry.languages[0]}.{FILES[task][0]}"
    before = path.read_bytes()
    place = data.draw(st.integers(0, len(before) - 1))
    new = data.draw(st.sampled_from([b"", b"\n", b"\t", b"0", b"\xe2", b'"', b"{", b"\0"]))
    end = data.draw(st.sampled_from([place, place + 1, len(before)]))
    path.write_bytes(before[:place] + new + before[end:])
    try:
        scored, fields = found(trees)
    finally:
        path.write_bytes(before)
    assert scored.failed == (fields["tasks"][task]["score"]["avg"] is None)
    for problem in fields["problems"]:
        assert problem["file"] == str(path)
