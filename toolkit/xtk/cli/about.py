"""doctor, demo."""

from pathlib import Path

import click

from xtk.cli.common import common, print_json, print_table, reporter, settings_of


@click.command()
@common
def doctor(home: Path | None, as_json: bool) -> None:
    """Say what this machine has, which settings hold and where they come from.

    Example: xtk doctor
    """
    from xtk.workflows.doctor import examine

    facts = examine(settings_of(home))
    if as_json:
        print_json(facts)
    else:
        print_table(("what", "found"), facts.items())


@click.command()
@common
def demo(home: Path | None, as_json: bool) -> None:
    """One real transfer from English to many languages, in a few minutes.

    Example: xtk demo
    """
    from xtk.workflows.demo import demo as function
    from xtk.workflows.demo import described

    result = function(settings=settings_of(home), report=reporter())
    if as_json:
        print_json(result.as_json())
    else:
        click.echo(described(result))
