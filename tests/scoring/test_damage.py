"""Every kind of damage, each with the file and the line that must be named."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_benchmark import FILES, SMALL, errors, found, squad

from xtk.scoring.folder import score_folder

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
    ("qa", '{"q0": null,\n "q1": "red"}', 1, "'q0': the answer is null; expected a text"),
    ("qa", '{"q0": "blue",\n "q1": ["red"]}', 2, "a list"),
    ("qa", '{"q0": "blue",\n "q1": 7}', 2, "a number"),
    ("qa", '{"q0": "blue",\n "q1": "red",\n "q0": "green"}', 3, "'q0' is there twice"),
    ("qa", '{"q0": "blue",\n "q1": "re', 2, "cut off"),
    ("qa", '{"q0": "blue",\n "q1": NaN}', 2, "'q1': the answer is a number, NaN"),
    ("qa", '{"q0": "blue",\n "q1": [Infinity]}', 2, "'q1': the answer is a list"),
    ("qa", '{"q0": "blue",\r "q1": 7}', 2, "a number, 7"),
    ("nli", b"entailment\rneu\xfftral\r", 2, "not UTF-8"),
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


TWICE_DAMAGED = [
    ("nli", "maybe\n", ["'maybe' is no label", "line 2 is missing"]),
    ("copa", '{"label": 2}\n', ["not in 0..1", "line 2 is missing"]),
    ("pos", "noun\n\nVERB\nVERB\n", ["another case", "sentence 1 has 1", "sentence 2 has 2"]),
    ("rows", "[1]\n0\n3\n", ["write 1 alone", "line 4 is missing"]),
    ("qa", '{"q0": null}', ["null", "no prediction and score 0: q1"]),
    ("nli", "\n\nneutral\n", ["blank line", "blank line", "line 3 is one too many"]),
]


@pytest.mark.parametrize(("task", "text", "words"), TWICE_DAMAGED)
def test_two_damages_of_a_file_are_told_at_once(trees, task, text, words):
    entry = next(entry for entry in SMALL.entries if entry.name == task)
    path = trees[0] / task / f"test-{entry.languages[0]}.{FILES[task][0]}"
    path.write_text(text)
    _, fields = found(trees)
    told = [problem["what"] for problem in fields["problems"]]
    assert len(told) == len(words)
    for what, word in zip(told, words, strict=True):
        assert word in what


@pytest.mark.parametrize("tree", [0, 1])
def test_a_file_whose_every_line_is_wrong_is_told_in_one_sentence(trees, tree):
    """As the tokens beside their tags that the training scripts read, or Tatoeba's `[12]`."""
    wrong = {
        "pos/test-en.tsv": ("the\tDET\n" * 30, "expected 'DET' alone. So it is on all 30 lines."),
        "rows/test-de.tsv": ("[1]\n" * 40, "write 1 alone. So it is on all 40 lines."),
    }
    for name, (text, _) in wrong.items():
        (trees[tree] / name).write_text(text)
    _, fields = found(trees)
    for name, (_, words) in wrong.items():
        told = [p for p in fields["problems"] if p["file"] == str(trees[tree] / name)]
        assert told[0]["line"] == 1
        assert words in told[0]["what"]
        assert len(told) <= 2  # the lengths differ too


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
