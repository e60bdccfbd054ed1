"""Pairs of a question and a sentence out of XQuAD-R's files.

The files (google-research-datasets/lareqa, xquad-r/xx.json) are SQuAD's JSON with the sentences of
each paragraph and their [start, end] places in it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from xtk.core.errors import XtkError
from xtk.data.files import DataFile
from xtk.data.formats import LABEL, Form, Item
from xtk.data.rows import Record, RowError

ANSWER, OTHER, ALONE = "answer", "other", "-"


def read_question_sentences(file: DataFile, form: Form) -> Iterator[Item]:
    """Two rows a question, in the order of the file, which is the same in every language.

    The first has the sentence in which the answer begins, the second the sentence after it, or the
    first one after the last. In a paragraph of one sentence both have the code ALONE.
    """
    for question, paragraph in _questions(file):
        place = f"question {question.get('id')}"
        try:
            sentences = [str(s) for s in paragraph["sentences"]]
            start = question["answers"][0]["answer_start"]
            spans = paragraph["sentence_breaks"]
            held = next(i for i, (a, b) in enumerate(spans) if a <= start < b)
            other = (held + 1) % len(sentences)
            codes = (ALONE, ALONE) if held == other else (ANSWER, OTHER)
            values = [
                {"question": question["question"], "sentence": sentences[i], LABEL: code}
                for i, code in zip((held, other), codes, strict=True)
            ]
        except (KeyError, IndexError, TypeError, ValueError, StopIteration) as error:
            expected = "a question with an answer inside one of the paragraph's sentences"
            yield from [RowError(str(file), place, "", expected, repr(error))] * 2
        else:
            yield from (Record(str(file), place, row) for row in values)


def _questions(file: DataFile) -> Iterator[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    try:
        articles = json.loads(file.read().decode("utf-8-sig"))["data"]
        pairs = [(q, p) for a in articles for p in a["paragraphs"] for q in p["qas"]]
    except (ValueError, RecursionError) as error:
        raise XtkError(f"{file}: expected JSON in UTF-8 ({error}); fetch it again.") from error
    except (KeyError, TypeError) as error:
        raise XtkError(f"{file}: expected articles of paragraphs with 'qas', as SQuAD.") from error
    if not all(isinstance(part, dict) for pair in pairs for part in pair):
        raise XtkError(f"{file}: expected articles of paragraphs with 'qas', as SQuAD.")
    yield from pairs
