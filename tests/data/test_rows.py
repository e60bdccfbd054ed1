import pytest

from xtk.data.rows import ChoiceColumns, PairColumns, Record, RowError, fits
from xtk.kinds.choice import ChoiceExample
from xtk.kinds.classification import PairExample

PAIR = PairColumns("a", "b", "label", ("0", "1"), unlabelled=("-1",))
LISTED = ChoiceColumns("q.stem", None, ("q.choices.text",), "key", ("A", "B", "C"), ("",))
ASKED = ChoiceColumns(
    "premise", "question", ("c1", "c2"), "label", ("0", "1"), question_texts={"cause": "Why?"}
)


def record(**values) -> Record:
    return Record("rows.jsonl", 7, values)


def listed(*texts, **more) -> Record:
    return record(q={"stem": "Où ?", "choices": [{"text": t} for t in texts]}, **more)


def asked(**changed) -> Record:
    return record(
        **{"premise": "p", "question": "cause", "c1": "x", "c2": "y", "label": 1} | changed
    )


@pytest.mark.parametrize(("code", "label"), [("1", 1), (1, 1), (0, 0), (-1, None), ("-1", None)])
def test_codes_are_compared_as_text(code, label):
    assert PAIR.example(record(a="ก", b="ب", label=code)) == PairExample("ก", "ب", label)


def test_a_path_goes_through_objects_and_lists():
    expected = ChoiceExample("Où ?", ("x", "y"), 1)
    assert LISTED.example(listed("x", "y", key="B")) == expected
    by_column = record(q={"stem": "Où ?", "choices": {"text": ["x", "y"]}}, key="B")
    assert LISTED.example(by_column) == expected


@pytest.mark.parametrize("row", [listed("x", "y", key=""), listed("x", "y")])
def test_an_empty_or_missing_label_may_stand_for_none(row):
    assert LISTED.example(row).label is None


def test_a_question_stands_before_each_choice():
    assert ASKED.example(asked()) == ChoiceExample("p", ("Why? x", "Why? y"), 1)


@pytest.mark.parametrize(
    ("columns", "row", "column", "expected", "found"),
    [
        (PAIR, record(a="x", b="y"), "label", "this column", '["a", "b"]'),
        (PAIR, record(a="x", b="y", label="2"), "label", "one of 0, 1", '"2"'),
        (PAIR, record(a="x", b="y", label=" 1"), "label", "one of 0, 1", '" 1"'),
        (PAIR, record(a="x", b="y", label=True), "label", "one of 0, 1", "true"),
        (PAIR, record(a="x", b="y", label=1.0), "label", "one of 0, 1", "1.0"),
        (PAIR, record(a="x", b="y", label=None), "label", "one of 0, 1", "null"),
        (PAIR, record(a="x", b="y", label=[1]), "label", "one of 0, 1", "[1]"),
        (PAIR, record(a=3, b="y", label=1), "a", "text", "3"),
        (PAIR, record(a="\ud83d", b="y", label=1), "a", "whole Unicode characters", "ud83d"),
        (LISTED, listed("x", "y", key="C"), "key", "a label of one of the 2 choices", '"C"'),
        (LISTED, listed("x", key="A"), "q.choices.text", "a list of two or more", '["x"]'),
        (LISTED, listed("x", None, key="A"), "q.choices.text", "text", "null"),
        (LISTED, record(q={"stem": "?", "choices": "xy"}, key="A"), "q.choices.text", "this", "["),
        (ASKED, asked(question="effect"), "question", "one of cause", '"effect"'),
        (ASKED, asked(c2=["y"]), "c2", "text", '["y"]'),
    ],
)
def test_an_unfit_row_says_where_and_what(columns, row, column, expected, found):
    with pytest.raises(RowError) as caught:
        columns.example(row)
    error = caught.value
    assert (error.file, error.place, error.column) == ("rows.jsonl", 7, column)
    assert expected in error.expected
    assert found in error.found
    assert str(error).startswith(f"rows.jsonl, line 7, column '{column}': expected ")


def test_long_values_are_cut_in_errors():
    with pytest.raises(RowError) as caught:
        PAIR.example(record(a="x", b="y", label="z" * 500))
    assert len(str(caught.value)) < 200


def test_columns_know_whether_a_row_has_them():
    assert fits(PAIR, record(a="", b="", label=""))
    assert not fits(PAIR, record(a="", b=""))
    assert fits(LISTED, listed("x", "y"))
    assert not fits(ASKED, record(premise="p", c1="x", c2="y", label=0))
