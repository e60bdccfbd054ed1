"""How sure a score is: percentile bootstrap over examples (Efron and Tibshirani 1993, chapter 13).

Drawing n examples with replacement and counting them is one multinomial draw over what is counted,
so no example is drawn one by one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.core.errors import XtkError
from xtk.scoring.metrics import Counts, Metric
from xtk.scoring.tally import RESAMPLES, Interval, Values, bounds

__all__ = ["Interval", "interval", "mean_accuracy", "mean_difference", "right"]

_CHUNK = 500  # resamples at once over items: bounds memory


def interval(table: Counts, metric: Metric, *, seed: int = 0) -> Interval:
    """The 95 % interval, in percent, of a metric of one confusion matrix."""
    total = int(table.sum())
    draws = np.random.default_rng(seed).multinomial(total, table.ravel() / total, RESAMPLES)
    return bounds(metric.of(draws.reshape(RESAMPLES, *table.shape)))


def mean_accuracy(correct: NDArray[Any]) -> tuple[float, Interval]:
    """Mean accuracy over languages in percent, with its interval.

    `correct` is (languages, items), true or false, or the share of an item's rows that is right.
    Items are translations of each other, so they are resampled together in all languages: taking
    languages for independent would make the interval too narrow.
    """
    per_item = 100.0 * correct.mean(axis=0)
    return float(per_item.mean()), bounds(_resampled_means(per_item))


def mean_difference(correct: NDArray[Any], other: NDArray[Any]) -> tuple[float, Interval]:
    """Mean accuracy of `correct` less that of `other` on the same items, both (languages, items).

    Paired: an item counts for both systems or for none.
    """
    if correct.shape != other.shape:
        raise XtkError(f"{correct.shape} and {other.shape} items cannot be compared in pairs.")
    per_item = 100.0 * (correct.astype(np.float64) - other).mean(axis=0)
    return float(per_item.mean()), bounds(_resampled_means(per_item))


def right(labels: Sequence[int], predictions: Sequence[int]) -> NDArray[np.bool_]:
    """Which items are right, (items,)."""
    return np.equal(labels, predictions)


def _resampled_means(values: Values, *, seed: int = 0) -> Values:
    """Means of resamples of (items,) values, (RESAMPLES,)."""
    rng = np.random.default_rng(seed)
    chunks = [
        values[rng.integers(len(values), size=(_CHUNK, len(values)))].mean(axis=1)
        for _ in range(RESAMPLES // _CHUNK)
    ]
    return np.concatenate(chunks)
