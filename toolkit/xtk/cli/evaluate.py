"""evaluate, predict."""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

import click

from xtk.cli.common import common, print_json, print_table, reporter, settings_of, words

if TYPE_CHECKING:
    from xtk.scoring.cells import Cell


@click.command()
@click.argument("run", nargs=-1, required=True)
@click.option("--task", help="Another task of the same kind; default: the run's own.")
@click.option("--languages", help="As de,fr,sw; default: all of the task's benchmarks.")
@click.option("--split", help="Default: the split that the task reports.")
@click.option("--source", default="auto", help="auto, hub, local or sample.")
@click.option("--limit", type=click.IntRange(min=1), help="The first N rows of each language.")
@click.option("--skip-bad-rows", default=0, type=click.IntRange(min=0), metavar="N")
@common
def evaluate(run: tuple[str, ...], languages: str | None, **flags: Any) -> None:
    """Score finished runs zero-shot in many languages.

    Example: xtk evaluate snli-mini-seq_bn-1a2b3c4d --task xnli --languages de,sw
    """
    from xtk.runs.store import find
    from xtk.workflows.evaluate import On
    from xtk.workflows.evaluate import evaluate as function

    settings, as_json = settings_of(flags.pop("home")), flags.pop("as_json")
    on, report = On(languages=words(languages), **flags), reporter()
    found = [find(settings.home, name) for name in run]
    columns: dict[str, list[Cell]] = {}
    for given, one in zip(run, found, strict=True):
        columns[one.name] = function(given, on, settings=settings, report=report)
        if as_json:
            cells = [cell.as_json() for cell in columns[one.name]]
            print_json({"run": one.name, "cells": cells})
    if not as_json:
        unlike = {replace(one.identity, seed=0).sha256() for one in found}
        _print_cells(columns, are_seeds=len(columns) > 1 and len(unlike) == 1)


def _print_cells(columns: "dict[str, list[Cell]]", *, are_seeds: bool) -> None:
    """A row a language and a column a run: the headline metric with its interval.

    Runs that differ in nothing but their seed have a column with their mean and deviation.
    """
    some = next(iter(columns.values()))
    headline = some[0].metric
    picked = {
        name: {cell.lang: cell for cell in cells if cell.metric == headline}
        for name, cells in columns.items()
    }
    click.echo(f"{some[0].task} {some[0].split}, {headline} in percent, 95 % interval")
    seeds = ("mean (sd) of seeds",) if are_seeds else ()
    rows = []
    for lang, cell in next(iter(picked.values())).items():
        cells = [run[lang] for run in picked.values()]
        spread = (_spread([c.value for c in cells]),) if are_seeds else ()
        rows.append((lang, cell.n, *map(_shown, cells), *spread))
    means = [mean(c.value for c in run.values()) for run in picked.values()]
    spread = (_spread(means),) if are_seeds else ()
    rows.append(("mean", "", *(f"{value:.1f}" for value in means), *spread))
    print_table(("lang", "n", *picked, *seeds), rows)


def _spread(values: list[float]) -> str:
    return f"{mean(values):.1f} ({stdev(values):.1f})"


def _shown(cell: "Cell") -> str:
    low, high = cell.interval
    return f"{cell.value:.1f} ({low:.1f}..{high:.1f}){' collapsed' if cell.collapsed else ''}"


@click.command()
@click.argument("run")
@click.option("--input", "path", default="-", type=click.Path(path_type=Path, allow_dash=True),
              help="JSONL, TSV or CSV with first and second, or context and choices; - is stdin "
              "(JSONL).")  # fmt: skip
@common
def predict(run: str, path: Path, home: Path | None, as_json: bool) -> None:
    """Predict labels of your own rows: one JSON line an input.

    Example: echo '{"first": "A dog barks.", "second": "It is loud."}' | xtk predict RUN
    """
    from xtk.workflows.predict import predict as function

    with tempfile.TemporaryDirectory() as folder:
        if str(path) == "-":
            path = Path(folder) / "stdin.jsonl"
            path.write_bytes(sys.stdin.buffer.read())
        for prediction in function(run, path, settings=settings_of(home), report=reporter()):
            print_json(prediction)
