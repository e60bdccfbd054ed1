"""Metrics of classification, computed from confusion matrices."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xtk.core.errors import XtkError
from xtk.scoring.tally import Values, majority_rate

__all__ = ["METRICS", "Counts", "Metric", "accuracy", "confusion", "macro_f1", "majority_rate"]

Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Metric:
    """A number in percent.

    `of` takes matrices (..., classes, classes), gold by predicted, and gives (...,) values: a score
    and thousands of its resamples are one call.
    """

    name: str
    of: Callable[[Counts], Values]


def accuracy(tables: Counts) -> Values:
    """The share on the diagonal."""
    right = np.trace(tables, axis1=-2, axis2=-1)
    values: Values = 100.0 * right / tables.sum((-2, -1))
    return values


def macro_f1(tables: Counts) -> Values:
    """The mean F1 of the labels that occur, gold or predicted.

    As scikit-learn's f1_score(average="macro", zero_division=0): F1 = 2 TP / (gold + predicted).
    """
    right = np.diagonal(tables, axis1=-2, axis2=-1)
    occurring = tables.sum(-1) + tables.sum(-2)
    f1 = 2.0 * right / np.maximum(occurring, 1)
    values: Values = 100.0 * f1.sum(-1) / (occurring > 0).sum(-1)
    return values


METRICS = MappingProxyType(
    {"accuracy": Metric("accuracy", accuracy), "macro_f1": Metric("macro_f1", macro_f1)}
)


def confusion(labels: Sequence[int], predictions: Sequence[int]) -> Counts:
    """Counts by gold and predicted label, (classes, classes)."""
    if len(labels) != len(predictions):
        raise XtkError(
            f"There are {len(labels)} labels and {len(predictions)} predictions; they must be as "
            "many."
        )
    if not len(labels):
        raise XtkError("There is nothing to score: no labels.")
    if min(*labels, *predictions) < 0:
        raise XtkError("A label below 0 cannot be scored.")
    classes = max(*labels, *predictions) + 1
    flat = np.asarray(labels) * classes + np.asarray(predictions)
    return np.bincount(flat, minlength=classes**2).reshape(classes, classes).astype(np.int64)
