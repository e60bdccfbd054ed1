"""Questions about a text, in SQuAD's JSON and in rows of the Hub."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xtk.core.errors import XtkError
from xtk.data.files import DataFile, json_of
from xtk.data.formats import Form, Item
from xtk.data.rows import Record, RowError, checked_text, shown, text_at, value_at
from xtk.kinds.span import SpanExample

_IMPOSSIBLE = "is_impossible"  # SQuAD 2.0

Answer = tuple[int, str]


@dataclass(frozen=True)
class SpanColumns:
    """Where a question, its text and its answers are.

    Answers are a list of {text, answer_start}, lists of both under these names, or columns named
    `answers.text` and `answers.answer_start`. A row without answers is unlabelled, and so is one
    whose answers are all "", as XTREME writes them in test files. No answer at all (an empty list,
    or is_impossible) is right only where `may_be_none`, as in SQuAD 2.0.

    An answer that is not where it should begin is moved to the nearest place that has its text:
    the Hub's copies of XQuAD and TyDi QA strip the context and keep the number.
    """

    id: str = "id"
    question: str = "question"
    context: str = "context"
    answers: str = "answers"
    may_be_none: bool = False
    codes: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ("",)

    def example(self, record: Record) -> SpanExample:
        context = text_at(record, self.context)
        return SpanExample(
            id=self._id(record),
            question=text_at(record, self.question),
            context=context,
            answers=self._answers(record, context),
            passage=_passage(context),
        )

    def paths(self) -> tuple[str, ...]:
        return self.id, self.question, self.context

    def _id(self, record: Record) -> str:
        name = text_at(record, self.id)
        if not name:
            raise record.error(self.id, "the question's id", name)
        return name

    def _answers(self, record: Record, context: str) -> tuple[Answer, ...] | None:
        is_impossible = record.values.get(_IMPOSSIBLE, False)
        if not isinstance(is_impossible, bool):
            raise record.error(_IMPOSSIBLE, "true or false", is_impossible)
        written = _written(record, self.answers)
        if written is None:
            return () if is_impossible and self.may_be_none else None
        found = [(start, text) for start, text in written if text]
        if is_impossible and found:
            raise record.error(self.answers, "no answer, as is_impossible is true", found)
        if is_impossible or not written:
            if not self.may_be_none:
                raise record.error(self.answers, "one answer or more", [])
            return ()
        if not found:
            return None
        if len(found) < len(written):
            raise record.error(self.answers, "a text in every answer", [t for _, t in written])
        return tuple((_placed(record, self.answers, context, a), a[1]) for a in found)


def read_squad(file: DataFile, form: Form) -> Iterator[Item]:
    """The questions of a file in SQuAD's form: {"data": [articles]} or the articles alone."""
    for number, article in enumerate(_articles(file), start=1):
        place = f"article {number}"
        if not isinstance(article, Mapping) or not isinstance(article.get("paragraphs"), list):
            yield RowError(str(file), place, "", "an object with 'paragraphs'", shown(article))
            continue
        for paragraph in article["paragraphs"]:
            if not isinstance(paragraph, Mapping) or not isinstance(paragraph.get("qas"), list):
                yield RowError(str(file), place, "", "a paragraph with 'qas'", shown(paragraph))
                continue
            about = {"context": paragraph["context"]} if "context" in paragraph else {}
            for question in paragraph["qas"]:
                yield _question(file, place, question, about)


def read_squad_of_cut_ids(file: DataFile, form: Form) -> Iterator[Item]:
    """As `read_squad`, where bare numbers may repeat: the second "0" becomes "0 (2)".

    XTREME cuts the ids of TyDi QA's training questions to the part after the last "-"
    (utils_preprocess.py, tydiqa_preprocess): the 3,696 English ones have 89 ids.
    """
    times: dict[str, int] = {}
    for item in read_squad(file, form):
        name = item.values.get("id") if isinstance(item, Record) else None
        if isinstance(item, RowError) or not isinstance(name, str) or not name.isdigit():
            yield item
            continue
        times[name] = times.get(name, 0) + 1
        unique = name if times[name] == 1 else f"{name} ({times[name]})"
        yield Record(item.file, item.place, {**item.values, "id": unique})


def _question(file: DataFile, place: str, question: Any, about: Mapping[str, Any]) -> Item:
    if not isinstance(question, Mapping):
        return RowError(str(file), place, "qas", "a question", shown(question))
    return Record(str(file), f"question {question.get('id')}", {**question, **about})


def _articles(file: DataFile) -> list[Any]:
    data = json_of(file)
    articles = data.get("data") if isinstance(data, Mapping) else data
    if not isinstance(articles, list):
        raise XtkError(
            f"{file}: expected a list of articles below 'data', as in SQuAD, found {shown(data)}."
        )
    return articles


def _written(record: Record, path: str) -> list[Answer] | None:
    """The answers as (start, text) before any check of the place; None where there are none."""
    flat = [f"{path}.{part}" for part in ("text", "answer_start")]
    if all(column in record.values for column in flat):
        return _paired(record, path, *(record.values[column] for column in flat))
    if path not in record.values:
        return None
    answers = value_at(record, path)
    if isinstance(answers, Mapping):
        return _paired(record, path, answers.get("text"), answers.get("answer_start"))
    if not isinstance(answers, list) or not all(isinstance(a, Mapping) for a in answers):
        raise record.error(path, "a list of answers", answers)
    parts = [[a.get(part) for a in answers] for part in ("text", "answer_start")]
    return _paired(record, path, *parts)


def _paired(record: Record, path: str, texts: Any, starts: Any) -> list[Answer]:
    if not isinstance(texts, list) or not isinstance(starts, list) or len(texts) != len(starts):
        raise record.error(path, "as many texts as starts", {"text": texts, "answer_start": starts})
    answers = []
    for text, start in zip(texts, starts, strict=True):
        checked = checked_text(record, f"{path}.text", text)
        if type(start) is not int or (checked and start < 0):
            raise record.error(f"{path}.answer_start", "the number of a character", start)
        answers.append((start, checked))
    return answers


def _placed(record: Record, path: str, context: str, answer: Answer) -> int:
    """Where the answer begins; the nearest place with its text if that is another."""
    start, text = answer
    if context.startswith(text, start):
        return start
    before = context.rfind(text, 0, start + len(text))
    after = context.find(text, start)
    places = [place for place in (before, after) if place >= 0]
    if not places:
        raise record.error(path, "an answer that is part of the context", text)
    return min(places, key=lambda place: abs(place - start))


def _passage(context: str) -> int:
    """One number for equal contexts, whatever file or row they are in."""
    digest = hashlib.blake2b(context.encode(), digest_size=6).digest()
    return int.from_bytes(digest, "big")
