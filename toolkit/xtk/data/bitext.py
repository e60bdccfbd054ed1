"""Sentences in two languages that translate each other: Tatoeba and BUCC.

English is one of the two in both. In Tatoeba the queries are English, in the order of the alphabet
(google-research/xtreme, utils_preprocess.py, tatoeba_preprocess), and the candidates are named by
their rows in the other language's file, from 0. In BUCC the queries are the other language's.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from xtk.core.errors import UsageError, XtkError
from xtk.data.files import DataFile
from xtk.data.formats import Form, Item, texts
from xtk.data.retrieval import ID, TEXT, candidate, each_once, query
from xtk.data.rows import Record, RowError, text_at, value_at

FIRST, SECOND, GOLD = "sentence1", "sentence2", "gold"  # columns of both sets on the Hub

_PAIR = re.compile(r"(?:^|\.)([a-z]{2,3})-(en|eng)\.")  # de-en.dev.de, tatoeba.deu-eng.eng


@dataclass(frozen=True)
class _Sides:
    """What a file's name says: its language, the other one, and whether it is English."""

    code: str
    other: DataFile | None
    is_english: bool


def read_aligned(file: DataFile, form: Form) -> Iterator[Item]:
    """One side of Tatoeba as LASER has it: line n of both sides translate each other."""
    sides = _sides(file)
    if not sides.is_english:
        yield from _foreign(_sentences(file))
        return
    lines = list(_sentences(file))
    if sides.other is None:
        raise XtkError(f"{file}: its other side is not beside it.")
    others = sum(1 for _ in texts(sides.other))
    if others != len(lines):
        raise XtkError(
            f"{file} has {len(lines)} lines and {sides.other} has {others}; line n of one "
            "translates line n of the other. Fetch both again."
        )
    yield from _english(lines)


def read_sorted(file: DataFile, form: Form) -> Iterator[Item]:
    """One side of Tatoeba as XTREME has it: English in the order of the alphabet, no gold."""
    if not _sides(file).is_english:
        yield from _foreign(_sentences(file))
        return
    for row, item in enumerate(_sentences(file)):
        yield item if isinstance(item, RowError) else _query(item, row, None)


def aligned_rows(rows: Iterable[Record], lang: str) -> Iterator[Item]:
    """Tatoeba on the Hub, a pair a row; its strings end in a newline."""
    pairs = list(rows)
    yield from _english([_one_side(row, SECOND) for row in pairs])
    yield from _foreign(_one_side(row, FIRST) for row in pairs)


def read_bucc(file: DataFile, form: Form) -> Iterator[Item]:
    """One side of BUCC, id TAB sentence; the pairs are beside, in a file that ends in .gold."""
    sides = _sides(file)
    own = each_once(_named_sentences(file, sides.code))
    if sides.is_english:
        yield from own
        return
    rows = list(own)
    gold = file.beside(str(PurePosixPath(file.plain_name).with_suffix(".gold")))
    targets = None if gold is None else _targets(gold, rows, sides.other)
    for row in rows:
        if isinstance(row, RowError):
            yield row
        else:
            identity = row.values[ID]
            known = None if targets is None else targets.get(identity, ())
            yield query(row.file, row.place, identity, row.values[TEXT], known)


def whole_corpora(rows: Iterable[Record], lang: str) -> Iterator[Item]:
    """BUCC on the Hub: one row holds both corpora and the pairs, as numbers from 1.

    The ids are gone. They are made again as the owner's files have them: the number of the line.
    """
    for row in rows:
        firsts, seconds = _corpus(row, FIRST, lang), _corpus(row, SECOND, "en")
        targets = _numbered_targets(row, firsts, seconds)
        for identity, text in firsts.items():
            yield query(row.file, row.place, identity, text, targets.get(identity, ()))
        for identity, text in seconds.items():
            yield candidate(row.file, row.place, identity, text)


def _sides(file: DataFile) -> _Sides:
    name = file.plain_name
    found = _PAIR.search(name)
    endings = (f".{found[1]}", f".{found[2]}") if found else ("", "")
    if found is None or file.suffix not in endings:
        raise UsageError(
            f"{file}: expected a name as the owner's, such as de-en.dev.de or tatoeba.deu-eng.eng."
        )
    is_english = file.suffix == endings[1]
    other = str(PurePosixPath(name).with_suffix(endings[0] if is_english else endings[1]))
    return _Sides(file.suffix[1:], file.beside(other), is_english)


