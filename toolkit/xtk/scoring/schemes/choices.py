"""One JSON object a line with the index of a choice: XCOPA.

XTREME-R's script compares with Python's ==, so true and 1.0 count as 1 there and "1" never does;
here each of the three is an error.
"""

import json
from types import MappingProxyType

from xtk.scoring.scheme import Problem, Scheme, is_fatal
from xtk.scoring.schemes.labels import accuracy, collapsed, compare, macro_f1
from xtk.scoring.texts import capped, kind_of, lines_of, read_json, shown

Choices = tuple[int, ...]
_PLACEHOLDERS = 50  # so many rows that are all 0 are no labels: XTREME-R blanks XCOPA's test so


def read(text: str, names: tuple[str, ...]) -> tuple[Choices, list[Problem]]:
    """The `label` of each line; `names` only bound it."""
    choices: list[int] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines_of(text), start=1):
        label, found = _label(line, len(names))
        choices.append(label)
        problems += [Problem(number, problem.what) for problem in found]
    return tuple(choices), capped(problems, len(choices))


def read_gold(text: str, names: tuple[str, ...]) -> tuple[Choices, list[Problem]]:
    """Predictions' form; extra keys, such as the premise, are fine."""
    choices, problems = read(text, names)
    if not is_fatal(problems) and len(choices) >= _PLACEHOLDERS and not any(choices):
        problems = [
            Problem(1, f"all {len(choices):,} labels are 0: placeholders for withheld labels.")
        ]
    return choices, problems


def write(choices: Choices, names: tuple[str, ...]) -> str:
    """One object a line."""
    return "".join(json.dumps({"label": choice}) + "\n" for choice in choices)


def _label(line: str, choices: int) -> tuple[int, list[Problem]]:
    if not line:
        return 0, [Problem(None, 'a blank line; expected {"label": 0} or another index a line.')]
    value, problems = read_json(line)
    if problems:
        return 0, problems
    if not isinstance(value, dict) or "label" not in value:
        return 0, [Problem(None, f'{shown(line)} has no "label"; expected {{"label": 0}} a line.')]
    label = value["label"]
    if type(label) is not int:
        return 0, [
            Problem(
                None,
                f"the label {shown(label)} is {kind_of(label)}, not an integer; write 0, 1 and so "
                "on, without quotes or a point.",
            )
        ]
    if not 0 <= label < choices:
        return 0, [Problem(None, f"the label {shown(label)} is not in 0..{choices - 1}.")]
    return label, []


CHOICES = Scheme(
    name="choices",
    suffix="jsonl",
    read_gold=read_gold,
    read_predictions=read,
    write_gold=write,
    write_predictions=write,
    compare=compare,
    metrics=MappingProxyType({"accuracy": accuracy, "macro_f1": macro_f1}),
    collapsed=collapsed,
)
