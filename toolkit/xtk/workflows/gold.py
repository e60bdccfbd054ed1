"""What the rows of a split say is right, as the task's scheme has it."""

from typing import Any

from xtk.data.sources import Rows, labels_or_error
from xtk.kinds.kind import RETRIEVAL, SPAN_EXTRACTION
from xtk.kinds.retrieval import RetrievalExample
from xtk.kinds.span import SpanExample
from xtk.scoring.schemes.answers import Question
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.scoring.schemes.pairs import PAIRS
from xtk.scoring.schemes.pointers import POINTERS
from xtk.tasks.task import Task


def gold_of(task: Task, rows: Rows) -> Any:
    """Gold in the form of the task's scheme; an error where the rows have no labels."""
    labels = labels_or_error(rows)
    if task.kind is SPAN_EXTRACTION:
        return {
            example.id: Question(tuple(text for _, text in example.answers), example.passage)
            for example in rows.examples
            if isinstance(example, SpanExample) and example.answers is not None
        }
    if task.kind is RETRIEVAL:
        queries = [e for e in rows.examples if isinstance(e, RetrievalExample) and e.is_query]
        return _targets(task, {query.id: query.targets or () for query in queries})
    return tuple(labels)


def _targets(task: Task, targets: dict[str, tuple[str, ...]]) -> Any:
    if task.scheme is POINTERS:
        return tuple(int(found[0]) for found in targets.values())
    if task.scheme is PAIRS:
        return frozenset((query, one) for query, found in targets.items() for one in found)
    if task.scheme is MULTI_RANKINGS:
        return {query: frozenset(found) for query, found in targets.items()}
    return targets
