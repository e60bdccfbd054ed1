from collections.abc import Mapping, Sequence

import pytest

from checklist_file import write
from xtk.cli.checklist import as_object, print_outcomes
from xtk.core.errors import UsageError
from xtk.kinds.span import SpanExample
from xtk.workflows.checklist import Outcome, means, run_tests, templates_of


def knows_all(examples: Sequence[SpanExample]) -> Mapping[str, str]:
    return {e.id: e.answers[0][1] for e in examples if e.answers}


def first_word(examples: Sequence[SpanExample]) -> Mapping[str, str]:
    return {e.id: e.context.split()[0] for e in examples}


def test_who_knows_all_fails_nowhere(tmp_path):
    outcomes = run_tests(knows_all, templates_of(write(tmp_path)), 4)
    assert [(o.lang, o.test) for o in outcomes] == [
        *(("en", test) for test in ("props", "animal_vehicle", "animal_vehicle_v2")),
        *(("de", test) for test in ("props", "animal_vehicle", "animal_vehicle_v2")),
        ("qu", "animal_vehicle"),
    ]
    assert {(o.cases, o.failed, o.failure_rate) for o in outcomes} == {(4, 0, 0.0)}


def test_who_says_the_first_word_passes_where_it_is_the_answer(tmp_path):
    outcomes = run_tests(first_word, templates_of(write(tmp_path), ["en"]), 4)
    assert means(outcomes) == {"props": 100.0, "animal_vehicle": 100.0, "animal_vehicle_v2": 0.0}


def test_a_case_with_one_wrong_answer_fails(tmp_path):
    def wrong_once(examples: Sequence[SpanExample]) -> Mapping[str, str]:
        return {**knows_all(examples), examples[1].id: "nobody"}

    outcomes = run_tests(wrong_once, templates_of(write(tmp_path), ["de"]), 4)
    assert [outcome.failed for outcome in outcomes] == [1, 1, 1]


def test_an_example_holds_its_answer_in_its_context(tmp_path):
    seen: list[SpanExample] = []

    def looks(examples: Sequence[SpanExample]) -> Mapping[str, str]:
        seen.extend(examples)
        return knows_all(examples)

    run_tests(looks, templates_of(write(tmp_path), ["en", "de"]), 3)
    for example in seen:
        assert example.answers is not None
        start, text = example.answers[0]
        assert example.context.startswith(text, start)
    assert len(seen) == 2 * (3 * 2 + 3 * 2 + 3)


def test_an_unknown_language_is_answered_with_the_nearest(tmp_path):
    with pytest.raises(UsageError, match="Unknown language of the templates 'dd'"):
        templates_of(write(tmp_path), ["dd"])


def test_the_table_has_a_language_a_line_and_the_mean_below(capsys):
    outcomes = [
        Outcome("comp", "en", 200, 10),
        Outcome("props", "en", 200, 100),
        Outcome("comp", "sw", 200, 150),
        Outcome("props", "sw", 160, 160),
        Outcome("comp", "th", 200, 200),
    ]
    print_outcomes(outcomes)
    assert capsys.readouterr().out.splitlines() == [
        "failed %   comp  props",
        "en          5.0   50.0",
        "sw         75.0  100.0",
        "th        100.0      -",
        "mean       60.0   75.0",
        "160 or 200 cases of each test in each language.",
    ]
    printed = as_object("run", outcomes)
    assert printed["tests"]["comp"]["mean"] == pytest.approx(60.0)
    assert printed["tests"]["props"]["languages"]["sw"] == {
        "failure_rate": 100.0,
        "failed": 160,
        "cases": 160,
    }
