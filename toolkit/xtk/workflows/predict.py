"""Predictions for a user's own inputs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax

from xtk.core.errors import UsageError, unknown
from xtk.core.progress import Reporter, Silent
from xtk.core.settings import Settings
from xtk.data.files import named
from xtk.data.formats import AS_IT_SAYS, read_table
from xtk.data.rows import ChoiceColumns, Columns, PairColumns, Record
from xtk.data.sources import Rows, collect
from xtk.data.squad import SpanColumns
from xtk.data.tags import TagColumns
from xtk.data.text import TextColumns
from xtk.kinds.encoded import Encoded
from xtk.kinds.kind import (
    MULTIPLE_CHOICE,
    RETRIEVAL,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
    Kind,
)
from xtk.kinds.span import best_spans
from xtk.runs import store
from xtk.workflows.inputs import encode
from xtk.workflows.loaded import Loaded

BEST_SPANS = 20  # answers that are weighed against each other (xtreme, third_party/run_squad.py)


def predict(
    run: str,
    path: Path,
    *,
    task: str | None = None,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> Iterator[dict[str, Any]]:
    """One prediction for each row of a JSONL, TSV or CSV file, in its order.

    Columns by kind: `first` (and `second`) for sequence classification, `context` and `choices` (a
    list) for multiple choice, `tokens` (a list) for token classification, `id`, `question` and
    `context` for span extraction, `text` for retrieval. `task` names the head of a run of several.
    """
    settings, report = settings or Settings.of(), report or Silent()
    loaded = Loaded(store.find(settings.home, run), settings)
    head = _head(loaded, task)
    kind, names = loaded.heads[head]
    rows = _rows(kind, path)
    encoded = encode(rows, kind, loaded.backbone, loaded.length(head), settings)
    scores = loaded.scores(encoded, head)
    if kind is TOKEN_CLASSIFICATION:
        yield from _tags(kind, scores, encoded, rows, names)
    elif kind is SPAN_EXTRACTION:
        yield from _answers(scores, encoded, rows, _threshold(loaded, head))
    elif kind is RETRIEVAL:
        yield from ({"vector": vector.tolist()} for vector in scores)
    else:
        yield from _labels(scores, encoded, rows, names)


def _head(loaded: Loaded, task: str | None) -> str:
    heads = loaded.heads
    if not heads:
        raise UsageError(f"{loaded.run.name} has no head: it was trained on no task.")
    if task is None and len(heads) == 1:
        return next(iter(heads))
    if task is None:
        raise UsageError(
            f"{loaded.run.name} has several heads; --task is one of {', '.join(heads)}."
        )
    if task not in heads:
        raise unknown(f"head of {loaded.run.name}", task, heads)
    return task


def _threshold(loaded: Loaded, head: str) -> float | None:
    threshold: float | None = loaded.run.result["tasks"][head]["no_answer_threshold"]
    return threshold


def _labels(
    scores: NDArray[np.float32], encoded: Encoded, rows: Rows, names: tuple[str, ...]
) -> Iterator[dict[str, Any]]:
    for example, start, end in zip(
        rows.examples, encoded.groups[:-1], encoded.groups[1:], strict=True
    ):
        logits = scores[start:end].ravel()
        labels = list(getattr(example, "choices", names))
        probabilities = softmax(logits.astype(np.float64)).round(6).tolist()
        best = int(logits.argmax())
        yield {"label": labels[best], "index": best, "probabilities": probabilities}


def _tags(
    kind: Kind,
    scores: NDArray[np.float32],
    encoded: Encoded,
    rows: Rows,
    names: tuple[str, ...],
) -> Iterator[dict[str, Any]]:
    decoded = kind.decode(scores, encoded, rows.examples) if kind.decode else ()
    for tags in decoded:
        yield {"tags": [names[tag] for tag in tags]}


def _answers(
    scores: NDArray[np.float32], encoded: Encoded, rows: Rows, threshold: float | None
) -> Iterator[dict[str, Any]]:
    """The best answer, its characters, and the probability among the best spans of its text."""
    spans = best_spans(scores, encoded, BEST_SPANS)
    for i, example in enumerate(rows.examples):
        start, end = (int(place) for place in spans.characters[i, 0])
        text = str(getattr(example, "context", ""))[start:end]
        is_empty = np.isneginf(spans.scores[i, 0])  # a text without a token
        none = threshold is not None and spans.null[i] - spans.scores[i, 0] > threshold
        yield {
            "id": getattr(example, "id", ""),
            "answer": "" if none else text.strip(),
            "start": start + len(text) - len(text.lstrip()),
            "end": end - (len(text) - len(text.rstrip())),
            "probability": 0.0 if is_empty else _probability(spans.scores[i]),
        }


def _probability(scores: NDArray[np.float32]) -> float:
    """Of the best of some spans."""
    return round(float(softmax(scores.astype(np.float64))[0]), 6)


def _rows(kind: Kind, path: Path) -> Rows:
    file = named(path)
    items = list(read_table(file, AS_IT_SAYS))
    columns = _columns(kind, next((i for i in items if isinstance(i, Record)), None))
    return collect(items, columns, source="file", files=(str(file),), skip_bad_rows=0)


def _columns(kind: Kind, row: Record | None) -> Columns:
    """The fields of a person's own inputs are those of the examples."""
    has_second = row is None or "second" in row.values
    columns: Mapping[str, Columns] = {
        SEQUENCE_CLASSIFICATION.name: PairColumns(
            "first", "second" if has_second else None, "label", (), unlabelled=("",)
        ),
        MULTIPLE_CHOICE.name: ChoiceColumns(
            "context", None, ("choices",), "label", (), unlabelled=("",)
        ),
        TOKEN_CLASSIFICATION.name: TagColumns(),
        SPAN_EXTRACTION.name: SpanColumns(),
        RETRIEVAL.name: TextColumns(),
    }
    return columns[kind.name]
