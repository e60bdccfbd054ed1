"""Means over languages whose rows are translations of each other, with their intervals."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.core.errors import XtkError
from xtk.scoring.tally import RESAMPLES, Interval, Values, bounds

_CHUNK = 500  # resamples at once over items: bounds memory


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
