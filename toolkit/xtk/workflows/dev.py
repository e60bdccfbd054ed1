"""Scores of the dev rows, by which the best epoch is chosen and which a run reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from xtk.kinds.encoded import Encoded
from xtk.kinds.kind import MULTIPLE_CHOICE, RETRIEVAL, SEQUENCE_CLASSIFICATION
from xtk.kinds.search import unit
from xtk.modules.model import TransferModel
from xtk.scoring.cells import Cell, Place
from xtk.scoring.scheme import Context
from xtk.scoring.schemes.answers import ANSWERS_OR_NONE
from xtk.scoring.tally import majority_rate
from xtk.training.device import Device
from xtk.training.inference import scores
from xtk.workflows.gold import gold_of
from xtk.workflows.outputs import no_answer_threshold, predictions_of
from xtk.workflows.ranking import ranked
from xtk.workflows.resolved import Part
from xtk.workflows.scores import score


@dataclass(frozen=True)
class DevScores:
    """The dev rows of every task of a training."""

    parts: Sequence[Part]
    encoded: Mapping[str, Encoded]
    device: Device

    def mean(self, model: TransferModel) -> float:
        """The mean of the tasks' headline metrics, in percent."""
        return fmean(self._value(model, part) for part in self.parts)

    def predict(self, model: TransferModel, part: Part) -> tuple[Any, float | None]:
        """The predictions of a task, and the threshold of having no answer that they were made by.

        The threshold is the best one for these very rows, as SQuAD 2.0's own script takes it.
        """
        task, encoded = part.task, self.encoded[part.task.name]
        values = scores(model, encoded, self.device, task.name)
        if task.kind is RETRIEVAL:
            return ranked(task, part.dev, unit(values)), None
        threshold = None
        if task.scheme is ANSWERS_OR_NONE:
            threshold = no_answer_threshold(values, encoded, part.dev, task)
        return predictions_of(task, values, encoded, part.dev, threshold), threshold

    def _value(self, model: TransferModel, part: Part) -> float:
        task = part.task
        predictions, _ = self.predict(model, part)
        context = Context(task.label_names, task.train_language)
        return task.scheme.metrics[task.metrics[0]](
            gold_of(task, part.dev), predictions, context
        ).value


def dev_results(folder: Path, dev: DevScores, model: TransferModel) -> dict[str, Any]:
    """What a result says of the dev rows; the cells of all tasks are written into the folder."""
    tasks = {part.task.name: _result(folder, dev, model, part) for part in dev.parts}
    one = next(iter(tasks.values())) if len(tasks) == 1 else None
    return {
        "dev": fmean(result["dev"] for result in tasks.values()),
        "metric": one["metric"] if one else "mean of the tasks' headline metrics",
        "interval": one["interval"] if one else None,
        "n": sum(result["n"] for result in tasks.values()),
        "collapsed": any(result["collapsed"] for result in tasks.values()),
        "tasks": tasks,
    }


def _result(folder: Path, dev: DevScores, model: TransferModel, part: Part) -> dict[str, Any]:
    task = part.task
    predictions, threshold = dev.predict(model, part)
    gold = gold_of(task, part.dev)
    place = Place(task.name, task.train_language, "validation", part.dev.source, part.dev.sha256)
    headline: Cell = score(folder, task, place, gold, predictions, task.label_names)[0]
    majority = None
    if task.kind in (SEQUENCE_CLASSIFICATION, MULTIPLE_CHOICE):
        majority = majority_rate(gold)
    return {
        "dev": headline.value,
        "metric": headline.metric,
        "interval": list(headline.interval),
        "n": headline.n,
        "majority": majority,
        "collapsed": headline.collapsed or headline.value <= (majority or 0.0),
        "no_answer_threshold": threshold,
    }
