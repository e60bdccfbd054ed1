"""A pair of sentence ids a line, `de-000000001 TAB en-000000002`, in any order: BUCC 2018."""

from collections import Counter
from types import MappingProxyType

import numpy as np

from xtk.scoring.scheme import Context, Problem, Scheme
from xtk.scoring.tally import Tally, Values, f1_of, precision_of, recall_of
from xtk.scoring.texts import capped, lines_of, shown

Pairs = frozenset[tuple[str, str]]


def read(text: str, names: tuple[str, ...]) -> tuple[Pairs, list[Problem]]:
    """A set, as XTREME's evaluate.py bucc_f1 makes it: a repeated pair counts once."""
    found: Counter[tuple[str, str]] = Counter()
    problems = []
    lines = lines_of(text)
    for number, line in enumerate(lines, start=1):
        fields = line.split("\t")
        if len(fields) == 2 and all(field and field.split() == [field] for field in fields):
            found[fields[0], fields[1]] += 1
        else:
            problems.append(Problem(number, _wrong(line, fields)))
    repeats = found.total() - len(found)
    if repeats:
        what = f"{repeats:,} lines repeat a pair; it counts once."
        problems.append(Problem(None, what, fatal=False))
    return frozenset(found), capped(problems, len(lines))


def _wrong(line: str, fields: list[str]) -> str:
    if not line:
        return "a blank line; expected two ids with a tab between."
    if len(fields) != 2:
        word = "column" if len(fields) == 1 else "columns"
        return f"{len(fields)} {word}; expected two ids with a tab between, found '{shown(line)}'."
    return f"an id is empty or has a blank in it: '{shown(line)}'."


def write(pairs: Pairs, names: tuple[str, ...]) -> str:
    """One pair a line, sorted."""
    return "".join(f"{first}\t{second}\n" for first, second in sorted(pairs))


def compare(gold: Pairs, predictions: Pairs) -> list[Problem]:
    """Any number of pairs can be scored; columns the wrong way round are told."""
    if predictions & gold or not {(second, first) for first, second in predictions} & gold:
        return []
    return [Problem(1, "no pair is right, but some are the other way round.", fatal=False)]


def f1(gold: Pairs, predictions: Pairs, context: Context) -> Tally:
    """F1 of the sets of pairs."""
    return Tally(_counts(gold, predictions), f1_of, len(gold))


def precision(gold: Pairs, predictions: Pairs, context: Context) -> Tally:
    """The share of predicted pairs that is right."""
    return Tally(_counts(gold, predictions), precision_of, len(gold))


def recall(gold: Pairs, predictions: Pairs, context: Context) -> Tally:
    """The share of gold pairs that is found."""
    return Tally(_counts(gold, predictions), recall_of, len(gold))


def collapsed(predictions: Pairs) -> bool:
    """Nothing was found."""
    return not predictions


def _counts(gold: Pairs, predictions: Pairs) -> Values:
    """(pairs that are gold or predicted, (both, predicted, gold))."""
    both, missed = len(gold & predictions), len(gold - predictions)
    rows = [[1.0, 1.0, 1.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    return np.repeat(rows, [both, len(predictions) - both, missed], axis=0)


PAIRS = Scheme(
    name="pairs",
    suffix="tsv",
    read_gold=read,
    read_predictions=read,
    write_gold=write,
    write_predictions=write,
    compare=compare,
    metrics=MappingProxyType({"f1": f1, "precision": precision, "recall": recall}),
    collapsed=collapsed,
)
