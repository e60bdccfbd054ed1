"""Golden values as data: golden/<scheme>.json; a new case needs no code."""

import json
from pathlib import Path

import pytest

from xtk.scoring.scheme import Context, is_fatal
from xtk.scoring.schemes.answers import ANSWERS, ANSWERS_MLQA, ANSWERS_OR_NONE
from xtk.scoring.schemes.choices import CHOICES
from xtk.scoring.schemes.labels import LABELS
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.scoring.schemes.pairs import PAIRS
from xtk.scoring.schemes.pointers import POINTERS
from xtk.scoring.schemes.rankings import RANKINGS
from xtk.scoring.schemes.tags import TAGS
from xtk.scoring.texts import decode

SCHEMES = {
    "labels": LABELS,
    "choices": CHOICES,
    "tags": TAGS,
    "answers": ANSWERS,
    "answers_mlqa": ANSWERS_MLQA,
    "answers_or_none": ANSWERS_OR_NONE,
    "pointers": POINTERS,
    "pairs": PAIRS,
    "rankings": RANKINGS,
    "multi_rankings": MULTI_RANKINGS,
}
FOLDER = Path(__file__).parent / "golden"
CASES = [
    pytest.param(name, case, id=f"{name}: {case['case']}")
    for name in SCHEMES
    for case in json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
]


def test_every_golden_file_is_read():
    assert {path.stem for path in FOLDER.glob("*.json")} == set(SCHEMES)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_score_is_what_the_definition_says(name, case):
    scheme, names = SCHEMES[name], tuple(case["names"])
    gold, problems = scheme.read_gold(decode(case["gold"].encode())[0], names)
    text, more = decode(case["predictions"].encode())
    predictions, again = scheme.read_predictions(text, names)
    problems = [*problems, *more, *again, *scheme.compare(gold, predictions)]
    assert not is_fatal(problems)
    context = Context(names, case["lang"])
    for metric, value in case["expected"].items():
        found = scheme.metrics[metric](gold, predictions, context).value
        assert found == pytest.approx(value, abs=case["tolerance"]), f"{metric}: {case['source']}"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_what_is_written_is_read_again(name, case):
    scheme, names = SCHEMES[name], tuple(case["names"])
    gold, _ = scheme.read_gold(case["gold"], names)
    assert scheme.read_gold(scheme.write_gold(gold, names), names) == (gold, [])
    predictions, _ = scheme.read_predictions(case["predictions"], names)
    written = scheme.write_predictions(predictions, names)
    assert scheme.read_predictions(written, names) == (predictions, [])
