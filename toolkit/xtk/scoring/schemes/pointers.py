"""A row number a line: Tatoeba.

For sentence i of the English file, 0-based row in the foreign file; the English sentences are the
queries, so this is the direction en -> xx.
"""

import re
from types import MappingProxyType

import numpy as np

from xtk.scoring.scheme import Context, Problem, Scheme
from xtk.scoring.schemes.labels import WRONG, collapsed, compare
from xtk.scoring.tally import Tally, share_of
from xtk.scoring.texts import capped, lines_of, shown

Rows = tuple[int, ...]
_NUMBER = re.compile("0|[1-9][0-9]{0,17}")


def read(text: str, names: tuple[str, ...]) -> tuple[Rows, list[Problem]]:
    """Row numbers; they may exceed the number of lines, as in XTREME's mock data."""
    rows, problems = [], []
    for number, line in enumerate(lines_of(text), start=1):
        if _NUMBER.fullmatch(line):
            rows.append(int(line))
        else:
            rows.append(WRONG)
            problems.append(Problem(number, _wrong(line)))
    return tuple(rows), capped(problems, len(rows))


def _wrong(line: str) -> str:
    if not line:
        return "a blank line; expected a row number."
    inner = line.strip("[] ")
    if inner != line and _NUMBER.fullmatch(inner):
        return f"'{shown(line)}' is a list; write {inner} alone."
    return f"'{shown(line)}' is no row number; expected 0, 1, 2 and so on."


def write(rows: Rows, names: tuple[str, ...]) -> str:
    """One number a line."""
    return "".join(f"{row}\n" for row in rows)


def accuracy(gold: Rows, predictions: Rows, context: Context) -> Tally:
    """The share of sentences whose translation was found."""
    right = np.equal(gold, predictions)
    return Tally(np.stack([right, np.ones(len(gold))], axis=1).astype(float), share_of, len(gold))


def read_inverse(text: str, names: tuple[str, ...]) -> tuple[Rows, list[Problem]]:
    """For each row of the foreign file the line that points to it: the labels of xx -> en."""
    rows, problems = read(text, names)
    if problems:
        return (), problems
    if sorted(rows) != list(range(len(rows))):
        what = "the rows are not 0 to n - 1, each once; there are no labels of the other direction."
        return (), [Problem(None, what)]
    inverse = np.argsort(rows)
    return tuple(int(line) for line in inverse), []


_TO_ENGLISH = Scheme(
    name="pointers to English",
    suffix="tsv",
    read_gold=read_inverse,
    read_predictions=read,
    write_gold=write,
    write_predictions=write,
    compare=compare,
    metrics=MappingProxyType({"accuracy_to_en": accuracy}),
    collapsed=collapsed,
)

POINTERS = Scheme(
    name="pointers",
    suffix="tsv",
    read_gold=read,
    read_predictions=read,
    write_gold=write,
    write_predictions=write,
    compare=compare,
    metrics=MappingProxyType({"accuracy": accuracy}),
    collapsed=collapsed,
    sides=MappingProxyType({"to-en": _TO_ENGLISH}),
)
