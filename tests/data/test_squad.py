"""SQuAD's JSON and the Hub's rows of the same questions."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import XtkError
from xtk.data.files import DataFile
from xtk.data.formats import AS_IT_SAYS
from xtk.data.rows import Record, RowError, fits
from xtk.data.sources import UNLABELLED, Rows, collect
from xtk.data.squad import SpanColumns, read_squad, read_squad_of_cut_ids

STEADY = settings(derandomize=True, deadline=None)
COLUMNS = SpanColumns()
OR_NONE = SpanColumns(may_be_none=True)
CONTEXT = "สวัสดี\u2028北京市 😀 är 北京 och mer"
TEXTS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=12)


def question(identity: object = "q1", *answers: object, **more: object) -> dict:
    return {"id": identity, "question": "อะไร?", "answers": list(answers), **more}


def answer(text: object, start: object) -> dict:
    return {"text": text, "answer_start": start}


def file_of(*questions: object, context: str = CONTEXT) -> dict:
    return {"version": "1.1", "data": [{"paragraphs": [{"context": context, "qas": questions}]}]}


def write(folder: Path, content: object) -> DataFile:
    path = folder / "dev-xx.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return DataFile(path)


def read(folder: Path, content: object, *, columns=COLUMNS, reader=read_squad) -> Rows:
    items = reader(write(folder, content), AS_IT_SAYS)
    return collect(items, columns, source="file", files=("f",), skip_bad_rows=0)


def row(answers: object, context: str = CONTEXT, **more: object) -> Record:
    values = {"id": "q1", "question": "?", "context": context, "answers": answers, **more}
    return Record("rows", "row 7", values)


@pytest.mark.parametrize(
    "dump",
    [
        json.dumps,
        lambda data: json.dumps(data, ensure_ascii=False),
        lambda data: json.dumps(data, indent=2) + "\n",
        lambda data: "\ufeff" + json.dumps(data["data"]) + "\r\n",  # the articles alone
    ],
)
def test_characters_are_counted_and_no_text_is_changed(tmp_path: Path, dump):
    start = CONTEXT.index("北京 ")
    rows = read(tmp_path, dump(file_of(question("q1", answer("北京", start), answer("är", 13)))))
    (example,) = rows.examples
    assert (example.id, example.question, example.context) == ("q1", "อะไร?", CONTEXT)
    assert example.answers == ((16, "北京"), (13, "är"))


def test_equal_contexts_are_one_passage(tmp_path: Path):
    two = file_of(question("q1", answer("är", 13)), question("q2", answer("är", 13)))
    other = file_of(question("q3", answer("a", 0)), context="a")
    again = file_of(question("q4", answer("är", 13)))
    articles = [a for each in (two, other, again) for a in each["data"]]
    passages = [example.passage for example in read(tmp_path, articles).examples]
    assert passages[0] == passages[1] == passages[3] != passages[2]
    assert passages[0] == COLUMNS.example(row([answer("är", 13)])).passage
    assert min(passages) >= 0 and max(passages) < 2**48


@pytest.mark.parametrize(
    "answers",
    [
        {"text": ["är", "och"], "answer_start": [13, 19]},
        [answer("är", 13), answer("och", 19)],
    ],
)
def test_answers_of_the_hub_in_each_form(answers):
    assert COLUMNS.example(row(answers)).answers == ((13, "är"), (19, "och"))
    flat = {"answers.text": ["är", "och"], "answers.answer_start": [13, 19]}
    record = Record("rows", 1, {"id": "a", "question": "?", "context": CONTEXT, **flat})
    assert COLUMNS.example(record).answers == ((13, "är"), (19, "och"))


@pytest.mark.parametrize(
    ("context", "start", "found"),
    [
        ("aba", 2, 2),  # where it says
        ("ab ab ab", 4, 3),  # the Hub stripped one blank and kept the number
        ("ab ab ab", 99, 6),
        ("ab ab ab", 2, 3),
        ("xx ab", 0, 3),
    ],
)
def test_an_answer_is_moved_to_the_nearest_place_with_its_text(context, start, found):
    text = "a" if context == "aba" else "ab"
    assert COLUMNS.example(row([answer(text, start)], context)).answers == ((found, text),)


def test_answers_that_xtreme_blanked_are_unknown(tmp_path: Path):
    rows = read(tmp_path, file_of(question("q1", answer("", 0)), question("q2", answer("", 0))))
    assert [e.answers for e in rows.examples] == [None, None] and rows.labels == UNLABELLED


def test_a_question_without_answers_is_for_prediction():
    values = {"id": "a", "question": "?", "context": "c"}
    assert COLUMNS.example(Record("rows", 1, values)).answers is None
    assert fits(COLUMNS, Record("rows", 1, values)) and not fits(COLUMNS, Record("rows", 1, {}))


@pytest.mark.parametrize(
    "more",
    [
        {"answers": [], "is_impossible": True, "plausible_answers": [answer("är", 13)]},
        {"answers": [answer("", -1)], "is_impossible": True},
        {"answers": []},
        {"answers": {"text": [], "answer_start": []}},
    ],
)
def test_squad_2_has_questions_without_an_answer(tmp_path: Path, more):
    content = file_of(question("q1") | more, question("q2", answer("är", 13), is_impossible=False))
    rows = read(tmp_path, content, columns=OR_NONE)
    assert [e.answers for e in rows.examples] == [(), ((13, "är"),)]
    with pytest.raises(
        RowError, match="question q1, column 'answers': expected one answer or more"
    ):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (row(None), "row 7, column 'answers': expected a list of answers, found null"),
        (row("är"), 'expected a list of answers, found "är"'),
        (row(["är"]), "expected a list of answers"),
        (row([answer(None, 1)]), "column 'answers.text': expected text, found null"),
        (row([answer(["är"], 13)]), "column 'answers.text': expected text"),
        (row([answer("är", "13")]), "'answers.answer_start': expected the number of a character"),
        (row([answer("är", True)]), "expected the number of a character, found true"),
        (row([answer("är", 13.0)]), "found 13.0"),
        (row([answer("är", float("nan"))]), "found NaN"),
        (row([answer("är", None)]), "found null"),
        (row([answer("är", -1)]), "found -1"),
        (row([answer("är", [12])]), r"found \[12\]"),
        (row([{"text": "är"}]), "expected the number of a character, found null"),
        (row([answer("åå", 3)]), "expected an answer that is part of the context"),
        (row([answer("är", 13), answer("", 0)]), "expected a text in every answer"),
        (row({"text": ["är"], "answer_start": []}), "expected as many texts as starts"),
        (row({"text": "är", "answer_start": 13}), "expected as many texts as starts"),
        (row([answer("är", 13)], is_impossible=True), "no answer, as is_impossible is true"),
        (row([], is_impossible="no"), "column 'is_impossible': expected true or false"),
        (row([answer("\ud83d", 13)]), "whole Unicode characters"),
        (
            Record("rows", "row 7", {"id": 3, "question": "?", "context": "c"}),
            "'id': expected text",
        ),
        (Record("rows", "row 7", {"id": "", "question": "?", "context": "c"}), "the question's id"),
        (Record("rows", "row 7", {"id": "a", "context": "c"}), "column 'question': expected this"),
        (Record("rows", "row 7", {"id": "a", "question": None, "context": "c"}), "found null"),
    ],
)
def test_an_unfit_row_says_where_and_what(value, message):
    with pytest.raises(RowError, match=message):
        OR_NONE.example(value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"data": [', r"dev-xx\.json, line 1: expected JSON, found .* at character 11"),
        ('{\n"data": [}', "line 2: expected JSON"),
        ("", "line 1: expected JSON"),
        (b'{"data":\n["\xff"]}', "line 2: expected text in UTF-8, found byte 0xff"),
        ("[" * 100_000, r"dev-xx\.json: expected JSON"),
        ({"questions": []}, "expected a list of articles below 'data'"),
        ("3", "expected a list of articles"),
        ({"data": {"q1": "answer"}}, "expected a list of articles"),
        ([3], "article 1: expected an object with 'paragraphs', found 3"),
        ([{"paragraphs": None}], "article 1: expected an object with 'paragraphs'"),
        ([{"paragraphs": [{"context": "c"}]}], "article 1: expected a paragraph with 'qas'"),
        ([{"paragraphs": [{"context": "c", "qas": ["q"]}]}], "column 'qas': expected a question"),
        ([{"paragraphs": [{"qas": [question()]}]}], "question q1, column 'context': expected this"),
        (file_of(question(7)), "question 7, column 'id': expected text, found 7"),
        (
            file_of(question("q1", answer("är", 13)), question("q1", answer("och", 19))),
            "question q1, column 'id': expected each question once",
        ),
    ],
)
def test_a_bad_file_is_named_with_the_place(tmp_path: Path, content, message):
    for reader in (read_squad, read_squad_of_cut_ids):
        with pytest.raises(XtkError, match=message):
            read(tmp_path, content, reader=reader)


def test_ids_that_xtreme_cut_are_told_apart(tmp_path: Path):
    content = file_of(*(question(name, answer("är", 13)) for name in ("0", "1", "0", "0")))
    rows = read(tmp_path, content, reader=read_squad_of_cut_ids)
    assert [e.id for e in rows.examples] == ["0", "1", "0 (2)", "0 (3)"]
    with pytest.raises(RowError, match="each question once"):
        read(tmp_path, content)


def test_rows_of_the_hub_must_have_ids_of_their_own_too():
    rows = [row([answer("är", 13)]), row([answer("och", 19)])]
    with pytest.raises(RowError, match="rows, row 7, column 'id': expected each question once"):
        collect(rows, COLUMNS, source="hub", files=("rows",), skip_bad_rows=0)


@STEADY
@given(
    parts=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4),
    is_escaped=st.booleans(),
    is_bare=st.booleans(),
)
def test_what_is_written_is_read(tmp_path_factory, parts, is_escaped, is_bare):
    folder = tmp_path_factory.mktemp("squad")
    articles = [
        {"paragraphs": [{"context": a + text + b, "qas": [question(f"{n}", answer(text, len(a)))]}]}
        for n, (a, text, b) in enumerate(parts)
    ]
    content = json.dumps(articles if is_bare else {"data": articles}, ensure_ascii=is_escaped)
    examples = read(folder, content).examples
    assert [e.context for e in examples] == [a + text + b for a, text, b in parts]
    assert [e.answers for e in examples] == [((len(a), text),) for a, text, b in parts]
    hub = [
        row({"text": [t], "answer_start": [len(a)]}, a + t + b, id=f"{n}", question="อะไร?")
        for n, (a, t, b) in enumerate(parts)
    ]
    assert tuple(map(COLUMNS.example, hub)) == examples


@STEADY
@given(context=TEXTS, text=TEXTS, start=st.integers(-3, 20))
def test_a_place_that_is_found_holds_the_answer(context, text, start):
    try:
        ((found, _),) = COLUMNS.example(row([answer(text, start)], context)).answers
    except RowError:
        assert text not in context or start < 0
        return
    places = [i for i in range(len(context)) if context.startswith(text, i)]
    assert found in places
    assert abs(found - start) == min(abs(place - start) for place in places)


@STEADY
@given(
    content=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["data", "paragraphs", "qas", "context", "id", "answers", "text"]),
                inner,
            )
        ),
    )
)
def test_no_json_gives_another_error_than_ours(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    try:
        read(folder, content)
    except XtkError as error:
        assert "dev-xx.json" in str(error) or "no row was left" in str(error)
