import json
from pathlib import Path

import pytest

from xtk.core.errors import XtkError
from xtk.data.files import DataFile
from xtk.data.formats import Form
from xtk.data.rows import RowError
from xtk.data.sentences import read_question_sentences


def question(identity: str, start: object) -> dict:
    answers = [{"answer_start": start, "text": "?"}]
    return {"id": identity, "question": f"{identity}？", "answers": answers}


def paragraph(sentences: list[str], *questions: dict) -> dict:
    breaks, start = [], 0
    for sentence in sentences:
        breaks.append([start, start + len(sentence)])
        start += len(sentence) + 1
    return {
        "context": " ".join(sentences),
        "sentences": sentences,
        "sentence_breaks": breaks,
        "qas": list(questions),
    }


def read(folder: Path, *paragraphs: object) -> list:
    path = folder / "zh.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    return list(read_question_sentences(DataFile(path), Form()))


def test_the_sentence_of_the_answer_and_the_one_after_it_in_the_article(tmp_path: Path):
    three = paragraph(["一。", "二二。", "三。"], question("q1", 0), question("q2", 7))
    last = paragraph(["独。"], question("q3", 0))
    rows = [tuple(item.values.values()) for item in read(tmp_path, three, last)]
    assert rows == [
        ("q1？", "一。", "answer"),
        ("q1？", "二二。", "other"),
        ("q2？", "三。", "answer"),
        ("q2？", "独。", "other"),
        ("q3？", "独。", "answer"),
        ("q3？", "三。", "other"),
    ]


def test_an_article_of_one_sentence_has_no_other(tmp_path: Path):
    items = read(tmp_path, paragraph(["独。"], question("q1", 0)))
    assert all("an article of one sentence" in str(item) for item in items) and len(items) == 2


@pytest.mark.parametrize("start", [2, 99, None, "0"])
def test_an_answer_in_no_sentence_is_an_error_at_its_question(tmp_path: Path, start):
    good, bad = question("q1", 0), question("q2", start)
    items = read(tmp_path, paragraph(["一。", "二。"], bad, good))
    assert [isinstance(item, RowError) for item in items] == [True, True, False, False]
    assert "zh.json, question q2: expected a question with an answer" in str(items[0])


@pytest.mark.parametrize(
    "content", ["{", '{"data": [{}]}', "[]", '{"data": [{"paragraphs": [0]}]}']
)
def test_another_json_is_an_error(tmp_path: Path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(XtkError, match=r"x\.json(, line 1)?: expected "):
        list(read_question_sentences(DataFile(tmp_path / "x.json"), Form()))
