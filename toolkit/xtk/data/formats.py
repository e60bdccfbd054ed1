"""Official file formats: each reader gives the rows of a file, or a RowError in a row's place."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from xtk.core.errors import UsageError, XtkError
from xtk.data.files import DataFile, decoded
from xtk.data.rows import Record, RowError, shown

LABEL = "label"  # the column that a file of labels fills

Item = Record | RowError


@dataclass(frozen=True)
class Form:
    """What a file does not say about itself."""

    header: tuple[str, ...] = ()  # column names, where the first line has none
    quoted: bool = False  # .tsv whose fields were written by Python's csv.writer, as XTREME does
    joined: bool = False  # .tsv read as CSV: a line feed between quotes does not end a row
    labels: str = ""  # ending of the file beside it that holds the labels, one a line


AS_IT_SAYS = Form()


def read_table(file: DataFile, form: Form) -> Iterator[Item]:
    """The rows of a .jsonl, .json (an object a line), .tsv or .csv file."""
    if file.suffix in (".jsonl", ".json"):
        rows = _json_lines(file)
    elif file.suffix == ".csv" or (file.suffix == ".tsv" and form.joined):
        rows = _separated(file, form, "," if file.suffix == ".csv" else "\t")
    elif file.suffix == ".tsv":
        rows = _tabs(file, form)
    else:
        raise UsageError(f"{file}: expected a file ending in .jsonl, .json, .tsv or .csv.")
    return _with_labels(rows, file, form.labels) if form.labels else rows


def _json_lines(file: DataFile) -> Iterator[Item]:
    for number, text in texts(file):
        if isinstance(text, RowError):
            yield text
            continue
        try:
            row = json.loads(text)
        except (ValueError, RecursionError) as error:
            at = f" (at character {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
            yield RowError(str(file), number, "", "a JSON object", shown(text) + at)
            continue
        record = Record(str(file), number, row if isinstance(row, dict) else {})
        yield record if isinstance(row, dict) else record.error("", "a JSON object", row)


def _tabs(file: DataFile, form: Form) -> Iterator[Item]:
    header = list(form.header)
    width = 0
    for number, text in texts(file):
        if isinstance(text, RowError):
            yield text
            continue
        fields = text.split("\t")
        if form.quoted:
            fields = [_unquoted(field) for field in fields]
        if not header:
            header, width = fields, len(fields)
            continue
        # a file without labels lacks the last column, in every row
        width = width or (len(fields) if len(fields) == len(header) - 1 else len(header))
        yield _row(file, number, header[:width], fields)


def _separated(file: DataFile, form: Form, delimiter: str) -> Iterator[Item]:
    # only a line feed ends a line here, and quoted fields may hold it: csv joins such lines again
    lines = (f"{text}\n" for text in _plain_texts(file))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header = list(form.header)
    start, blank = 1, 0
    while True:
        try:
            fields = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise RowError(str(file), start, "", "fields in CSV", str(error)) from error
        if blank:
            yield _blank(file, blank)
        blank = 0 if fields else start
        if fields and not header:
            header = fields
        elif fields:
            yield _row(file, start, header, fields)
        start = reader.line_num + 1


def _row(file: DataFile, number: int, header: Sequence[str], fields: Sequence[str]) -> Item:
    if len(fields) != len(header):
        expected = f"{len(header)} columns ({', '.join(header)})"
        return RowError(str(file), number, "", expected, f"{len(fields)}")
    return Record(str(file), number, dict(zip(header, fields, strict=True)))


def texts(file: DataFile) -> Iterator[tuple[int, str | RowError]]:
    """The lines of a file as texts; one blank line may end it, any other is an error."""
    blank = 0
    for number, line in file.lines():
        if blank:
            yield blank, _blank(file, blank)
        blank = 0 if line else number
        if line:
            try:
                yield number, decoded(file, number, line)
            except RowError as error:
                yield number, error


def _plain_texts(file: DataFile) -> Iterator[str]:
    return (decoded(file, number, line) for number, line in file.lines())


def _blank(file: DataFile, number: int) -> RowError:
    return RowError(str(file), number, "", "a row", "a blank line")


def _unquoted(field: str) -> str:
    """A field as it was before csv.writer put quotes around it and doubled those inside.

    Done field by field: a stray quote never joins two columns or two rows, as it did to the rows
    of PAWS-X in the Hub's google/xtreme.
    """
    inner = field[1:-1]
    is_quoted = len(field) >= 2 and field[0] == field[-1] == '"'
    if not is_quoted or '"' in inner.replace('""', ""):
        return field
    return inner.replace('""', '"')


def _with_labels(rows: Iterator[Item], file: DataFile, ending: str) -> Iterator[Item]:
    """Give each row the label on the same line of the file beside it."""
    name = file.plain_name.removesuffix(file.suffix) + ending
    labels = file.beside(name)
    if labels is None:
        raise XtkError(f"{file} has its labels in {name}, which is not beside it.")
    rows_read = labels_read = 0
    for row, label in zip_longest(rows, texts(labels)):
        rows_read += row is not None
        labels_read += label is not None
        if row is None or label is None:
            continue
        if isinstance(row, Record) and isinstance(label[1], RowError):
            yield label[1]
        elif isinstance(row, Record):
            yield Record(row.file, row.place, {**row.values, LABEL: label[1]})
        else:
            yield row
    if rows_read != labels_read:
        raise XtkError(
            f"{file} has {rows_read} rows and {labels} has {labels_read} labels; they must be as "
            "many. Fetch both again."
        )
