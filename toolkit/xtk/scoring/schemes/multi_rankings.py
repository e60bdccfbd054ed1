"""Ranked ids, best first, of which several are right: LAReQA.

No official file form exists. Ours is Mewsli-X's: {question id: [candidate id, ...]}, gold is
{question id: [target id, ...]}. A whole ranking of LAReQA has 13,014 candidates, too many for a
file, so an entry may also be {"top": [candidate id, ...], "ranks": [rank of each target, from 1]}.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from xtk.scoring.scheme import Context, Problem, Scheme
from xtk.scoring.schemes.by_id import compare as compare_ids
from xtk.scoring.schemes.by_id import read_by_id
from xtk.scoring.schemes.rankings import TOP, ids
from xtk.scoring.tally import Tally, share_of
from xtk.scoring.texts import capped, kind_of, shown


@dataclass(frozen=True)
class Ranking:
    """The beginning of a ranking, and where in the whole of it the targets are."""

    top: tuple[str, ...]
    ranks: tuple[int, ...]  # from 1, in any order


Targets = Mapping[str, frozenset[str]]
Ranked = Mapping[str, tuple[str, ...] | Ranking]


def read_gold(text: str, names: tuple[str, ...]) -> tuple[Targets, list[Problem]]:
    """The targets of each question, in all languages."""
    targets, problems = read_by_id(text, partial(ids, least=1))
    return {name: frozenset(several) for name, several in targets.items()}, problems


def read_predictions(text: str, names: tuple[str, ...]) -> tuple[Ranked, list[Problem]]:
    """A list of ids each, or `top` and `ranks`."""
    return read_by_id(text, _ranking)


def _ranking(value: Any) -> tuple[tuple[str, ...] | Ranking, str | None]:
    if not isinstance(value, dict):
        return ids(value)
    if set(value) != {"top", "ranks"}:
        return (), f"{shown(value)}; expected a list of ids, or an object with top and ranks"
    top, wrong = ids(value["top"])
    ranks = value["ranks"]
    if wrong:
        return (), f"top: {wrong}"
    if not isinstance(ranks, list):
        return (), f"ranks: {kind_of(ranks)}; expected a list of numbers"
    if not all(type(rank) is int and rank > 0 for rank in ranks) or len(set(ranks)) < len(ranks):
        return (), f"ranks: {shown(ranks)}; expected different integers from 1"
    return Ranking(top, tuple(ranks)), None


def write_gold(targets: Targets, names: tuple[str, ...]) -> str:
    """The object that is read."""
    return json.dumps({name: sorted(several) for name, several in targets.items()}) + "\n"


def write_predictions(ranked: Ranked, names: tuple[str, ...]) -> str:
    """The object that is read."""
    values = {
        name: {"top": one.top, "ranks": one.ranks} if isinstance(one, Ranking) else one
        for name, one in ranked.items()
    }
    return json.dumps(values) + "\n"


def compare(gold: Targets, predictions: Ranked) -> list[Problem]:
    """Ids of one side only are warnings; ranks that contradict targets or top are errors."""
    problems = compare_ids(gold, predictions, "question")
    wrong = [
        Problem(None, f"'{shown(name)}': {what}.")
        for name, one in predictions.items()
        if isinstance(one, Ranking) and name in gold and (what := _contradiction(gold[name], one))
    ]
    return problems + capped(wrong)


def _contradiction(targets: frozenset[str], ranking: Ranking) -> str | None:
    if len(ranking.ranks) != len(targets):
        return f"{len(ranking.ranks)} ranks for {len(targets)} targets"
    seen = set(_ranks(targets, ranking.top))
    if seen != {rank for rank in ranking.ranks if rank <= len(ranking.top)}:
        return "its ranks and the targets in its top disagree"
    return None


def map_at_20(gold: Targets, predictions: Ranked, context: Context) -> Tally:
    """Mean average precision in the first 20, divided by the number of targets or 20.

    XTREME's third_party/utils_lareqa.py average_precision_at_k: a repeated candidate keeps its rank
    and scores once.
    """
    points = []
    for name, targets in gold.items():
        one = predictions.get(name, ())
        top = one.top if isinstance(one, Ranking) else one
        points.append(_precision(_ranks(targets, top[:TOP]), min(len(targets), TOP)))
    return _mean(points)


def map_uncut(gold: Targets, predictions: Ranked, context: Context) -> Tally:
    """Mean average precision over whole rankings, as in the LAReQA paper.

    From `ranks` where they are given, else over the ranking as far as it goes: a lower bound where
    that is not to its end.
    """
    points = []
    for name, targets in gold.items():
        one = predictions.get(name, ())
        ranks = sorted(one.ranks) if isinstance(one, Ranking) else _ranks(targets, one)
        points.append(_precision(ranks, len(targets)))
    return _mean(points)


def collapsed(predictions: Ranked) -> bool:
    """The same ranking, or none, everywhere."""
    return not predictions or (len(predictions) > 1 and len(set(predictions.values())) == 1)


def _ranks(targets: frozenset[str], ranking: Sequence[str]) -> list[int]:
    """Ranks of the targets in a ranking, each at its first place."""
    first = {one: rank for rank, one in reversed(list(enumerate(ranking, start=1)))}
    return sorted(first[target] for target in targets if target in first)


def _precision(ranks: Sequence[int], divisor: int) -> float:
    return sum(hits / rank for hits, rank in enumerate(ranks, start=1)) / divisor


def _mean(points: list[float]) -> Tally:
    units = np.stack([np.array(points), np.ones(len(points))], axis=1)
    return Tally(units, share_of, len(points))


MULTI_RANKINGS = Scheme(
    name="multi rankings",
    suffix="json",
    read_gold=read_gold,
    read_predictions=read_predictions,
    write_gold=write_gold,
    write_predictions=write_predictions,
    compare=compare,
    metrics=MappingProxyType({"map@20": map_at_20, "map": map_uncut}),
    collapsed=collapsed,
)
