"""tasks, tasks check, data fetch, data check."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xtk.cli.common import common, print_json, print_table, reporter, settings_of, words
from xtk.core.errors import XtkError

if TYPE_CHECKING:
    from xtk.tasks.check import Finding
    from xtk.tasks.seen import Seen
    from xtk.tasks.task import Task


@click.group(invoke_without_command=True)
@click.option("--role", help="intermediate or target.")
@click.option("--benchmark", help="xtreme, xtreme-r, ...")
@common
@click.pass_context
def tasks(
    context: click.Context,
    role: str | None,
    benchmark: str | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """List the tasks; or check one of your own.

    Example: xtk tasks --role intermediate
    """
    if context.invoked_subcommand is None:
        _list(role, benchmark, as_json)


def _list(role: str | None, benchmark: str | None, as_json: bool) -> None:
    from xtk.tasks.catalogue import described, select

    chosen = [described(task, benchmark) for task in select(role=role, benchmark=benchmark)]
    if as_json:
        print_json(chosen)
        return
    header = ("name", "kind", "roles", "languages", "benchmarks", "sources", "licence")
    print_table(header, [[_cell(row[column]) for column in header] for row in chosen])


@tasks.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@common
def check_own(file: Path, home: Path | None, as_json: bool) -> None:
    """Say what a task of your own looks like: its files, rows, labels and hashes.

    Example: xtk tasks check my_task.yaml
    """
    from xtk.tasks.catalogue import TASKS, described
    from xtk.tasks.own import declaration_sha256, read_task
    from xtk.tasks.seen import see

    task = read_task(file, taken=[known.name for known in TASKS])
    seen = list(see(task))
    if as_json:
        said = described(task) | {"sha256": declaration_sha256(task)}
        print_json(said | {"splits": [asdict(one) for one in seen]})
    else:
        _print_seen(task, seen)
    if any(one.problem for one in seen):
        raise XtkError(f"{file}: some rows cannot be read; the lines above say why.")


def _print_seen(task: "Task", seen: "list[Seen]") -> None:
    click.echo(f"{task.name}: {task.title}")
    facts = {
        "kind": task.kind.name,
        "labels": ", ".join(task.label_names),
        "metrics": ", ".join(task.metrics),
        "scored on": task.eval_split,
        "licence": task.licence,
    }
    print_table(("", ""), [(key, value) for key, value in facts.items() if value])
    header = ("split", "lang", "rows", "majority", "labels", "sha256")
    print_table(header, [_row_of(one) for one in seen])
    for one in seen:
        click.echo(f"{one.split} {one.lang}: {one.problem or ', '.join(one.files)}")
        if one.first:
            click.echo(f"  {one.first}")


def _row_of(one: "Seen") -> tuple[str, ...]:
    if one.problem or one.source == "hub":
        return one.split, one.lang, "", "", "problem" if one.problem else "on the Hub, not read", ""
    majority = "" if one.majority is None else f"{one.majority:.1f} %"
    return one.split, one.lang, str(one.rows), majority, _counts(one.counts), one.sha256[:12]


def _counts(counts: Mapping[str, int]) -> str:
    """The most frequent labels with their counts."""
    some = [f"{name} {count}" for name, count in list(counts.items())[:5]]
    return ", ".join(some) + (", ..." if len(counts) > 5 else "")


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value)) if len(value) > 3 else ", ".join(value)
    return str(value)


@click.group()
def data() -> None:
    """Look after the rows."""


@data.command()
@click.argument("task", nargs=-1, required=True)
@click.option("--languages", help="As de,fr; all of the task if left out.")
@click.option("--split", "splits", multiple=True, help="As train; repeatable; all if left out.")
@click.option("--out", type=click.Path(path_type=Path), help="[the first folder of XTK_DATA]")
@common
def fetch(
    task: tuple[str, ...],
    languages: str | None,
    splits: tuple[str, ...],
    out: Path | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Fetch rows from the Hub into a folder, for machines without a network.

    Example: xtk data fetch xnli --languages de,sw --split test --out data
    """
    from xtk.workflows.fetch import Wanted
    from xtk.workflows.fetch import fetch as function

    wanted = Wanted(languages=words(languages), splits=splits, out=out)
    rows = []
    for one in function(task, wanted, settings=settings_of(home), report=reporter()):
        if as_json:
            print_json(asdict(one))
        new = "fetched" if one.is_new else "there already"
        rows.append((one.task, one.split, one.lang, str(one.rows), one.sha256[:12], new))
    if not as_json:
        print_table(("task", "split", "lang", "rows", "sha256", ""), rows)


@data.command()
@click.argument("task", nargs=-1)
@common
def check(task: tuple[str, ...], home: Path | None, as_json: bool) -> None:
    """Read everything that is there of a task, and compare it with what its owner published.

    Example: xtk data check siqa xnli
    """
    from xtk.tasks.catalogue import TASKS, find
    from xtk.tasks.check import check as findings_of
    from xtk.tasks.reading import parts_of

    wanted = [find(name) for name in task] or list(TASKS)
    # what is a part of one task may be a task of its own, and is read once
    chosen = {part.name: part for one in wanted for part in parts_of(one)}.values()
    roots = settings_of(home).data_roots
    findings = [finding for one in chosen for finding in findings_of(one, roots=roots)]
    if as_json:
        print_json([asdict(finding) | {"official": finding.official} for finding in findings])
    else:
        header = ("task", "source", "split", "lang", "rows", "published", "official", "labels",
                  "sha256", "remark")  # fmt: skip
        print_table(header, [_finding(finding) for finding in findings])
    if any(finding.problem for finding in findings):
        raise XtkError("Some files cannot be read; the column 'remark' says why.")
    if not findings:
        raise XtkError("There is nothing to check; XTK_DATA names the folders to search.")


def _finding(finding: "Finding") -> tuple[str, ...]:
    published = "" if finding.official_rows is None else str(finding.official_rows)
    official = "" if finding.official is None else "yes" if finding.official else "no"
    return (
        finding.task,
        finding.source,
        finding.split,
        finding.lang,
        str(finding.rows),
        published,
        official,
        finding.labels,
        finding.sha256[:12],
        finding.problem or finding.note,
    )
