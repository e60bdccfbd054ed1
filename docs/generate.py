"""Write docs/tasks.md and docs/commands.md from the declarations; --check only compares."""

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from xtk.cli.main import xtk
from xtk.tasks.catalogue import TASKS, described

HERE = Path(__file__).parent
NOTE = "<!-- written by docs/generate.py; change the declarations instead -->\n"


def tasks_page() -> str:
    """One table, a row a task, and what each cites."""
    header = ("name", "data set", "kind", "roles", "languages", "sources", "licence")
    lines = ["# Tasks", "", NOTE, _row(header), _row("---" for _ in header)]
    for task in TASKS:
        row = described(task)
        cells = (task.title, row["kind"], *(", ".join(row[k]) for k in ("roles", "languages")))
        lines.append(_row((f"`{task.name}`", *cells, ", ".join(row["sources"]), task.licence)))
    lines += ["", "## Where they come from", ""]
    lines += [f"- `{task.name}`: {task.citation}. <{task.homepage}>" for task in TASKS]
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """The help of every command, as it is printed."""
    parts = ["# Commands", "", NOTE]
    for context in _contexts(click.Context(xtk, info_name="xtk", max_content_width=100)):
        parts += [f"## {context.command_path}", "", "```", context.get_help(), "```", ""]
    return "\n".join(parts)


def _contexts(context: click.Context) -> Iterator[click.Context]:
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            command = context.command.get_command(context, name)
            if command is not None:
                yield from _contexts(
                    click.Context(command, parent=context, info_name=name, max_content_width=100)
                )


def _row(cells: Iterator[str] | tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> int:
    """0 where the pages are in step or were written, 1 where --check found a difference."""
    pages = {HERE / "tasks.md": tasks_page(), HERE / "commands.md": commands_page()}
    stale = [
        path
        for path, text in pages.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    if "--check" not in sys.argv:
        for path in stale:
            path.write_text(pages[path], encoding="utf-8")
        return 0
    for path in stale:
        sys.stderr.write(f"{path.name} is out of step; run docs/generate.py\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
