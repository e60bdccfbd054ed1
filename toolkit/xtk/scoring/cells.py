"""Cells: one score of one run on one task, language and split."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from xtk.core.errors import XtkError, unknown
from xtk.scoring.scheme import Context, Scheme


@dataclass(frozen=True)
class Place:
    """What was scored, and by which rows."""

    task: str
    lang: str
    split: str
    source: str
    data_sha256: str
    how: str = ""  # of a search: layer, pooling and measure


@dataclass(frozen=True)
class Cell:
    """A value in percent with its 95 % interval.

    `collapsed`: all predictions are one class or empty, so that a failed run is never read as a
    weak one.
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
    how: str = ""

    def as_json(self) -> dict[str, Any]:
        """The stable fields of `evaluate --json`."""
        rounded = [round(bound, 4) for bound in self.interval]
        return asdict(self) | {"value": round(self.value, 4), "interval": rounded}


def from_json(fields: Mapping[str, Any]) -> Cell:
    """The cell that `as_json` wrote; TypeError or ValueError if it is none."""
    low, high = fields["interval"]
    return Cell(**{**fields, "interval": (low, high)})


def cells_of(
    place: Place,
    scheme: Scheme,
    gold: Any,
    predictions: Any,
    names: tuple[str, ...],
    metrics: Sequence[str],
) -> list[Cell]:
    """One cell a metric, in the order of `metrics`; an error where gold and predictions differ."""
    fatal = [problem for problem in scheme.compare(gold, predictions) if problem.fatal]
    if fatal:
        raise XtkError(f"{place.task} {place.split} {place.lang}: {fatal[0].what}")
    if not gold:
        raise XtkError(f"{place.task} {place.split} {place.lang}: there is nothing to score.")
    cells = []
    for name in metrics:
        if name not in scheme.metrics:
            raise unknown(f"metric of {scheme.name}", name, scheme.metrics)
        tally = scheme.metrics[name](gold, predictions, Context(names, place.lang))
        cells.append(
            Cell(
                task=place.task,
                lang=place.lang,
                split=place.split,
                metric=name,
                value=tally.value,
                n=tally.n,
                interval=tally.interval(),
                source=place.source,
                data_sha256=place.data_sha256,
                collapsed=scheme.collapsed(predictions),
                how=place.how,
            )
        )
    return cells
