"""Universal Dependencies' own files (.conllu), read as XTREME reads them.

XTREME converts a treebank with ud-conversion-tools (its lib/conll.py, --replace_subtokens_with_
fused_forms) and then takes words and tags out of it (utils_preprocess.py, udpos_preprocess).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from xtk.data.files import DataFile
from xtk.data.formats import Form, Item
from xtk.data.rows import RowError, shown
from xtk.data.tags import Block, blocks, tagged_record

# which part of a fused token gives it its tag, where several are equally near the root
_PRECEDENCE = (
    *("VERB", "NOUN", "PROPN", "PRON", "ADJ", "NUM", "ADV", "INTJ", "AUX", "ADP", "DET", "PART"),
    *("CCONJ", "SCONJ", "X", "PUNCT"),
)
_PRECEDENCE_BY_LANGUAGE = MappingProxyType(
    {
        "es": ("VERB", "AUX", "PRON", "ADP", "DET"),
        "fr": ("VERB", "AUX", "PRON", "NOUN", "ADJ", "ADV", "ADP", "DET", "PART", "SCONJ", "CONJ"),
        "it": ("VERB", "AUX", "ADV", "PRON", "ADP", "DET", "INTJ"),
    }
)
_NO_WORD = "_"  # of treebanks that may not be given away with their text
_COLUMNS = 10


@dataclass(frozen=True)
class _Word:
    line: int
    form: str
    tag: str
    heads: tuple[int, ...]  # with those of the enhanced graph


@dataclass(frozen=True)
class _Fused:
    line: int
    form: str
    first: int
    last: int


def read_conllu(file: DataFile, form: Form) -> Iterator[Item]:
    """Sentences of words and UPOS tags; the parts of a fused token are one word, as written.

    Empty nodes are left out, and so is a sentence in which all words but one, or all, are "_".
    U+200C and blanks inside a word are removed. The language, for the choice of a fused token's
    tag, is what the file's name begins with.
    """
    language = file.plain_name.partition("_")[0]
    precedence = _PRECEDENCE_BY_LANGUAGE.get(language, _PRECEDENCE)
    for block in blocks(file):
        item = block if isinstance(block, RowError) else _sentence(file, block, precedence)
        if item is not None:
            yield item


def _sentence(file: DataFile, block: Block, precedence: Sequence[str]) -> Item | None:
    """None for a sentence without its words, and for comments without a sentence."""
    words: dict[int, _Word] = {}
    fused: list[_Fused] = []
    for number, text in block:
        if isinstance(text, RowError):
            return text
        if text.startswith("#"):
            continue
        cells = text.split("\t")
        try:
            _add(cells, number, words, fused)
        except ValueError as error:
            return RowError(str(file), number, "", str(error), shown(text))
    kept = _fuse(words, fused, precedence)
    missing = sum(word.form == _NO_WORD for word in kept)
    if not kept or (missing and missing >= len(kept) - 1):
        return None
    rows = [(word.line, (_cleaned(word.form), word.tag)) for word in kept]
    return tagged_record(file, rows)


def _add(cells: Sequence[str], number: int, words: dict[int, _Word], fused: list[_Fused]) -> None:
    """Take in a line; a ValueError says what was expected in its place."""
    if len(cells) != _COLUMNS or not cells[1]:
        raise ValueError(f"{_COLUMNS} columns with a word in the second")
    if "." in cells[0]:  # an empty node
        return
    ends = [_number(end, "a word's number, or a range 3-4") for end in cells[0].split("-")]
    if len(ends) == 2:
        fused.append(_Fused(number, cells[1], ends[0], ends[1]))
    elif ends != [len(words) + 1]:
        raise ValueError(f"word {len(words) + 1}")
    else:
        heads = [] if cells[6] == "_" else [_number(cells[6], "the number of a head")]
        heads += [int(dep.split(":")[0]) for dep in cells[8].split("|") if _has_head(dep)]
        words[ends[0]] = _Word(number, cells[1], cells[3], tuple(heads))


def _number(text: str, expected: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise ValueError(expected)
    return int(text)


def _has_head(dep: str) -> bool:
    head = dep.partition(":")[0]
    return head.isascii() and head.isdigit()  # "_" and "8.1" are none


def _fuse(
    words: Mapping[int, _Word], fused: Sequence[_Fused], precedence: Sequence[str]
) -> list[_Word]:
    """The words, with one in the place of each fused token's parts."""
    kept = dict(words)
    for token in fused:
        span = [place for place in range(token.first, token.last + 1) if place in kept]
        if span:
            head = _head(words, span, precedence)
            for place in span:
                del kept[place]
            tag = words[head].tag
            kept[head] = _Word(token.line, token.form, tag, words[head].heads)
    return [kept[place] for place in sorted(kept)]


def _head(words: Mapping[int, _Word], span: Sequence[int], precedence: Sequence[str]) -> int:
    """The part nearest the root; of several, the first with the tag that comes first."""
    above = {place: len(_ancestors(words, place)) for place in span}
    highest = [place for place in span if above[place] == min(above.values())]
    rank = {tag: number for number, tag in enumerate(precedence)}
    return min(highest, key=lambda place: rank.get(words[place].tag, len(precedence)))


def _ancestors(words: Mapping[int, _Word], place: int) -> set[int]:
    """All words, and the root 0, from which a path leads to this one, itself left out."""
    found: set[int] = set()
    left = [place]
    while left:
        word = words.get(left.pop())
        heads = () if word is None else word.heads
        left += [head for head in heads if head not in found]
        found.update(heads)
    return found - {place}


def _cleaned(form: str) -> str:
    return form.replace("\u200c", "").replace(" ", "") or form
