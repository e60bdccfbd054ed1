"""score, export."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from xtk.cli.common import common, print_json, print_table, settings_of

if TYPE_CHECKING:
    from xtk.scoring.benchmark import Finding, Scored, TaskScores

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--benchmark", required=True, help="xtreme or xtreme-r.")
@click.option("--predictions", required=True, type=_FOLDER, help="<task>/test-<lang>.<suffix>.")
@click.option("--labels", required=True, type=_FOLDER, help="The same files with what is right.")
@click.option(
    "--allow-missing", is_flag=True, help="Average over the files that are there, and say so."
)
@common
def score(
    benchmark: str,
    predictions: Path,
    labels: Path,
    allow_missing: bool,
    home: Path | None,
    as_json: bool,
) -> None:
    """Score a folder of official prediction files as the benchmark defines it.

    Example: xtk score --benchmark xtreme --predictions submission --labels labels
    """
    from xtk.workflows.official import score as function

    scored = function(benchmark, predictions, labels, allow_missing=allow_missing)
    if as_json:
        print_json(scored.as_json())
    else:
        _print_scores(scored)
        for problem in scored.problems:
            click.echo(_line(problem), err=True)
    if scored.failed:
        raise SystemExit(1)


def _print_scores(scored: "Scored") -> None:
    """Overall and groups; the tasks' averages; then a table of languages for each task."""
    incomplete = ", incomplete" if scored.incomplete else ""
    click.echo(f"{scored.benchmark.name}, in percent{incomplete}")
    summary = [("overall", _shown(scored.overall))]
    summary += [(group, _shown(value)) for group, value in scored.groups.items()]
    print_table(("mean of tasks", "score"), summary)
    click.echo()
    rows = [row for task in scored.tasks for row in _averages(task, scored.allow_missing)]
    print_table(("task", "metric", "average", "without en", "languages"), rows)
    for task in scored.tasks:
        _print_languages(task)


def _averages(task: "TaskScores", allow_missing: bool) -> list[tuple[str, ...]]:
    """A row a metric, and one of the task's value where that is the mean of several."""
    total = len(task.entry.languages)
    fields = task.as_json(allow_missing=allow_missing)
    return [
        (
            task.entry.name,
            metric,
            _shown(fields[metric]["avg"]),
            _shown(fields[foreign]["avg"])
            if (foreign := f"{metric}_non_english") in fields
            else "",
            f"{len(fields[metric]['languages'])}/{total}",
        )
        for metric in _metrics(task)
    ]


def _metrics(task: "TaskScores") -> list[str]:
    alone = len(task.entry.headline) == 1
    return [metric for metric in task.values if not (alone and metric == "score")]


def _print_languages(task: "TaskScores") -> None:
    metrics = _metrics(task)
    scored = [lang for lang in task.entry.languages if any(lang in v for v in task.values.values())]
    if scored:
        click.echo()
        rows = [
            (lang, *(_shown(task.values[metric].get(lang)) for metric in metrics))
            for lang in scored
        ]
        print_table((task.entry.name, *metrics), rows)


def _shown(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _line(problem: "Finding") -> str:
    where = f"{problem.file}:{problem.line}" if problem.line else problem.file
    return f"{problem.level}: {where}: {problem.what}"


@click.command()
@click.argument("run", nargs=-1, required=True)
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
@click.option(
    "--labels",
    type=click.Path(path_type=Path),
    help="A new folder for the labels of the same rows, for xtk score.",
)
@click.option("--split", default="test", help="Of which split; the files are named test-* anyway.")
@common
def export(
    run: tuple[str, ...],
    out: Path,
    labels: Path | None,
    split: str,
    home: Path | None,
    as_json: bool,
) -> None:
    """Make the official submission folder from the predictions of finished runs.

    Example: xtk export panx-mini-seq_bn-1a2b3c4d udpos-mini-seq_bn-5e6f7a8b --out submission
    """
    from xtk.workflows.export import export as function

    exported = function(run, out, labels=labels, split=split, settings=settings_of(home))
    if split != "test":
        click.echo(
            f"These are predictions of the {split} split under the names of the test split: score "
            "them against labels of that split, and submit them nowhere.",
            err=True,
        )
    for benchmark, tasks in exported.missing.items():
        for task, languages in tasks.items():
            click.echo(f"{benchmark} still wants {task} in {' '.join(languages)}.", err=True)
    if as_json:
        print_json(
            {
                "out": str(exported.out),
                "split": exported.split,
                "languages": exported.languages,
                "missing": exported.missing,
            }
        )
    else:
        rows = [(task, len(there), " ".join(there)) for task, there in exported.languages.items()]
        print_table(("task", "files", "languages"), rows)
        known = f" --labels {labels}" if labels else ""
        click.echo(f"It is ready for: xtk score --benchmark ... --predictions {out}{known}")
