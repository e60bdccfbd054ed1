import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xtk.core.errors import XtkError
from xtk.data.files import DataFile
from xtk.data.formats import Form, Item
from xtk.data.passages import read_xquad_r, squad_sentences
from xtk.data.retrieval import RetrievalColumns
from xtk.data.rows import Record
from xtk.data.sources import LABELLED, Rows, collect, labels_or_error

COLUMNS = RetrievalColumns()
FIXTURES = Path(__file__).parents[1] / "tasks/fixtures"
Read = Callable[[DataFile, Form], Iterator[Item]]


def rows(*items: Item, skip_bad_rows: int = 0) -> Rows:
    return collect(items, COLUMNS, source="file", files=("f",), skip_bad_rows=skip_bad_rows)


def read_all(read: Read, *paths: Path) -> Rows:
    return rows(*(item for path in paths for item in read(DataFile(path), Form())))


def xquad_r(folder: Path, change: Callable[[dict], object]) -> Path:
    whole = json.loads((FIXTURES / "xquad-r/th.json").read_text(encoding="utf-8"))
    change(whole)
    path = folder / "th.json"
    path.write_text(json.dumps(whole), encoding="utf-8")
    return path


def paragraph(whole: dict) -> dict:
    return whole["data"][0]["paragraphs"][0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.pop("data"), r"th\.json: expected articles of paragraphs below 'data'"),
        (lambda w: w.update(data=[[]]), r"th\.json: expected articles of paragraphs"),
        (lambda w: w["data"][0]["paragraphs"].append(1), "every paragraph to be an object"),
        (lambda w: paragraph(w).pop("context"), "paragraph 1, column 'context'"),
        (lambda w: paragraph(w).pop("sentence_breaks"), "paragraph 1, column 'sentence_breaks'"),
        (lambda w: paragraph(w).update(sentence_breaks=[]), r"a list of \[start, end\]"),
        (lambda w: paragraph(w).update(sentence_breaks=[[0, 99]]), r"\[start, end\] within 34"),
        (lambda w: paragraph(w).update(sentence_breaks=[[0, 9, 9]]), r"\[start, end\] within 34"),
        (lambda w: paragraph(w).update(sentence_breaks=[[0.0, 9]]), r"\[start, end\] within 34"),
        (lambda w: paragraph(w).update(qas=None), "paragraph 1, column 'qas'"),
        (lambda w: paragraph(w)["qas"][0].pop("id"), "question None, column 'id'"),
        (lambda w: paragraph(w)["qas"][0].pop("question"), "question q1, column 'question'"),
        (lambda w: paragraph(w)["qas"][0].update(id="q2"), "question q2, column 'id': .* earlier"),
        (lambda w: paragraph(w)["qas"][0].update(answers=[None]), "question q1, column 'answers'"),
        (
            lambda w: paragraph(w)["qas"][0]["answers"][0].update(answer_start=[12]),
            "question q1, column 'answers.answer_start'",
        ),
        (
            lambda w: paragraph(w)["qas"][0]["answers"][0].update(answer_start=float("nan")),
            "question q1, column 'answers.answer_start'",
        ),
        (
            lambda w: paragraph(w)["qas"][0]["answers"][0].update(text="不在"),
            "an answer that is part of the context",
        ),
    ],
)
def test_damaged_xquad_r_is_an_error_at_its_question(tmp_path, change, message):
    with pytest.raises(XtkError, match=message):
        read_all(read_xquad_r, xquad_r(tmp_path, change))


@pytest.mark.parametrize("content", [b"", b'{"data": [', b"\xff\xfe", b"[1]", b"null"])
def test_what_is_no_squad_is_an_error_that_names_the_file(tmp_path, content):
    (tmp_path / "th.json").write_bytes(content)
    with pytest.raises(XtkError, match=r"th\.json(, line 1)?: expected"):
        read_all(read_xquad_r, tmp_path / "th.json")


def test_a_question_whose_answer_begins_in_no_sentence_is_left_out_as_the_official_code_does(
    tmp_path,
):
    def between(whole: dict) -> None:
        paragraph(whole)["qas"][0]["answers"][0] = {"answer_start": 21, "text": " มัน"}

    found = read_all(read_xquad_r, xquad_r(tmp_path, between))
    assert [e.id for e in found.examples if e.is_query] == ["q2"]
    assert (found.labels, found.left_out, found.rows_read) == (LABELLED, 1, 2)


def test_a_sentence_that_is_there_twice_is_two_targets(tmp_path):
    def twice(whole: dict) -> None:
        paragraph(whole).update(
            context="ก ข ก", sentence_breaks=[[0, 1], [2, 3], [4, 5]], sentences=["ก", "ข", "ก"]
        )
        paragraph(whole)["qas"][0]["answers"][0] = {"answer_start": 4, "text": "ก"}

    found = read_all(read_xquad_r, xquad_r(tmp_path, twice))
    assert labels_or_error(found)[0] == ("th:1:0", "th:1:2")


def test_line_feeds_of_a_passage_are_removed_and_nothing_is_put_between():
    row = {
        "id": "q",
        "question": "?",
        "context": "One.\nTwo is it.\n",
        "answers": {"text": ["Two"], "answer_start": [5]},
    }
    found = rows(*squad_sentences([Record("f", 1, row)], "en"))
    assert [(e.text, e.targets) for e in found.examples] == [
        ("?", ("1:1",)),
        ("One.One.Two is it.", ()),
        ("Two is it.One.Two is it.", ()),
    ]
