import numpy as np
import pytest

from xtk.core.errors import XtkError
from xtk.scoring.intervals import interval, mean_accuracy, mean_difference, right
from xtk.scoring.metrics import METRICS, confusion

ACCURACY = METRICS["accuracy"]


@pytest.mark.parametrize("name", METRICS)
def test_the_multinomial_draw_is_the_bootstrap_over_examples(name):
    rng = np.random.default_rng(1)
    labels = rng.integers(3, size=200)
    predictions = np.where(rng.random(200) < 0.6, labels, rng.integers(3, size=200))
    metric = METRICS[name]
    drawn = rng.integers(200, size=(4_000, 200))
    naive = [float(metric.of(confusion(labels[d], predictions[d]))) for d in drawn]
    # 4,000 resamples place a 2.5 % bound to about 0.2 points here; 0.5 is over two such errors.
    expected = np.quantile(naive, [0.025, 0.975])
    assert interval(confusion(labels, predictions), metric) == pytest.approx(expected, abs=0.5)


def test_the_interval_is_as_wide_as_the_normal_one_of_a_proportion():
    # Wald: 1.96 * sqrt(0.6 * 0.4 / 500) = 4.29 points; one example is 0.2.
    low, high = interval(np.array([[300, 200], [0, 0]]), ACCURACY)
    assert (low, high) == pytest.approx((60 - 4.29, 60 + 4.29), abs=0.3)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(2)
    held = 0
    for hits in rng.binomial(500, 0.6, size=300):
        low, high = interval(np.array([[hits, 500 - hits], [0, 0]]), ACCURACY)
        held += low <= 60 <= high
    # Of 300 intervals 285 are expected; the standard error is 3.8.
    assert held == pytest.approx(285, abs=3 * 3.8)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    table = np.array([[41, 17], [13, 29]])
    assert interval(table, METRICS["macro_f1"]) == interval(table, METRICS["macro_f1"])
    assert interval(table, METRICS["macro_f1"]) != interval(table, METRICS["macro_f1"], seed=1)


def test_what_never_varies_has_an_interval_of_one_point():
    assert interval(np.array([[5, 0], [0, 3]]), ACCURACY) == (100.0, 100.0)
    assert interval(np.array([[0, 5], [3, 0]]), METRICS["macro_f1"]) == (0.0, 0.0)


def test_translations_do_not_narrow_the_interval():
    """Ten languages that are right on the same items tell no more than one."""
    english = np.random.default_rng(3).random((1, 300)) < 0.7
    assert mean_accuracy(english.repeat(10, axis=0)) == (
        pytest.approx(100 * english.mean()),
        pytest.approx(mean_accuracy(english)[1]),
    )


def test_independent_languages_do():
    correct = np.random.default_rng(4).random((9, 400)) < 0.5
    value, (low, high) = mean_accuracy(correct)
    assert value == pytest.approx(100 * correct.mean())
    # 9 * 400 independent answers: 1.96 * sqrt(0.25 / 3600) = 1.63 points.
    assert (high - low) / 2 == pytest.approx(1.63, abs=0.25)


def test_one_language_has_the_interval_of_its_accuracy():
    correct = np.arange(500)[np.newaxis] < 300
    _, bounds = mean_accuracy(correct)
    assert bounds == pytest.approx(interval(np.array([[300, 200], [0, 0]]), ACCURACY), abs=0.4)


def test_a_difference_is_paired():
    rng = np.random.default_rng(5)
    one = rng.random((3, 400)) < 0.6
    other = one.copy()
    other[:, :8] = ~other[:, :8]
    value, (low, high) = mean_difference(one, other)
    assert value == pytest.approx(100 * (one.mean() - other.mean()))
    # Only 8 of 400 items differ, so it is far narrower than the 9 points of one system alone.
    assert high - low < 4
    assert mean_difference(one, one) == (0.0, (0.0, 0.0))


def test_a_difference_of_other_items_is_an_error():
    with pytest.raises(XtkError, match="cannot be compared in pairs"):
        mean_difference(np.ones((2, 3), dtype=bool), np.ones((2, 4), dtype=bool))


def test_items_are_right_one_by_one():
    assert right([0, 1, 2], [0, 2, 2]).tolist() == [True, False, True]
