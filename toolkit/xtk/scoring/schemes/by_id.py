"""What the forms {id: value} have in common: reading them, and ids that only one side has."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from xtk.scoring.scheme import Problem
from xtk.scoring.texts import LISTED, capped, kind_of, line_of, read_json, shown

Value = TypeVar("Value")
_NAMED = 3  # ids that a warning names


def read_by_id(
    text: str, convert: Callable[[Any], tuple[Value, str | None]]
) -> tuple[dict[str, Value], list[Problem]]:
    """The values by id; `convert` gives the value and what is wrong with it.

    A top-level `data` is unwrapped, as XTREME's evaluate.py read_squad does with predictions too.
    """
    content, problems = read_json(text)
    if problems:
        return {}, capped(problems)
    if isinstance(content, dict) and "data" in content:
        content = content["data"]
    if not isinstance(content, dict):
        found = kind_of(content)
        return {}, [Problem(1, f"expected one object with an entry an id, found {found}.")]
    values = {}
    for name, raw in content.items():
        values[name], wrong = convert(raw)
        if wrong:
            line = line_of(text, name) if len(problems) <= LISTED else None
            problems.append(Problem(line, f"'{shown(name)}': {wrong}."))
    if not values:
        problems.append(Problem(1, "the object has no entry."))
    return values, capped(problems)


def compare(gold: Mapping[str, Any], predictions: Mapping[str, Any], what: str) -> list[Problem]:
    """Both are scored as 0 or not at all by the official scripts, so both are warnings."""
    missing = [name for name in gold if name not in predictions]
    unasked = [name for name in predictions if name not in gold]
    problems = []
    if missing:
        few = f"{len(missing):,} of {len(gold):,} {what}s have no prediction and score 0"
        problems.append(Problem(None, f"{few}: {_some(missing)}.", fatal=False))
    if unasked:
        few = f"{len(unasked):,} predictions are for no {what} of the label file and do not count"
        problems.append(Problem(None, f"{few}: {_some(unasked)}.", fatal=False))
    return problems


def _some(names: list[str]) -> str:
    return ", ".join(map(shown, names[:_NAMED])) + (", ..." if len(names) > _NAMED else "")