def _sentences(file: DataFile) -> Iterator[Item]:
    """A sentence a line; blanks around it say nothing, and a TAB is a column too many."""
    for number, text in texts(file):
        if isinstance(text, RowError):
            yield text
        elif "\t" in text or not text.strip():
            yield RowError(str(file), number, "", "one sentence a line", repr(text[:40]))
        else:
            yield Record(str(file), number, {TEXT: text.strip()})


def _one_side(row: Record, column: str) -> Item:
    try:
        return Record(row.file, row.place, {TEXT: text_at(row, column).strip()})
    except RowError as error:
        return error


def _english(lines: Iterable[Item]) -> Iterator[Item]:
    """English lines as queries, sorted; equal ones stay in their order, as XTREME sorts them."""
    numbered = list(enumerate(lines))
    yield from (line for _, line in numbered if isinstance(line, RowError))
    good = [(line, row) for row, line in numbered if isinstance(line, Record)]
    for number, (line, row) in enumerate(sorted(good, key=lambda pair: pair[0].values[TEXT])):
        yield _query(line, number, [str(row)])


def _query(line: Record, number: int, targets: list[str] | None) -> Record:
    return query(line.file, line.place, f"en:{number}", line.values[TEXT], targets)


def _foreign(lines: Iterable[Item]) -> Iterator[Item]:
    for row, line in enumerate(lines):
        if isinstance(line, RowError):
            yield line
        else:
            yield candidate(line.file, line.place, str(row), line.values[TEXT])


def _named_sentences(file: DataFile, code: str) -> Iterator[Item]:
    for number, text in texts(file):
        if isinstance(text, RowError):
            yield text
            continue
        fields = text.split("\t")
        if len(fields) != 2 or not fields[1].strip():
            yield RowError(str(file), number, "", "id TAB sentence", repr(text[:40]))
        elif not re.fullmatch(rf"{code}-\d+", fields[0]):
            yield RowError(str(file), number, "id", f"{code}- and a number", repr(fields[0][:40]))
        else:
            yield candidate(str(file), number, fields[0], fields[1].strip())


def _targets(gold: DataFile, rows: list[Item], english: DataFile | None) -> dict[str, list[str]]:
    """The partners of each sentence; every id must be in the files."""
    if english is None:
        raise XtkError(f"{gold}: the English sentences are not beside it.")
    sides = rows, list(_named_sentences(english, "en"))
    firsts, seconds = (
        {row.values[ID] for row in side if isinstance(row, Record)} for side in sides
    )
    bad = next((row for side in sides for row in side if isinstance(row, RowError)), None)
    targets: dict[str, list[str]] = {}
    for number, text in texts(gold):
        if isinstance(text, RowError):
            raise text
        fields = text.split("\t")
        if len(fields) != 2:
            raise RowError(str(gold), number, "", "id TAB id", repr(text[:40]))
        first, second = fields[0], fields[1].strip()
        for identity, known in ((first, firsts), (second, seconds)):
            if identity not in known:
                raise bad or RowError(
                    str(gold), number, "", "ids of the two files", repr(identity[:40])
                )
        if second in targets.setdefault(first, []):
            raise RowError(str(gold), number, "", "each pair once", repr(text[:40]))
        targets[first].append(second)
    if not targets:
        raise XtkError(f"{gold} has no pairs; fetch it again.")
    return targets


def _corpus(row: Record, column: str, code: str) -> Mapping[str, str]:
    """Sentences by the ids that they had."""
    sentences = value_at(row, column)
    if not isinstance(sentences, list) or not sentences:
        raise row.error(column, "a list of sentences", sentences)
    for number, sentence in enumerate(sentences, start=1):
        if not isinstance(sentence, str) or not sentence.strip():
            raise row.error(f"{column}[{number}]", "a sentence", sentence)
    return {_id(code, number): text.strip() for number, text in enumerate(sentences, start=1)}


def _numbered_targets(
    row: Record, firsts: Mapping[str, str], seconds: Mapping[str, str]
) -> dict[str, list[str]]:
    code = next(iter(firsts)).partition("-")[0]
    pairs = value_at(row, GOLD)
    if not isinstance(pairs, list):
        raise row.error(GOLD, "a list of pairs of numbers", pairs)
    targets: dict[str, list[str]] = {}
    for pair in pairs:
        if not _is_pair(pair, len(firsts), len(seconds)):
            raise row.error(GOLD, "two numbers of sentences, from 1", pair)
        targets.setdefault(_id(code, pair[0]), []).append(_id("en", pair[1]))
    return targets


def _is_pair(pair: Any, *lengths: int) -> bool:
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2
        and all(type(n) is int and 1 <= n <= top for n, top in zip(pair, lengths, strict=True))
    )


def _id(code: str, number: int) -> str:
    return f"{code}-{number:09d}"
