"""Cells: one score of one run on one task, language and split."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xtk.core.errors import unknown
from xtk.scoring.intervals import interval
from xtk.scoring.metrics import METRICS, confusion


@dataclass(frozen=True)
class Place:
    """What was scored, and by which rows."""

    task: str
    lang: str
    split: str
    source: str
    data_sha256: str


@dataclass(frozen=True)
class Cell:
    """A value in percent with its 95 % interval.

    `collapsed`: all predictions are one class, so that a failed run is never read as a weak one.
    """

    task: str
    lang: str
    split: str
    metric: str
    value: float
    n: int
    interval: tuple[float, float]
    source: str
    data_sha256: str
    collapsed: bool

    def as_json(self) -> dict[str, Any]:
        """The stable fields of `evaluate --json`."""
        rounded = [round(bound, 4) for bound in self.interval]
        return asdict(self) | {"value": round(self.value, 4), "interval": rounded}


def from_json(fields: Mapping[str, Any]) -> Cell:
    """The cell that `as_json` wrote; TypeError or ValueError if it is none."""
    low, high = fields["interval"]
    return Cell(**{**fields, "interval": (low, high)})


def classification_cells(
    place: Place, labels: Sequence[int], predictions: Sequence[int], metrics: Sequence[str]
) -> list[Cell]:
    """One cell a metric, in the order of `metrics`."""
    table = confusion(labels, predictions)
    cells = []
    for name in metrics:
        if name not in METRICS:
            raise unknown("metric", name, METRICS)
        metric = METRICS[name]
        cells.append(
            Cell(
                task=place.task,
                lang=place.lang,
                split=place.split,
                metric=name,
                value=float(metric.of(table)),
                n=len(labels),
                interval=interval(table, metric),
                source=place.source,
                data_sha256=place.data_sha256,
                collapsed=len(labels) > 1 and len(set(predictions)) == 1,
            )
        )
    return cells
