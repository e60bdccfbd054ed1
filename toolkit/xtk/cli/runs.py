"""runs: list, show, rm, gc."""

from pathlib import Path
from typing import Any

import click

from xtk.cli.common import common, print_json, print_table, settings_of
from xtk.core.errors import XtkError


@click.group(invoke_without_command=True)
@common
@click.pass_context
def runs(context: click.Context, home: Path | None, as_json: bool) -> None:
    """List the runs; or show or remove some of them.

    Example: xtk runs show snli-mini-seq_bn-1a2b3c4d
    """
    context.obj = home
    if context.invoked_subcommand is None:
        _list(home, as_json)


@runs.command()
@click.argument("run")
@common
@click.pass_obj
def show(outer_home: Path | None, run: str, home: Path | None, as_json: bool) -> None:
    """All that is known of a run.

    Example: xtk runs show snli-mini-seq_bn-1a2b3c4d
    """
    from dataclasses import asdict

    from xtk.runs.store import find_any

    found = find_any(settings_of(home or outer_home).home, run)
    everything: dict[str, Any] = {
        "run": found.name,
        "path": str(found.path),
        "status": found.status,
        "identity": asdict(found.identity),
        "details": found.details,
        "result": found.result,
    }
    if as_json:
        print_json(everything)
        return
    parts = ("identity", "details", "result")
    rows = [(key, everything[key]) for key in ("run", "path", "status")]
    rows += [(key, value) for part in parts for key, value in everything[part].items()]
    print_table(("", ""), rows)


@runs.command()
@click.argument("run", nargs=-1, required=True)
@common
@click.pass_obj
def rm(outer_home: Path | None, run: tuple[str, ...], home: Path | None, as_json: bool) -> None:
    """Remove runs, finished or not.

    Example: xtk runs rm snli-mini-seq_bn-1a2b3c4d
    """
    from xtk.core.errors import unknown
    from xtk.runs.store import all_runs, remove

    paths = {path.name: path for path in all_runs(settings_of(home or outer_home).home)}
    for name in run:
        if name not in paths:
            raise unknown("run", name, paths)
    for name in run:
        remove(paths[name])
    if as_json:
        print_json({"removed": list(run)})


@runs.command()
@common
@click.pass_obj
def gc(outer_home: Path | None, home: Path | None, as_json: bool) -> None:
    """Remove what failed or was abandoned; running trainings are left alone.

    Example: xtk runs gc
    """
    from xtk.runs.store import collect_garbage

    removed = collect_garbage(settings_of(home or outer_home).home)
    if as_json:
        print_json({"removed": removed})
    else:
        click.echo("\n".join(removed) or "Nothing to remove.")


def _list(home: Path | None, as_json: bool) -> None:
    from xtk.runs.store import all_runs, open_run

    rows = []
    for path in all_runs(settings_of(home).home):
        try:
            run = open_run(path)
        except XtkError as error:
            rows.append({"run": path.name, "status": f"unreadable: {error}", "dev": None})
            continue
        collapsed = " collapsed" if run.result.get("collapsed") else ""
        rows.append(
            {"run": run.name, "status": run.status + collapsed, "dev": run.result.get("dev")}
        )
    if as_json:
        print_json(rows)
        return
    shown = [(r["run"], r["status"], "" if r["dev"] is None else f"{r['dev']:.1f}") for r in rows]
    print_table(("run", "status", "dev"), shown)
