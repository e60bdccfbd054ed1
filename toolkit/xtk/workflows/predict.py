"""Predictions for a user's own inputs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import softmax

from xtk.core.progress import Reporter, Silent
from xtk.core.settings import Settings
from xtk.data.files import named
from xtk.data.formats import AS_IT_SAYS, read_table
from xtk.data.rows import ChoiceColumns, Columns, PairColumns
from xtk.data.sources import Rows, collect
from xtk.kinds.kind import MULTIPLE_CHOICE, SEQUENCE_CLASSIFICATION, Kind
from xtk.runs import store
from xtk.tasks.catalogue import find
from xtk.workflows.inputs import encode
from xtk.workflows.loaded import Loaded

# The fields of a person's own inputs are those of the examples.
_COLUMNS: Mapping[str, Columns] = {
    SEQUENCE_CLASSIFICATION.name: PairColumns("first", "second", "label", (), unlabelled=("",)),
    MULTIPLE_CHOICE.name: ChoiceColumns(
        "context", None, ("choices",), "label", (), unlabelled=("",)
    ),
}


def predict(
    run: str,
    path: Path,
    *,
    settings: Settings | None = None,
    report: Reporter | None = None,
) -> Iterator[dict[str, Any]]:
    """One prediction for each row of a JSONL, TSV or CSV file, in its order.

    Columns are `first` and `second` for sequence classification, `context` and `choices` (a list)
    for multiple choice. A prediction has `label` and the probability of each label or choice.
    """
    settings, report = settings or Settings.of(), report or Silent()
    found = store.find(settings.home, run)
    loaded = Loaded(found, settings)
    rows = _rows(loaded.kind, path)
    task = find(found.identity.task)
    length = int(found.identity.hyperparameters["max_length"])
    encoded = encode(rows, task, loaded.backbone, length, settings)
    scores = loaded.scores(encoded)
    names = found.details["label_names"]
    for example, start, end in zip(
        rows.examples, encoded.groups[:-1], encoded.groups[1:], strict=True
    ):
        logits = scores[start:end].ravel()
        labels = list(getattr(example, "choices", names))
        probabilities = softmax(logits.astype(np.float64)).round(6).tolist()
        best = int(logits.argmax())
        yield {"label": labels[best], "index": best, "probabilities": probabilities}


def _rows(kind: Kind, path: Path) -> Rows:
    file = named(path)
    columns = _COLUMNS[kind.name]
    items = read_table(file, AS_IT_SAYS)
    return collect(items, columns, source="file", files=(str(file),), skip_bad_rows=0)
