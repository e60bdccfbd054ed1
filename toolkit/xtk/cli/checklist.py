"""checklist: a diagnostic of question answering."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xtk.cli.common import common, print_json, print_table, reporter, settings_of, words

if TYPE_CHECKING:
    from xtk.workflows.checklist import Outcome


@click.command()
@click.argument("run")
@click.option("--templates", required=True, type=click.Path(path_type=Path), metavar="FILE",
              help="MultiCheckList's checklist_templates.tsv.")  # fmt: skip
@click.option("--languages", help="As de,fr,sw; default: all that the file has.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N",
              help="Cases of each test in each language; default: 200, as officially.")  # fmt: skip
@common
def checklist(
    run: str,
    templates: Path,
    languages: str | None,
    limit: int | None,
    home: Path | None,
    as_json: bool,
) -> None:
    """Failure rates of a run of question answering on MultiCheckList's tests.

    Example: xtk checklist squad-mini-seq_bn-1a2b3c4d --templates checklist_templates.tsv
    """
    from xtk.workflows.checklist import checklist as function

    outcomes = function(
        run,
        templates,
        languages=words(languages),
        limit=limit,
        settings=settings_of(home),
        report=reporter(),
    )
    if as_json:
        print_json(as_object(run, outcomes))
    else:
        print_outcomes(outcomes)


def as_object(run: str, outcomes: "list[Outcome]") -> dict[str, Any]:
    """All outcomes, as --json prints them; rates are in percent."""
    from xtk.workflows.checklist import means

    tests: dict[str, Any] = {
        test: {"mean": rate, "languages": {}} for test, rate in means(outcomes).items()
    }
    for outcome in outcomes:
        tests[outcome.test]["languages"][outcome.lang] = {
            "failure_rate": outcome.failure_rate,
            "failed": outcome.failed,
            "cases": outcome.cases,
        }
    return {"run": run, "tests": tests}


def print_outcomes(outcomes: "list[Outcome]") -> None:
    """Failure rates in percent: a language a line, a test a column, the mean below."""
    from xtk.workflows.checklist import means

    rates = {(o.lang, o.test): o.failure_rate for o in outcomes}
    mean = means(outcomes)
    rows = [
        (lang, *(_shown(rates.get((lang, test))) for test in mean))
        for lang in dict.fromkeys(o.lang for o in outcomes)
    ]
    rows.append(("mean", *(_shown(rate) for rate in mean.values())))
    print_table(("failed %", *mean), rows)
    counts = sorted({o.cases for o in outcomes})
    click.echo(f"{' or '.join(map(str, counts))} cases of each test in each language.")


def _shown(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1f}"
