"""What the columns of a row mean: a row becomes an example, or an error that names its place."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from xtk.core.errors import XtkError
from xtk.kinds.choice import ChoiceExample
from xtk.kinds.classification import PairExample
from xtk.kinds.masked import TextExample
from xtk.kinds.retrieval import RetrievalExample
from xtk.kinds.span import SpanExample
from xtk.kinds.tagging import TaggedExample

Example = PairExample | ChoiceExample | TaggedExample | SpanExample | RetrievalExample | TextExample


class RowError(XtkError):
    """A row that cannot be read; `place` is a line number or the name of a record."""

    def __init__(self, file: str, place: int | str, column: str, expected: str, found: str) -> None:
        where = f"line {place}" if isinstance(place, int) else place
        within = f", column '{column}'" if column else ""
        super().__init__(f"{file}, {where}{within}: expected {expected}, found {found}.")
        self.file, self.place, self.column = file, place, column
        self.expected, self.found = expected, found


@dataclass(frozen=True)
class Record:
    """One row as its file says it."""

    file: str
    place: int | str  # a line number, or what the file calls the record
    values: Mapping[str, Any]

    def error(self, column: str, expected: str, found: Any) -> RowError:
        return RowError(self.file, self.place, column, expected, shown(found))


def shown(value: Any) -> str:
    """A value as an error shows it, cut to a length that can be read."""
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else f"{text[:57]}..."


class Columns(Protocol):
    """What the columns of a row mean, for one shape of example."""

    def example(self, record: Record) -> Example:
        """The example in a row; RowError where a column is missing or holds something else."""

    def paths(self) -> tuple[str, ...]:
        """The columns that a row must have."""


# A column is a key of the row, or a path of keys: "question.choices.text" goes through objects and
# gives a list where it meets one. `codes` are the labels as the file writes them, in the order of
# the task's label names; 1 and "1" are the same code. `unlabelled` are the codes that say that
# there is no label; "" stands for an empty or missing one too.


@dataclass(frozen=True)
class PairColumns:
    """Where the two texts and the label of a pair are; a single text has no `second`."""

    first: str
    second: str | None
    label: str
    codes: tuple[str, ...]
    unlabelled: tuple[str, ...] = ()

    def example(self, record: Record) -> PairExample:
        first = text_at(record, self.first)
        second = None if self.second is None else text_at(record, self.second)
        return PairExample(first, second, _label(record, self))

    def paths(self) -> tuple[str, ...]:
        second = () if self.second is None else (self.second,)
        return self.first, *second, *_label_path(self)


@dataclass(frozen=True)
class ChoiceColumns:
    """Where the context, the choices and the label of a multiple-choice question are.

    `choices` are several columns, each one choice, or one column that holds a list. A question is
    put before each choice; `question_texts` are the words for a question that is only a code.
    """

    context: str
    question: str | None
    choices: tuple[str, ...]
    label: str
    codes: tuple[str, ...]
    unlabelled: tuple[str, ...] = ()
    question_texts: Mapping[str, str] | None = None

    def example(self, record: Record) -> ChoiceExample:
        choices = self._choices(record)
        label = _label(record, self)
        if label is not None and label >= len(choices):
            expected = f"a label of one of the {len(choices)} choices"
            raise record.error(self.label, expected, value_at(record, self.label))
        before = self._question(record)
        return ChoiceExample(
            text_at(record, self.context), tuple(before + choice for choice in choices), label
        )

    def paths(self) -> tuple[str, ...]:
        question = () if self.question is None else (self.question,)
        return self.context, *question, *self.choices, *_label_path(self)

    def _choices(self, record: Record) -> list[str]:
        if len(self.choices) > 1:
            return [text_at(record, path) for path in self.choices]
        path = self.choices[0]
        choices = value_at(record, path)
        if not isinstance(choices, list) or len(choices) < 2:
            raise record.error(path, "a list of two or more choices", choices)
        return [checked_text(record, path, choice) for choice in choices]

    def _question(self, record: Record) -> str:
        if self.question is None:
            return ""
        question = text_at(record, self.question)
        if self.question_texts is not None:
            if question not in self.question_texts:
                expected = f"one of {', '.join(self.question_texts)}"
                raise record.error(self.question, expected, question)
            question = self.question_texts[question]
        return f"{question} "


def fits(columns: Columns, record: Record) -> bool:
    """Whether a row has all the columns that are looked for."""
    try:
        for path in columns.paths():
            value_at(record, path)
    except RowError:
        return False
    return True


def _label_path(columns: PairColumns | ChoiceColumns) -> tuple[str, ...]:
    return () if "" in columns.unlabelled else (columns.label,)


def value_at(record: Record, path: str) -> Any:
    value: Any = record.values
    for key in path.split("."):
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, Mapping) and key in item for item in items):
            raise record.error(path, "this column", list(record.values))
        found = [item[key] for item in items]
        value = found if isinstance(value, list) else found[0]
    return value


def text_at(record: Record, path: str) -> str:
    return checked_text(record, path, value_at(record, path))


def checked_text(record: Record, path: str, value: Any) -> str:
    if not isinstance(value, str):
        raise record.error(path, "text", value)
    try:
        value.encode()
    except UnicodeEncodeError as error:  # half a character, as "\ud83d" in JSON
        raise record.error(path, "whole Unicode characters", ascii(value)) from error
    return value


def _label(record: Record, columns: PairColumns | ChoiceColumns) -> int | None:
    """The index of the row's code; None for a code that stands for no label."""
    if "" in columns.unlabelled and columns.label not in record.values:
        return None
    value = value_at(record, columns.label)
    # True == 1 and 1.0 == 1 in Python; in a file they are signs of a damaged column
    if isinstance(value, str) or type(value) is int:
        if str(value) in columns.codes:
            return columns.codes.index(str(value))
        if str(value) in columns.unlabelled:
            return None
    raise record.error(columns.label, f"one of {', '.join(columns.codes)}", value)
