"""LAReQA: questions, and the sentences of all passages among which the answers are searched.

A candidate is a sentence and its passage with nothing between them and no line feeds
(google-research/xtreme, third_party/evaluate_retrieval.py); a question belongs to the sentences of
its passage whose text is that of the sentence in which its answer begins (utils_lareqa.py,
load_data). Where the official code skips a question, as its answer begins in no sentence, the
question has no label here: it is left out, and counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from xtk.core.errors import XtkError
from xtk.data.files import DataFile, json_of
from xtk.data.formats import Form, Item
from xtk.data.retrieval import candidate, each_once, query
from xtk.data.rows import Record, RowError, text_at, value_at
from xtk.data.sentence_breaks import Span, sentence_spans
from xtk.data.squad import SpanColumns
from xtk.kinds.span import SpanExample

_SPANS = SpanColumns(may_be_none=True)


@dataclass(frozen=True)
class _Passage:
    """A text, its sentences by the names of the candidates, and what is asked about it."""

    place: Record
    context: str
    spans: Sequence[Span]
    names: Sequence[str]
    questions: Sequence[SpanExample]

    def queries(self) -> Iterator[Item]:
        for question in self.questions:
            start = question.answers[0][0] if question.answers else -1
            held = next((self._text(span) for span in self.spans if span[0] <= start < span[1]), "")
            targets = [
                name
                for name, span in zip(self.names, self.spans, strict=True)
                if held and self._text(span) == held
            ]
            place = f"question {question.id}"
            yield query(self.place.file, place, question.id, question.question, targets or None)

    def candidates(self) -> Iterator[Item]:
        for name, span in zip(self.names, self.spans, strict=True):
            text = (self._text(span) + self.context).replace("\n", "")
            yield candidate(self.place.file, self.place.place, name, text)

    def _text(self, span: Span) -> str:
        return self.context[span[0] : span[1]]


def read_xquad_r(file: DataFile, form: Form) -> Iterator[Item]:
    """XQuAD-R: SQuAD's JSON with `sentence_breaks`. Candidates are named xx:PARAGRAPH:SENTENCE."""
    code = PurePosixPath(file.plain_name).stem
    return each_once(_told_sentences(file, code))


def squad_sentences(rows: Iterable[Record], lang: str) -> Iterator[Item]:
    """Rows of SQuAD, whose sentences are found by rules for English, as LAReQA trains on them.

    Candidates are named PASSAGE:SENTENCE.
    """
    by_context: dict[str, tuple[Record, list[SpanExample]]] = {}
    for row in rows:
        try:
            question = _SPANS.example(row)
        except RowError as error:
            yield error
        else:
            by_context.setdefault(question.context, (row, []))[1].append(question)
    passages = []
    for number, (context, (row, questions)) in enumerate(by_context.items(), start=1):
        spans = sentence_spans(context)
        passages.append(_Passage(row, context, spans, _names(f"{number}", spans), questions))
    yield from _in_order(passages)


def _told_sentences(file: DataFile, code: str) -> Iterator[Item]:
    passages = []
    for number, paragraph in enumerate(_paragraphs(file), start=1):
        try:
            context = text_at(paragraph, "context")
            spans = _breaks(paragraph, len(context))
            asked = _asked(paragraph, context)
        except RowError as error:
            yield error
            continue
        questions = []
        for row in asked:
            try:
                questions.append(_SPANS.example(row))
            except RowError as error:
                yield error
        if questions:  # the official code knows passages by their questions only
            names = _names(f"{code}:{number}", spans)
            passages.append(_Passage(paragraph, context, spans, names, questions))
    yield from _in_order(passages)


def _names(passage: str, spans: Sequence[Span]) -> list[str]:
    return [f"{passage}:{sentence}" for sentence in range(len(spans))]


def _in_order(passages: Sequence[_Passage]) -> Iterator[Item]:
    """All questions, then the sentences of all passages."""
    for passage in passages:
        yield from passage.queries()
    for passage in passages:
        yield from passage.candidates()


def _breaks(paragraph: Record, length: int) -> list[Span]:
    spans = value_at(paragraph, "sentence_breaks")
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


def _asked(paragraph: Record, context: str) -> list[Record]:
    questions = value_at(paragraph, "qas")
    if not isinstance(questions, list) or not all(isinstance(q, Mapping) for q in questions):
        raise paragraph.error("qas", "a list of questions", questions)
    return [
        Record(paragraph.file, f"question {q.get('id')}", {**q, "context": context})
        for q in questions
    ]


def _paragraphs(file: DataFile) -> list[Record]:
    """The paragraphs of all articles, numbered through the file."""
    whole = json_of(file)
    try:
        paragraphs = [p for article in whole["data"] for p in article["paragraphs"]]
    except (KeyError, TypeError) as error:
        raise XtkError(
            f"{file}: expected articles of paragraphs below 'data', as in SQuAD; fetch it again."
        ) from error
    if not all(isinstance(paragraph, Mapping) for paragraph in paragraphs):
        raise XtkError(f"{file}: expected every paragraph to be an object; fetch it again.")
    return [
        Record(str(file), f"paragraph {number}", paragraph)
        for number, paragraph in enumerate(paragraphs, start=1)
    ]
