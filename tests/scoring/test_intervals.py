import numpy as np
import pytest

from xtk.core.errors import XtkError
from xtk.scoring.intervals import mean_accuracy, mean_difference, right


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
    # Wald: 1.96 * sqrt(0.6 * 0.4 / 500) = 4.29 points; one example is 0.2.
    assert bounds == pytest.approx((60 - 4.29, 60 + 4.29), abs=0.4)


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
