"""CCG supertags: the lines of the C&C tools, and CCGbank's own derivations."""

import re
from collections.abc import Callable, Iterator

from xtk.data.files import DataFile
from xtk.data.formats import Form, Item, texts
from xtk.data.rows import RowError, shown
from xtk.data.tags import tagged_record

_Words = list[tuple[str, ...]]

# CCGbank's manual, 3.2: <L category, tag as modified, tag of the Treebank, word, category with
# indices of its predicate>; no part of a leaf holds a blank
_LEAF = re.compile(r"\(<L ([^ ]+) [^ ]+ [^ ]+ ([^ ]+) [^ ]+>\)")
_HEADING = "ID="


def read_supertags(file: DataFile, form: Form) -> Iterator[Item]:
    """A sentence a line: `word|POS|category`, with blanks between the words."""
    return _lines(file, _bars)


def read_ccgbank(file: DataFile, form: Form) -> Iterator[Item]:
    """The leaves of CCGbank's derivations (.auto): a heading with ID= and a derivation each."""
    return _lines(file, _leaves)


def _lines(file: DataFile, words_of: Callable[[str], _Words | str | None]) -> Iterator[Item]:
    for number, text in texts(file):
        if isinstance(text, RowError):
            yield text
            continue
        words = words_of(text)
        if isinstance(words, str):
            yield RowError(str(file), number, "", words, shown(text))
        elif words is not None:
            yield tagged_record(file, [(number, word) for word in words])


def _bars(text: str) -> _Words | str:
    words: _Words = [tuple(word.rsplit("|", 2)) for word in text.split(" ") if word]
    if not words or any(len(word) != 3 or not all(word) for word in words):
        return "word|POS|category for each word"
    return [(word, category) for word, _, category in words]


def _leaves(text: str) -> _Words | str | None:
    if text.startswith(_HEADING):
        return None
    words: _Words = [(word, category) for category, word in _LEAF.findall(text)]
    is_whole = text.count("<L ") == len(words) and text.count("(") == text.count(")")
    return words if words and is_whole else "ID=... or a derivation with leaves (<L ...>)"
