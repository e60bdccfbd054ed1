"""The benchmarks of the catalogue, as the official scoring wants them."""

from pathlib import Path

from xtk.core.errors import UsageError
from xtk.scoring.benchmark import Benchmark, Entry, Scored
from xtk.scoring.folder import score_folder
from xtk.tasks.benchmarks import GROUPS
from xtk.tasks.catalogue import select


def benchmark_of(name: str) -> Benchmark:
    """The tasks, languages and groups of a benchmark; an unknown name gives the nearest one."""
    entries = tuple(
        Entry(
            name=task.name,
            scheme=task.scheme,
            names=task.label_names,
            languages=task.languages[name],
            headline=task.benchmark_metrics or task.metrics[:1],
        )
        for task in select(benchmark=name)
    )
    return Benchmark(name, entries, GROUPS.get(name, {}))


def score(name: str, predictions: Path, labels: Path, *, allow_missing: bool = False) -> Scored:
    """Score a folder of official prediction files, whoever made them."""
    for folder in (predictions, labels):
        if not folder.is_dir():
            raise UsageError(f"{folder} is no folder; expected one with a folder for each task.")
    return score_folder(benchmark_of(name), predictions, labels, allow_missing=allow_missing)
