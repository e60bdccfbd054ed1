"""What several commands have in common."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from xtk.core.progress import Reporter
    from xtk.core.settings import Settings


def common(command: Callable[..., Any]) -> Callable[..., Any]:
    """--home, --json and --debug."""
    for option in (
        click.option("--debug", is_flag=True, expose_value=False, help="Show tracebacks."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else."),
        click.option(
            "--home", type=click.Path(path_type=Path), help="Where runs are kept [XTK_HOME]."
        ),
    ):
        command = option(command)
    return command


def settings_of(home: Path | None) -> "Settings":
    from xtk.core.settings import Settings

    return Settings.of(home=home)


def reporter() -> "Reporter":
    """Progress for people, on stderr."""
    from rich.console import Console

    from xtk.core.progress import OnTerminal

    return OnTerminal(Console(stderr=True))


def words(text: str | None) -> tuple[str, ...]:
    """The parts of "de,fr, sw"."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))


def print_table(header: Iterable[str], rows: Iterable[Iterable[Any]]) -> None:
    """Columns as wide as they need to be: numbers to the right, whole lines in a pipe."""
    from rich.cells import cell_len

    lines = [[str(cell) for cell in row] for row in (header, *rows)]
    widths = [max(cell_len(cell) for cell in column) for column in zip(*lines, strict=True)]
    numeric = [
        all(cell[:1] in "-+0123456789" for cell in column[1:])
        for column in zip(*lines, strict=True)
    ]
    for line in lines:
        cells = []
        for cell, width, right in zip(line, widths, numeric, strict=True):
            pad = " " * (width - cell_len(cell))
            cells.append(pad + cell if right else cell + pad)
        click.echo("  ".join(cells).rstrip())
