"""Tagged sentences: the columns of rows that hold lists, and files of one token a line."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

from xtk.data.files import DataFile, decoded
from xtk.data.formats import Form, Item
from xtk.data.rows import Record, RowError, checked_text, shown, value_at
from xtk.kinds.encoded import NO_LABEL
from xtk.kinds.tagging import TaggedExample

# the columns that the readers of files fill
TOKENS, TAGS = "tokens", "tags"
_LINES = "lines"  # the line of each token, for errors

# a tag that training had none of: nothing is learned from it, and no predicted tag equals it
UNSEEN = NO_LABEL

_COLUMNS = (2, 4)  # of lines with blanks: token and tag; CoNLL-2003: token, POS, chunk, name
_BETWEEN_DOCUMENTS = "-DOCSTART-"  # of CoNLL-2003; its owners count it among no sentences


@dataclass(frozen=True)
class TagColumns:
    """Where the tokens of a sentence and their tags are.

    `codes` are compared as text: 3 and "3" are one tag; `aliases` are other ways to write a code.
    No codes at all stand for an open set, that of the training rows (xtk.tasks.labels). A row that
    lacks the column of tags is unlabelled.
    """

    tokens: str = TOKENS
    tags: str = TAGS
    codes: tuple[str, ...] = ()
    aliases: Mapping[str, str] = field(default_factory=dict)
    unlabelled: tuple[str, ...] = ("",)
    is_open: bool = False  # a tag that is not among the codes is UNSEEN, not an error

    def example(self, record: Record) -> TaggedExample:
        tokens = _texts(record, self.tokens)
        if not tokens:
            raise record.error(self.tokens, "a token or more", [])
        if "" in self.unlabelled and self.tags not in record.values:
            return TaggedExample(tokens, None)
        tags = _list(record, self.tags)
        if len(tags) != len(tokens):
            expected = f"{len(tokens)} tags, as many as tokens"
            raise record.error(self.tags, expected, f"{len(tags)} tags")
        return TaggedExample(tokens, tuple(self._index(record, i, t) for i, t in enumerate(tags)))

    def paths(self) -> tuple[str, ...]:
        return (self.tokens,) if "" in self.unlabelled else (self.tokens, self.tags)

    @cached_property
    def _numbers(self) -> Mapping[str, int]:  # CCG has too many codes to search them one by one
        return {code: number for number, code in enumerate(self.codes)}

    def _index(self, record: Record, place: int, tag: Any) -> int:
        if isinstance(tag, str) or type(tag) is int:
            code = self.aliases.get(str(tag), str(tag))
            if code in self._numbers:
                return self._numbers[code]
            if self.is_open and isinstance(tag, str) and tag:
                return UNSEEN
        lines = record.values.get(_LINES)
        at = record if lines is None else Record(record.file, lines[place], record.values)
        raise at.error(self.tags, self._expected(tag, place), tag)

    def _expected(self, tag: Any, place: int) -> str:
        near = [code for code in self.codes if code.lower() == str(tag).strip().lower()]
        if near:
            return f"{near[0]}, so written, for token {place + 1}"
        some = ", ".join(self.codes[:20]) + (", ..." if len(self.codes) > 20 else "")
        return f"one of {some} for token {place + 1}"


@dataclass(frozen=True)
class TagNames:
    """The tags of a sentence in the place of its tokens: how an open set of tags is learned."""

    tags: str
    codes: tuple[str, ...] = ()
    unlabelled: tuple[str, ...] = ()

    def example(self, record: Record) -> TaggedExample:
        return TaggedExample(_texts(record, self.tags), None)

    def paths(self) -> tuple[str, ...]:
        return (self.tags,)


def read_tagged(file: DataFile, form: Form) -> Iterator[Item]:
    """Sentences of a file with one token a line and a blank line between sentences.

    A line is a token, or token TAB tag, or columns with blanks between them of which the first is
    the token and the last the tag (two columns, or CoNLL-2003's four); the first line of a file
    says which. A token holds no blank in the last form, and any text without tabs in the others.
    """
    return _sentences(file, _form_of)


def read_prefixed(file: DataFile, form: Form) -> Iterator[Item]:
    """WikiANN's own files: `xx:token` TAB tag; the token is what follows the first colon.

    So does google/xtreme's utils_preprocess.py (panx_preprocess), which drops a line of another
    form without a word; here it is an error.
    """
    return _sentences(file, lambda first: _prefixed)


# The lines of a sentence with their numbers; in the place of a line that is no text its error.
Block = list[tuple[int, str | RowError]]


def blocks(file: DataFile) -> Iterator[Block | RowError]:
    """The lines between blank lines; only one blank line may stand between two blocks."""
    block: Block = []
    for number, line in file.lines():
        text: str | RowError
        try:
            text = decoded(file, number, line).rstrip(" \t")
        except RowError as error:
            text = error
        if text != "":
            block.append((number, text))
        elif block:
            yield block
            block = []
        else:
            yield RowError(str(file), number, "", "a token", "a blank line (an empty sentence)")
    if block:
        yield block


def tagged_record(file: DataFile, rows: Sequence[tuple[int, tuple[str, ...]]]) -> Record:
    """A sentence of (line, (token, tag)) or of (line, (token,))."""
    values: dict[str, Any] = {TOKENS: [cells[0] for _, cells in rows], _LINES: [n for n, _ in rows]}
    if len(rows[0][1]) > 1:
        values[TAGS] = [cells[1] for _, cells in rows]
    return Record(str(file), rows[0][0], values)


# the token and the tag of a line, or the token alone; a text says what was expected instead
_Cells = tuple[str, ...] | str
_Form = Callable[[str], _Cells]


def _sentences(file: DataFile, form_of: Callable[[str], _Form]) -> Iterator[Item]:
    form: _Form | None = None
    for block in blocks(file):
        if isinstance(block, RowError):
            yield block
            continue
        first = block[0][1]
        if form is None and isinstance(first, str):
            form = form_of(first)
        item = _sentence(file, block, form or _tabbed)
        if isinstance(item, RowError) or item.values[TOKENS] != [_BETWEEN_DOCUMENTS]:
            yield item


def _sentence(file: DataFile, block: Block, form: _Form) -> Item:
    """The sentence of some lines, or the error of the first bad one."""
    rows = []
    for number, text in block:
        if isinstance(text, RowError):
            return text
        cells = form(text)
        if isinstance(cells, str):
            return RowError(str(file), number, "", cells, shown(text))
        rows.append((number, cells))
    return tagged_record(file, rows)


def _form_of(first: str) -> _Form:
    if "\t" in first:
        return _tabbed
    columns = len(_words(first))
    return _alone if columns == 1 else partial(_blanks, columns=columns)


def _tabbed(text: str) -> _Cells:
    cells = [cell.strip(" ") for cell in text.split("\t")]
    return tuple(cells) if len(cells) == 2 and all(cells) else "two columns: token, tab, tag"


def _blanks(text: str, columns: int) -> _Cells:
    cells = _words(text)
    if columns not in _COLUMNS:
        return "token, tab, tag, or CoNLL-2003's four columns"
    if len(cells) != columns:
        return f"{columns} columns, as in the first line"
    return cells[0], cells[-1]


def _alone(text: str) -> _Cells:
    return "a token without a tag, as in the first line" if "\t" in text else (text.strip(" "),)


def _prefixed(text: str) -> _Cells:
    cells = [cell.strip(" ") for cell in text.split("\t")]
    token = cells[0].partition(":")[2].strip(" ")
    return (token, cells[1]) if len(cells) == 2 and token and cells[1] else "xx:token, tab, tag"


def _words(text: str) -> list[str]:
    """What stands between blanks; U+00A0 and its like are part of a token."""
    return [word for word in text.split(" ") if word]


def _texts(record: Record, path: str) -> tuple[str, ...]:
    texts = tuple(checked_text(record, path, text) for text in _list(record, path))
    if "" in texts:
        raise record.error(path, "a text", f"an empty one at place {texts.index('') + 1}")
    return texts


def _list(record: Record, path: str) -> list[Any]:
    value = value_at(record, path)
    if not isinstance(value, list):
        raise record.error(path, "a list", value)
    return value
