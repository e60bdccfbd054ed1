import numpy as np
import pytest

from xtk.scoring.scheme import Context
from xtk.scoring.schemes.labels import LABELS
from xtk.scoring.tally import Tally, f1_of, majority_rate, precision_of, ratio, recall_of, share_of

CONTEXT = Context(("a", "b", "c"), "en")


def scored(name, labels, predictions):
    return LABELS.metrics[name](tuple(labels), tuple(predictions), CONTEXT)


@pytest.mark.parametrize("name", LABELS.metrics)
def test_the_multinomial_draw_is_the_bootstrap_over_examples(name):
    rng = np.random.default_rng(1)
    labels = rng.integers(3, size=200)
    predictions = np.where(rng.random(200) < 0.6, labels, rng.integers(3, size=200))
    drawn = rng.integers(200, size=(1_000, 200))
    naive = [scored(name, labels[d].tolist(), predictions[d].tolist()).value for d in drawn]
    # 1,000 resamples place a 2.5 % bound to about 0.4 points here; 1.0 is over two such errors.
    expected = np.quantile(naive, [0.025, 0.975])
    tally = scored(name, labels.tolist(), predictions.tolist())
    assert tally.interval() == pytest.approx(expected, abs=1.0)


def test_sums_of_units_are_resampled_not_means_of_units():
    """Passages of unequal length: each weighs what it holds."""
    units = np.array([[1.0, 1.0]] * 30 + [[0.0, 9.0]] * 30)
    tally = Tally(units, share_of, 300)
    assert tally.value == pytest.approx(10.0)
    rng = np.random.default_rng(6)
    sums = units[rng.integers(60, size=(4_000, 60))].sum(axis=1)
    expected = np.quantile(100 * sums[:, 0] / sums[:, 1], [0.025, 0.975])
    assert tally.interval() == pytest.approx(expected, abs=1.0)  # one unit is 0.6


def test_the_interval_is_as_wide_as_the_normal_one_of_a_proportion():
    # Wald: 1.96 * sqrt(0.6 * 0.4 / 500) = 4.29 points; one example is 0.2.
    tally = scored("accuracy", [0] * 500, [0] * 300 + [1] * 200)
    assert tally.interval() == pytest.approx((60 - 4.29, 60 + 4.29), abs=0.3)


def test_the_interval_holds_the_truth_as_often_as_it_says():
    held = 0
    for hits in np.random.default_rng(2).binomial(500, 0.6, size=300):
        units = np.array([[1.0, 1.0]] * hits + [[0.0, 1.0]] * (500 - hits))
        low, high = Tally(units, share_of, 500).interval()
        held += low <= 60 <= high
    # Of 300 intervals 285 are expected; the standard error is 3.8.
    assert held == pytest.approx(285, abs=3 * 3.8)


def test_the_same_seed_gives_the_same_interval_and_another_seed_another():
    tally = scored("macro_f1", [0, 1] * 50, [0, 1, 1, 1] * 25)
    assert tally.interval() == tally.interval()
    assert tally.interval() != tally.interval(seed=1)


def test_what_never_varies_has_an_interval_of_one_point():
    assert scored("accuracy", [0, 1], [0, 1]).interval() == (100.0, 100.0)
    assert scored("macro_f1", [0, 1], [1, 0]).interval() == (0.0, 0.0)


def test_nothing_of_nothing_is_zero_and_no_warning():
    nothing = np.zeros((2, 3))
    for of in (f1_of, precision_of, recall_of):
        assert of(nothing).tolist() == [0.0, 0.0]
    assert ratio(np.zeros(1), np.zeros(1)).tolist() == [0.0]


def test_the_majority_rate_is_that_of_the_most_frequent_label():
    assert majority_rate([2, 0, 2, 1]) == 50.0
