"""A score together with what it is counted from, so that its interval needs nothing else.

The interval is the percentile bootstrap (Efron and Tibshirani 1993, chapter 13). What is resampled
is the unit that was drawn independently: an example, a sentence, a passage with all its questions.
A score of many is never the mean of their scores: counts are summed first.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 10_000
LEVEL = 0.95
_CHUNK = 500  # resamples at once: bounds memory

Values = NDArray[np.float64]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Tally:
    """Counts of each unit, (units, counts), and the percentage that their sum stands for.

    `of` takes sums (..., counts) and gives (...,), so that thousands of resamples are one call.
    """

    units: Values
    of: Callable[[Values], Values]
    n: int  # examples, as a table prints it

    @property
    def value(self) -> float:
        """The score in percent."""
        return float(self.of(self.units.sum(axis=0)))

    def interval(self, seed: int = 0) -> Interval:
        """The 95 % interval in percent; the same seed gives the same bytes.

        Drawing n units with replacement and counting the equal ones is one multinomial draw.
        """
        if not len(self.units):
            return self.value, self.value
        distinct, counts = np.unique(self.units, axis=0, return_counts=True)
        rng = np.random.default_rng(seed)
        total = int(counts.sum())
        values = [
            self.of(rng.multinomial(total, counts / total, _CHUNK) @ distinct)
            for _ in range(RESAMPLES // _CHUNK)
        ]
        return bounds(np.concatenate(values))


def bounds(values: Values) -> Interval:
    """The middle 95 % of resampled values."""
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(low), float(high)


def ratio(part: Values, whole: Values) -> Values:
    """`part` of `whole` in percent, 0 where there is nothing to be part of."""
    return 100.0 * np.divide(part, whole, out=np.zeros_like(part), where=whole > 0)


def f1_of(sums: Values) -> Values:
    """F1 of (..., (true positives, predicted, gold)): 2 TP / (predicted + gold)."""
    return ratio(2.0 * sums[..., 0], sums[..., 1] + sums[..., 2])


def precision_of(sums: Values) -> Values:
    """Precision of (..., (true positives, predicted, gold))."""
    return ratio(sums[..., 0], sums[..., 1])


def recall_of(sums: Values) -> Values:
    """Recall of (..., (true positives, predicted, gold))."""
    return ratio(sums[..., 0], sums[..., 2])


def share_of(sums: Values) -> Values:
    """The share in (..., (what was earned, of how much))."""
    return ratio(sums[..., 0], sums[..., 1])


def majority_rate(gold: Sequence[int]) -> float:
    """The accuracy, in percent, of always saying the most frequent label."""
    return 100.0 * max(Counter(gold).values()) / len(gold)
