"""tasks, data check."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from xtk.cli.common import common, print_json, print_table, settings_of
from xtk.core.errors import XtkError


@click.command()
@click.option("--role", help="intermediate or target.")
@click.option("--benchmark", help="xtreme, xtreme-r, ...")
@common
def tasks(role: str | None, benchmark: str | None, home: Path | None, as_json: bool) -> None:
    """List the tasks.

    Example: xtk tasks --role intermediate
    """
    from xtk.tasks.catalogue import described, select

    chosen = [described(task, benchmark) for task in select(role=role, benchmark=benchmark)]
    if as_json:
        print_json(chosen)
        return
    header = ("name", "kind", "roles", "languages", "benchmarks", "sources", "licence")
    print_table(header, [[_cell(row[column]) for column in header] for row in chosen])


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return str(len(value)) if len(value) > 3 else ", ".join(value)
    return str(value)


@click.group()
def data() -> None:
    """Look after the rows."""


@data.command()
@click.argument("task", nargs=-1)
@common
def check(task: tuple[str, ...], home: Path | None, as_json: bool) -> None:
    """Read everything that is there of a task, and compare it with what its owner published.

    Example: xtk data check siqa xnli
    """
    from xtk.tasks.catalogue import TASKS, find
    from xtk.tasks.check import check as findings_of

    chosen = [find(name) for name in task] or list(TASKS)
    roots = settings_of(home).data_roots
    findings = [finding for one in chosen for finding in findings_of(one, roots=roots)]
    if as_json:
        print_json([asdict(finding) for finding in findings])
    else:
        header = ("task", "source", "split", "lang", "rows", "official", "labels", "remark")
        print_table(header, [_finding(finding) for finding in findings])
    if any(finding.problem for finding in findings):
        raise XtkError("Some files cannot be read; the column 'remark' says why.")
    if not findings:
        raise XtkError("There is nothing to check; XTK_DATA names the folders to search.")


def _finding(finding: Any) -> tuple[str, ...]:
    official = "" if finding.official_rows is None else str(finding.official_rows)
    return (
        finding.task,
        finding.source,
        finding.split,
        finding.lang,
        str(finding.rows),
        official,
        finding.labels,
        finding.problem or finding.note,
    )
