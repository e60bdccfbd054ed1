"""LAReQA: questions, and the sentences of all passages among which the answers are searched.

A candidate is a sentence and its passage with nothing between them and no line feeds
(google-research/xtreme, third_party/evaluate_retrieval.py); a question belongs to the sentences of
its passage whose text is that of the sentence in which its answer begins (utils_lareqa.py,
load_data). Where the official code skips a question, as its answer begins in no sentence, the
question has no label here: it is left out, and counted.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from xtk.core.errors import XtkError
from xtk.data.files import DataFile
from xtk.data.formats import Form, Item
from xtk.data.retrieval import candidate, each_once, query
from xtk.data.rows import Record, RowError, text_at, value_at
from xtk.data.sentence_breaks import Span, sentence_spans

_Breaks = Callable[[Record], list[Span]]


def read_xquad_r(file: DataFile, form: Form) -> Iterator[Item]:
    """XQuAD-R: SQuAD's JSON with `sentence_breaks`. Candidates are named xx:PARAGRAPH:SENTENCE."""
    code = PurePosixPath(file.plain_name).stem
    return each_once(_rows(file, _told_breaks, code))


def read_squad_sentences(file: DataFile, form: Form) -> Iterator[Item]:
    """SQuAD's JSON in English, whose sentences are found by rules, as LAReQA trains on it.

    Questions are named PARAGRAPH:ID, candidates PARAGRAPH:SENTENCE: XTREME cuts the ids of TyDi
    QA's training part so short that many are equal.
    """
    return each_once(_rows(file, _found_breaks, None))


def _rows(file: DataFile, breaks: _Breaks, code: str | None) -> Iterator[Item]:
    """All questions, then the sentences of all passages."""
    candidates: list[Item] = []
    for number, paragraph in enumerate(_paragraphs(file), start=1):
        try:
            context = text_at(paragraph, "context")
            questions = _questions(paragraph)
            spans = breaks(paragraph)
        except RowError as error:
            yield error
            continue
        texts = [context[start:end] for start, end in spans]
        of_candidates, of_questions = ("", f"{number}:") if code is None else (f"{code}:", "")
        names = [f"{of_candidates}{number}:{sentence}" for sentence in range(len(spans))]
        sentences = dict(zip(names, texts, strict=True))
        for question in questions:
            yield _query(question, of_questions, context, spans, sentences)
        if questions:  # the official code knows passages by their questions only
            candidates += [
                candidate(str(file), paragraph.place, name, (text + context).replace("\n", ""))
                for name, text in zip(names, texts, strict=True)
            ]
    yield from candidates


def _query(
    question: Record, before: str, context: str, spans: list[Span], sentences: Mapping[str, str]
) -> Item:
    """A question with the names of its sentences; no label where nothing says which they are."""
    try:
        start = _answer_start(question, context)
        held = [context[a:b] for a, b in spans if start is not None and a <= start < b][:1]
        return query(
            question.file,
            question.place,
            before + text_at(question, "id"),
            text_at(question, "question"),
            [name for name, text in sentences.items() if [text] == held] or None,
        )
    except RowError as error:
        return error


def _answer_start(question: Record, context: str) -> int | None:
    """Where the first answer begins; None where there is none, or only a blanked one."""
    answers = value_at(question, "answers")
    if not isinstance(answers, list) or not all(isinstance(a, Mapping) for a in answers):
        raise question.error("answers", "a list of answers", answers)
    if not answers:
        return None
    answer = Record(question.file, question.place, answers[0])
    text, start = text_at(answer, "text"), value_at(answer, "answer_start")
    if not text:
        return None
    if type(start) is not int or start < 0 or context[start : start + len(text)] != text:
        raise question.error("answers.answer_start", f"the place of '{text[:40]}'", start)
    return start


def _told_breaks(paragraph: Record) -> list[Span]:
    spans = value_at(paragraph, "sentence_breaks")
    length = len(paragraph.values["context"])
    if not isinstance(spans, list) or not spans:
        raise paragraph.error("sentence_breaks", "a list of [start, end]", spans)
    for span in spans:
        if not _is_span(span, length):
            raise paragraph.error("sentence_breaks", f"[start, end] within {length}", span)
    return [(start, end) for start, end in spans]


def _is_span(span: Any, length: int) -> bool:
    return (
        isinstance(span, list)
        and len(span) == 2
        and all(type(place) is int for place in span)
        and 0 <= span[0] < span[1] <= length
    )


def _found_breaks(paragraph: Record) -> list[Span]:
    return sentence_spans(paragraph.values["context"])


def _questions(paragraph: Record) -> list[Record]:
    questions = value_at(paragraph, "qas")
    if not isinstance(questions, list) or not all(isinstance(q, Mapping) for q in questions):
        raise paragraph.error("qas", "a list of questions", questions)
    return [
        Record(paragraph.file, f"question {question.get('id')}", question) for question in questions
    ]


def _paragraphs(file: DataFile) -> list[Record]:
    """The paragraphs of all articles, numbered through the file."""
    try:
        whole = json.loads(file.read().decode("utf-8-sig"))
        articles = whole["data"] if isinstance(whole, Mapping) else whole
        paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    except (ValueError, RecursionError) as error:
        raise XtkError(f"{file}: expected JSON in UTF-8 ({error}); fetch it again.") from error
    except (KeyError, TypeError) as error:
        raise XtkError(
            f"{file}: expected articles with 'paragraphs', as SQuAD has them; fetch it again."
        ) from error
    if not all(isinstance(paragraph, Mapping) for paragraph in paragraphs):
        raise XtkError(f"{file}: expected every paragraph to be an object; fetch it again.")
    return [
        Record(str(file), f"paragraph {number}", paragraph)
        for number, paragraph in enumerate(paragraphs, start=1)
    ]
