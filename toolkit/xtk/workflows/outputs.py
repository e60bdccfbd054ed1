"""From a head's scores to the predictions of a task."""

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.data.sources import Rows
from xtk.kinds import span
from xtk.kinds.encoded import Encoded
from xtk.kinds.kind import SPAN_EXTRACTION
from xtk.kinds.span import SpanExample
from xtk.scoring.scheme import Context
from xtk.tasks.task import Task
from xtk.workflows.gold import gold_of


def predictions_of(
    task: Task, scores: NDArray[np.float32], encoded: Encoded, rows: Rows, threshold: float | None
) -> Any:
    """Predictions as the task's scheme has them; `threshold` is of having no answer."""
    if task.kind is SPAN_EXTRACTION:
        return span.decode(scores, encoded, _questions(rows), threshold)
    if task.kind.decode is None:
        raise ValueError(f"a {task.kind.name} task has no scores to decode")
    return task.kind.decode(scores, encoded, rows.examples)


def no_answer_threshold(
    scores: NDArray[np.float32], encoded: Encoded, rows: Rows, task: Task
) -> float:
    """By how much "no answer" must outscore a span to be said, for the best F1 on these rows.

    As find_best_thresh of SQuAD 2.0's evaluate-v2.0.py: each question is answered while the
    difference is not above the threshold; of equally good ones the lowest.
    """
    spans = span.best_spans(scores, encoded, 1)
    answered = span.decode(scores, encoded, _questions(rows))
    gold = gold_of(task, rows)
    # a passage of its own for each question keeps its points apart
    alone = {name: replace(q, passage=i) for i, (name, q) in enumerate(gold.items())}
    points = task.scheme.metrics["f1"](alone, answered, Context((), task.train_language))
    unanswerable = np.array([not question.answers for question in gold.values()])
    difference = spans.null - spans.scores[:, 0]
    order = np.argsort(difference, kind="stable")
    gains = np.cumsum(points.units[order, 0] - unanswerable[order])
    # a threshold cannot part equal differences
    gains[:-1][difference[order][:-1] == difference[order][1:]] = -np.inf
    best = int(gains.argmax())
    return float(difference[order][best]) if gains[best] > 0 else float(difference.min()) - 1.0


def _questions(rows: Rows) -> list[SpanExample]:
    return [example for example in rows.examples if isinstance(example, SpanExample)]
