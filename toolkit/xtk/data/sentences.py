"""Pairs of a question and a sentence out of XQuAD-R's files.

The files (google-research-datasets/lareqa, xquad-r/xx.json) are SQuAD's JSON with the sentences of
each paragraph and their [start, end] places in it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from xtk.core.errors import XtkError
from xtk.data.files import DataFile, json_of
from xtk.data.formats import LABEL, Form, Item
from xtk.data.rows import Record, RowError

ANSWER, OTHER = "answer", "other"


def read_question_sentences(file: DataFile, form: Form) -> Iterator[Item]:
    """Two rows a question, in the order of the file, which is the same in every language.

    The first has the sentence in which the answer begins, the second the sentence after it in the
    article (before it at the article's end), whatever its paragraph: so every question has both
    rows in every language, although languages divide paragraphs differently.
    """
    for question, paragraph, sentences, first in _questions(file):
        place = f"question {question.get('id')}"
        try:
            start = question["answers"][0]["answer_start"]
            spans = paragraph["sentence_breaks"]
            held = first + next(i for i, (a, b) in enumerate(spans) if a <= start < b)
            other = held + 1 if held + 1 < len(sentences) else held - 1
            if other < 0:
                raise IndexError("an article of one sentence")
            values = [
                {"question": question["question"], "sentence": sentences[i], LABEL: code}
                for i, code in ((held, ANSWER), (other, OTHER))
            ]
        except (KeyError, IndexError, TypeError, ValueError, StopIteration) as error:
            expected = "a question with an answer inside one of the paragraph's sentences"
            yield from [RowError(str(file), place, "", expected, repr(error))] * 2
        else:
            yield from (Record(str(file), place, row) for row in values)


# a question, its paragraph, all sentences of the article, and where the paragraph's begin
_Question = tuple[Mapping[str, Any], Mapping[str, Any], list[str], int]


def _questions(file: DataFile) -> Iterator[_Question]:
    questions: list[_Question] = []
    try:
        for article in json_of(file)["data"]:
            paragraphs = article["paragraphs"]
            sentences = [str(s) for p in paragraphs for s in p["sentences"]]
            first = 0
            for paragraph in paragraphs:
                questions += [({**q}, paragraph, sentences, first) for q in paragraph["qas"]]
                first += len(paragraph["sentences"])
    except (KeyError, TypeError) as error:
        raise XtkError(
            f"{file}: expected articles of paragraphs with 'qas' and 'sentences', as XQuAD-R."
        ) from error
    yield from questions
