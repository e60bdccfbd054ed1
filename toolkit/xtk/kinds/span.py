"""Span extraction: the part of a text that answers a question."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SpanExample:
    """A question, the text that holds the answer, and the answers as (first character, text).

    `answers` is empty where the question has none (SQuAD 2.0), None where they are not known.
    `passage` is one for all questions of a context: they are resampled together.
    """

    id: str
    question: str
    context: str
    answers: tuple[tuple[int, str], ...] | None
    passage: int

    @property
    def label(self) -> tuple[tuple[int, str], ...] | None:
        return self.answers
