"""Ranked ids, best first, with one that is right: Mewsli-X.

Files are {example id: [entity id, ...]}, gold too.
"""

import json
from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

import numpy as np

from xtk.scoring.scheme import Context, Problem, Scheme
from xtk.scoring.schemes.by_id import compare, read_by_id
from xtk.scoring.tally import Tally, share_of
from xtk.scoring.texts import described

Ranked = Mapping[str, tuple[str, ...]]
TOP = 20  # ranks that count, XTREME's third_party/utils_mewslix.py TOP_K


def read_gold(text: str, names: tuple[str, ...]) -> tuple[Ranked, list[Problem]]:
    """Gold ids; the first of each counts, without blanks around it."""
    ranked, problems = read_by_id(text, partial(ids, least=1))
    stripped = {name: tuple(one.strip() for one in several) for name, several in ranked.items()}
    if not problems and not any(any(several) for several in stripped.values()):
        problems = [Problem(None, f"all {len(ranked):,} gold ids are empty: they are withheld.")]
    return stripped, problems


def read_predictions(text: str, names: tuple[str, ...]) -> tuple[Ranked, list[Problem]]:
    """Predicted ids as they are."""
    return read_by_id(text, ids)


def ids(value: Any, least: int = 0) -> tuple[tuple[str, ...], str | None]:
    """A JSON list of texts, or what is wrong with it."""
    if not isinstance(value, list):
        return (), f"{described(value)}; expected a list of ids"
    wrong = [one for one in value if not isinstance(one, str)]
    if wrong:
        return (), f"an id is {described(wrong[0])}; expected a text"
    if len(value) < least:
        return (), "an empty list; expected an id"
    return tuple(value), None


def write(ranked: Ranked, names: tuple[str, ...]) -> str:
    """The object that is read."""
    return json.dumps(dict(ranked), indent=None) + "\n"


def mean_reciprocal_rank(gold: Ranked, predictions: Ranked, context: Context) -> Tally:
    """The mean of 1 / rank of the gold id in the first 20, 0 where it is not there.

    With one gold id this is mAP@20. A repeated id keeps its rank.
    """
    points = [
        _reciprocal(right[0], predictions.get(name, ())[:TOP]) for name, right in gold.items()
    ]
    units = np.stack([np.array(points), np.ones(len(points))], axis=1)
    return Tally(units, share_of, len(gold))


def _reciprocal(right: str, ranking: tuple[str, ...]) -> float:
    return 1.0 / (ranking.index(right) + 1) if right in ranking else 0.0


def collapsed(predictions: Ranked) -> bool:
    """The same ranking, or none, everywhere."""
    return not predictions or (len(predictions) > 1 and len(set(predictions.values())) == 1)


RANKINGS = Scheme(
    name="rankings",
    suffix="json",
    read_gold=read_gold,
    read_predictions=read_predictions,
    write_gold=write,
    write_predictions=write,
    compare=partial(compare, what="example"),
    metrics=MappingProxyType({"map@20": mean_reciprocal_rank}),
    collapsed=collapsed,
)
