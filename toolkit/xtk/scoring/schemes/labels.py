"""One label a line: XNLI, PAWS-X and every other classification.

In memory gold and predictions are label indices.
"""

from dataclasses import replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from xtk.scoring.scheme import Context, Problem, Scheme
from xtk.scoring.tally import Tally, Values, f1_of, ratio, share_of
from xtk.scoring.texts import capped, lines_of, wrong_name

Labels = tuple[int, ...]
WRONG = -1  # in the place of what is no label, so that lines still can be counted


def read(text: str, names: tuple[str, ...]) -> tuple[Labels, list[Problem]]:
    """Label indices of a file of label names, XTREME's evaluate.py read_label."""
    codes = {name: code for code, name in enumerate(names)}
    lines = lines_of(text)
    problems = [
        Problem(number, wrong_name("label", line, names))
        for number, line in enumerate(lines, start=1)
        if line not in codes
    ]
    return tuple(codes.get(line, WRONG) for line in lines), capped(problems, len(lines))


def write(labels: Labels, names: tuple[str, ...]) -> str:
    """One label name a line."""
    return "".join(f"{names[label]}\n" for label in labels)


def compare(gold: tuple[int, ...], predictions: tuple[int, ...]) -> list[Problem]:
    """Both must have as many lines; any scheme of one value a line is compared so."""
    if len(gold) == len(predictions):
        return []
    line = min(len(gold), len(predictions)) + 1
    found = "is missing" if len(predictions) < len(gold) else "is one too many"
    return [
        Problem(
            line,
            f"{len(predictions):,} lines of predictions for {len(gold):,} in the label file; "
            f"line {line:,} {found}.",
        )
    ]


def accuracy(gold: Labels, predictions: Labels, context: Context) -> Tally:
    """The share that is right."""
    return Tally(_one_hot(gold, predictions), _accuracy_of, len(gold))


def macro_f1(gold: Labels, predictions: Labels, context: Context) -> Tally:
    """The mean F1 of the labels that occur, gold or predicted.

    As scikit-learn's f1_score(average="macro", zero_division=0).
    """
    return Tally(_one_hot(gold, predictions), _macro_f1_of, len(gold))


def f1(gold: Labels, predictions: Labels, context: Context) -> Tally:
    """F1 of the last label, as GLUE has it for QQP: of "duplicate"."""
    last = len(context.names) - 1
    is_gold, is_predicted = np.equal(gold, last), np.equal(predictions, last)
    counts = np.stack([is_gold & is_predicted, is_predicted, is_gold], axis=1)
    return Tally(counts.astype(float), f1_of, len(gold))


def collapsed(predictions: Labels) -> bool:
    """All of one class; a single prediction cannot be of two."""
    return len(predictions) > 1 and len(set(predictions)) == 1


def _one_hot(gold: Labels, predictions: Labels) -> NDArray[np.float64]:
    """(examples, 3 x labels): gold, predicted, right; only labels that occur have columns.

    Columns run from the last label to the first, so that sorted rows are in the order of a
    confusion matrix and resamples are drawn as from its cells.
    """
    occurring = sorted({*gold, *predictions}, reverse=True)
    columns = np.array(occurring)
    is_gold = np.equal.outer(np.array(gold), columns)
    is_predicted = np.equal.outer(np.array(predictions), columns)
    return np.concatenate([is_gold, is_predicted, is_gold & is_predicted], axis=1).astype(float)


def _accuracy_of(sums: Values) -> Values:
    gold, _, right = np.split(sums, 3, axis=-1)
    return share_of(np.stack([right.sum(-1), gold.sum(-1)], axis=-1))


def _macro_f1_of(sums: Values) -> Values:
    gold, predicted, right = np.split(sums, 3, axis=-1)
    f1 = ratio(2.0 * right, gold + predicted)
    values: Values = f1.sum(-1) / (gold + predicted > 0).sum(-1)
    return values


LABELS = Scheme(
    name="labels",
    suffix="tsv",
    read_gold=read,
    read_predictions=read,
    write_gold=write,
    write_predictions=write,
    compare=compare,
    metrics=MappingProxyType({"accuracy": accuracy, "macro_f1": macro_f1}),
    collapsed=collapsed,
)

# of two labels, the last of which is what is looked for
BINARY_LABELS = replace(LABELS, metrics=MappingProxyType({**LABELS.metrics, "f1": f1}))
