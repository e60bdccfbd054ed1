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
@click.argument("run", nargs=-1)
@click.option("--size", help="A backbone with nothing trained, beside the runs or alone.")
@click.option("--task", help="Another task that a head of the run serves, or a retrieval task.")
@click.option("--languages", help="As de,fr,sw; default: all of the task's benchmarks.")
@click.option("--split", help="Default: the split that the task reports.")
@click.option("--source", default="auto", help="auto, hub, local or sample.")
@click.option("--limit", type=click.IntRange(min=1), help="The first N rows of each language.")
@click.option("--skip-bad-rows", default=0, type=click.IntRange(min=0), metavar="N")
@click.option("--layer", default="auto",
              help="Of retrieval: a number, auto (the best on dev rows) or all.")  # fmt: skip
@click.option("--pooling", type=click.Choice(["first", "mean"]), help="Of retrieval.")
@click.option("--measure", type=click.Choice(["cosine", "csls", "margin"]), help="Of retrieval.")
@common
def evaluate(run: tuple[str, ...], size: str | None, languages: str | None, **flags: Any) -> None:
    """Score finished runs zero-shot in many languages.

    Example: xtk evaluate snli-mini-seq_bn-1a2b3c4d --task xnli --languages de,sw
    """
    from xtk.runs.store import find
    from xtk.workflows.evaluate import On
    from xtk.workflows.evaluate import evaluate as function
    from xtk.workflows.untrained import untrained

    settings, as_json = settings_of(flags.pop("home")), flags.pop("as_json")
    on, report = On(languages=words(languages), **flags), reporter()
    found = [find(settings.home, name) for name in run]
    if size is not None:
        found.append(untrained(size, settings=settings))
    if not found:
        raise click.UsageError("Name a run ('xtk runs' lists them), or a backbone with --size.")
    columns: dict[str, list[Cell]] = {}
    for one in found:
        columns[one.name] = function(str(one.path), on, settings=settings, report=report)
        if as_json:
            cells = [cell.as_json() for cell in columns[one.name]]
            print_json({"run": one.name, "cells": cells})
    if not as_json:
        unlike = {replace(one.identity, seed=0).sha256() for one in found}
        are_seeds = len(columns) > 1 and len(unlike) == 1
        for task in dict.fromkeys(cell.task for cells in columns.values() for cell in cells):
            every = {n: [c for c in cells if c.task == task] for n, cells in columns.items()}
            of_task = {n: cells for n, cells in every.items() if cells}
            if len({cell.how for cells in of_task.values() for cell in cells}) > 1:
                _print_layers(of_task)
            else:
                _print_cells(of_task, are_seeds=are_seeds)


def _print_cells(columns: "dict[str, list[Cell]]", *, are_seeds: bool) -> None:
    """A row a language and a column a run: the headline metric with its interval.

    Runs that differ in nothing but their seed have a column with their mean and deviation.
    """
    picked = {name: _headline(cells) for name, cells in columns.items()}
    _title(next(iter(columns.values()))[0])
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


def _print_layers(columns: "dict[str, list[Cell]]") -> None:
    """A row a layer and a column a language, run by run: the headline metric."""
    for name, cells in columns.items():
        _title(cells[0], f" of {name}")
        rows = []
        for how in dict.fromkeys(cell.how for cell in cells):
            found = _headline([cell for cell in cells if cell.how == how])
            values = [cell.value for cell in found.values()]
            rows.append((how, *(f"{value:.1f}" for value in (*values, mean(values)))))
        print_table(("", *dict.fromkeys(cell.lang for cell in cells), "mean"), rows)


def _headline(cells: "list[Cell]") -> "dict[str, Cell]":
    """The cells of the first metric by language."""
    return {cell.lang: cell for cell in cells if cell.metric == cells[0].metric}


def _title(cell: "Cell", of: str = "") -> None:
    how = f", {cell.how}" if cell.how and not of else ""
    click.echo(f"{cell.task} {cell.split}{of}, {cell.metric} in percent, 95 % interval{how}")


def _spread(values: list[float]) -> str:
    return f"{mean(values):.1f} ({stdev(values):.1f})"


def _shown(cell: "Cell") -> str:
    low, high = cell.interval
    return f"{cell.value:.1f} ({low:.1f}..{high:.1f}){' collapsed' if cell.collapsed else ''}"


@click.command()
@click.argument("run")
@click.option("--task", help="The head of a run that has several.")
@click.option("--input", "path", default="-", type=click.Path(path_type=Path, allow_dash=True),
              help="JSONL, TSV or CSV with the columns of the kind; - is stdin.")  # fmt: skip
@common
def predict(run: str, task: str | None, path: Path, home: Path | None, as_json: bool) -> None:
    """Predict labels, tags, answers or vectors of your own rows: one JSON line an input.

    Columns: first and second (or first alone), context and choices, tokens, or id, question and
    context; text for vectors.

    Example: echo '{"first": "A dog barks.", "second": "It is loud."}' | xtk predict RUN
    """
    from xtk.workflows.predict import predict as function

    with tempfile.TemporaryDirectory() as folder:
        if str(path) == "-":
            path = Path(folder) / "stdin.jsonl"
            path.write_bytes(sys.stdin.buffer.read())
        for prediction in function(
            run, path, task=task, settings=settings_of(home), report=reporter()
        ):
            print_json(prediction)
