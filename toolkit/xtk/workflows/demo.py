"""One real transfer, end to end: English rows in, scores in eleven languages out.

Intermediate task: natural language inference (SNLI). Target: does this sentence hold the answer to
this question (QNLI's form, on XQuAD-R)? Both are openly licensed and embedded, and the pair was
chosen by measuring: XCOPA is only some points above chance on `mini` (README), and XNLI's licence
forbids embedding it.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.sources import labels_or_error
from xtk.runs.store import Run
from xtk.scoring.cells import Cell
from xtk.scoring.intervals import mean_accuracy, mean_difference, right
from xtk.scoring.tally import Interval, majority_rate
from xtk.tasks.catalogue import find
from xtk.tasks.task import SAMPLE
from xtk.workflows.evaluate import On, evaluate, rows_of
from xtk.workflows.recipe import Options
from xtk.workflows.scores import read_predictions
from xtk.workflows.train import finetune, stack, train_adapter

INTERMEDIATE, TARGET = "snli", "xqnli"
ADAPTER = "seq_bn[reduction_factor=4]"
ALONE, STACKED, FULL = "target alone", "on intermediate", "full fine-tuning"
# Few epochs and a high learning rate: what two cores do in minutes, chosen on English dev rows.
FIRST = Options(source=SAMPLE, learning_rate=1e-3, epochs=1, limit=4_000, dev_limit=500)
SECOND = Options(source=SAMPLE, learning_rate=1e-3, epochs=2, batch_size=16, patience=0)
WHOLE = Options(source=SAMPLE, learning_rate=5e-5, epochs=2, batch_size=16, warmup=0.1)
ROWS = 300  # of each language


@dataclass(frozen=True)
class Demo:
    """The target's scores by method and language, on the same questions in every language."""

    intermediate: Run
    runs: dict[str, Run]
    cells: dict[str, list[Cell]]  # accuracy, by method, a cell a language
    means: dict[str, tuple[float, Interval]]  # over the languages other than English
    effect: tuple[float, Interval]  # of the intermediate task on that mean
    effects: list[tuple[float, Interval]]  # the same by language
    majority: float

    def as_json(self) -> dict[str, Any]:
        """All numbers, in percent."""
        return {
            "intermediate": self.intermediate.name,
            "runs": {method: run.name for method, run in self.runs.items()},
            "cells": {m: [cell.as_json() for cell in cells] for m, cells in self.cells.items()},
            "means": {m: {"value": v, "interval": i} for m, (v, i) in self.means.items()},
            "effect": {"value": self.effect[0], "interval": self.effect[1]},
            "majority": self.majority,
        }


def demo(*, settings: Settings, report: Reporter, size: str = "mini") -> Demo:
    """Train what is not trained yet, score every language, compare."""
    around: dict[str, Any] = {"settings": settings, "report": report}
    first = train_adapter(INTERMEDIATE, size=size, adapter=ADAPTER, options=FIRST, **around)
    runs = {
        ALONE: train_adapter(TARGET, size=size, adapter=ADAPTER, options=SECOND, **around),
        STACKED: stack(first.name, TARGET, adapter=ADAPTER, options=SECOND, **around),
        FULL: finetune(TARGET, size=size, options=WHOLE, **around),
    }
    on = On(source=SAMPLE, limit=ROWS)
    cells = {
        method: [c for c in evaluate(run.name, on, **around) if c.metric == "accuracy"]
        for method, run in runs.items()
    }
    languages = [cell.lang for cell in cells[ALONE]]
    correct = {method: _correct(run, languages, on, settings) for method, run in runs.items()}
    abroad = [i for i, lang in enumerate(languages) if lang != "en"]
    task = find(TARGET)
    return Demo(
        intermediate=first,
        runs=runs,
        cells=cells,
        means={method: mean_accuracy(items[abroad]) for method, items in correct.items()},
        effect=mean_difference(correct[STACKED][abroad], correct[ALONE][abroad]),
        effects=[
            mean_difference(correct[STACKED][[i]], correct[ALONE][[i]])
            for i in range(len(languages))
        ],
        majority=majority_rate(
            labels_or_error(rows_of(task, task.eval_split, languages[0], on, settings))
        ),
    )


def _correct(run: Run, languages: list[str], on: On, settings: Settings) -> NDArray[np.float64]:
    """The share of each question's two rows that is right, (languages, questions).

    A question is the unit that is resampled: its rows share their text.
    """
    task = find(TARGET)
    rows = []
    for lang in languages:
        labels = labels_or_error(rows_of(task, task.eval_split, lang, on, settings))
        found = read_predictions(run.path, task, task.eval_split, lang, task.label_names)
        rows.append(right(labels, found))
    shares: NDArray[np.float64] = np.stack(rows).reshape(len(languages), -1, 2).mean(axis=2)
    return shares


def described(result: Demo) -> str:
    """The table for people, and what it says."""
    methods = list(result.runs)
    lines = [
        f"{find(TARGET).title}",
        f"Trained on English only; accuracy in percent with 95 % interval, chance "
        f"{result.majority:.1f}.",
        "",
        "lang     n" + "".join(f"{method:>21}" for method in methods) + f"{'difference':>22}",
    ]
    for i, cell in enumerate(result.cells[ALONE]):
        scores = [result.cells[method][i] for method in methods]
        shown = [_shown(c.value, c.interval) for c in scores]
        lines.append(_line(cell.lang, str(cell.n), shown, result.effects[i]))
    means = [_shown(*result.means[method]) for method in methods]
    lines += [_line("mean", "", means, result.effect), "", _sentence(result)]
    return "\n".join(lines)


def _line(lang: str, n: str, shown: list[str], effect: tuple[float, Interval]) -> str:
    value, (low, high) = effect
    difference = f"{value:+.1f} ({low:+.1f}..{high:+.1f})"
    return f"{lang:<5}{n:>5}" + "".join(f"{text:>21}" for text in shown) + f"{difference:>22}"


def _shown(value: float, interval: Interval) -> str:
    return f"{value:.1f} ({interval[0]:.1f}..{interval[1]:.1f})"


def _sentence(result: Demo) -> str:
    """What the numbers say, whichever way they came out."""
    above = [c for c in result.cells[STACKED] if c.interval[0] > result.majority]
    value, (low, high) = result.effect
    sure = "more than noise" if low > 0 or high < 0 else "within noise: the interval holds 0"
    return (
        f"mean is over the languages other than English; difference is 'on intermediate' less "
        f"'target alone'.\n{len(above)} of {len(result.cells[STACKED])} languages are above chance "
        f"by their interval. The intermediate task {INTERMEDIATE} changes the mean by {value:+.1f} "
        f"({low:+.1f}..{high:+.1f}), {sure}.\nOne seed each: the intervals are about the test "
        "questions; another seed would move the scores too."
    )
