"""train-adapter, stack, finetune."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from xtk.cli.common import common, print_json, print_table, reporter, settings_of, words

if TYPE_CHECKING:
    from xtk.runs.store import Run
    from xtk.workflows.recipe import Options

_FILE = click.Path(path_type=Path)
_FLAGS = (
    click.option("--source", default="auto", help="auto, hub, local or sample."),
    click.option("--train-file", multiple=True, metavar="[LANG=]FILE",
                 help="Own training rows, of a language; repeatable."),
    click.option("--dev-file", multiple=True, type=_FILE, help="Own dev rows; repeatable."),
    click.option("--limit", type=click.IntRange(min=1), help="The first N training rows."),
    click.option("--dev-limit", type=click.IntRange(min=1), help="The first N dev rows."),
    click.option("--skip-bad-rows", default=0, type=click.IntRange(min=0), metavar="N",
                 help="Leave out up to N rows that cannot be read."),
    click.option("--sampling", default="proportional",
                 type=click.Choice(["proportional", "uniform", "temperature", "capped"]),
                 help="How often each of several tasks or languages is drawn."),
    click.option("--temperature", default=2.0, type=click.FloatRange(min=0, min_open=True),
                 help="n examples weigh n ** (1 / temperature)."),
    click.option("--cap", default=16_384, type=click.IntRange(min=1),
                 help="n examples weigh min(n, cap)."),
    click.option("--mlm", metavar="FILE|HUB-ID@COMMIT",
                 help="Learn masked words of this text beside the task."),
    click.option("--mlm-ratio", default=0.2, type=float, help="Of all steps."),
    click.option("--seed", default=0, type=click.IntRange(min=0)),
    click.option("--seeds", metavar="0,1,2", help="Several runs, one a seed."),
    click.option("--epochs", type=int),
    click.option("--learning-rate", type=float),
    click.option("--batch-size", type=int, help="Examples a step, on average."),
    click.option("--warmup", type=float, help="Fraction of all steps."),
    click.option("--weight-decay", type=float),
    click.option("--patience", type=int, help="Epochs without a better dev score; 0: all epochs."),
    click.option("--dropout", type=float, help="Of the encoder."),
    click.option("--max-length", type=int, help="Tokens of a sequence."),
    click.option("--pooling", type=click.Choice(["first", "mean"])),
    click.option("--precision", type=click.Choice(["auto", "bf16", "fp32"]), default="auto"),
    click.option("--force", is_flag=True, help="Train anew what is finished."),
)  # fmt: skip


def training(command: Callable[..., Any]) -> Callable[..., Any]:
    """The flags of every training."""
    for flag in reversed(_FLAGS):
        command = flag(command)
    return common(command)


@click.command("train-adapter")
@click.option("--task", required=True, help="A task, several as a,b,c, 'all', or my_task.yaml.")
@click.option("--size", default="mini", help="mini, base, large, a Hub id or a folder.")
@click.option("--adapter", default="seq_bn", help="As seq_bn[reduction_factor=4].")
@training
def train_adapter(task: str, size: str, adapter: str, **flags: Any) -> None:
    """Train an adapter for a task on a frozen backbone.

    Example: xtk train-adapter --task snli --size mini --epochs 2
    """
    from xtk.workflows.train import train_adapter as function

    _train(lambda rest: function(task, size=size, adapter=adapter, **rest), flags)


@click.command()
@click.option("--intermediate", required=True, help="A finished adapter run: 'xtk runs'.")
@click.option("--target", required=True, help="The task to train above it.")
@click.option("--adapter", default="seq_bn", help="As seq_bn[reduction_factor=4].")
@training
def stack(intermediate: str, target: str, adapter: str, **flags: Any) -> None:
    """Train a target adapter above a frozen intermediate one.

    Example: xtk stack --intermediate snli-mini-seq_bn-1a2b3c4d --target xqnli
    """
    from xtk.workflows.train import stack as function

    _train(lambda rest: function(intermediate, target, adapter=adapter, **rest), flags)


@click.command()
@click.option("--task", required=True, help="A task, several as a,b,c, 'all', or my_task.yaml.")
@click.option("--size", help="mini (default), base, large, a Hub id or a folder.")
@click.option("--intermediate", help="A finished 'finetune' run to start from.")
@training
def finetune(task: str, size: str | None, intermediate: str | None, **flags: Any) -> None:
    """Train every weight: alone, or after an intermediate task.

    Example: xtk finetune --task xqnli --size mini
    """
    from xtk.workflows.train import finetune as function

    _train(lambda rest: function(task, size=size, intermediate=intermediate, **rest), flags)


def _train(call: Callable[[dict[str, Any]], "Run"], flags: dict[str, Any]) -> None:
    """One run a seed; each is printed when it is finished."""
    settings, as_json = settings_of(flags.pop("home")), flags.pop("as_json")
    seeds = _seeds(flags.pop("seeds"), flags.pop("seed"))
    options, report = _options(flags), reporter()
    runs = []
    for seed in seeds:
        rest = {"options": replace(options, seed=seed), "settings": settings, "report": report}
        runs.append(call(rest))
        if as_json:
            print_json(contract(runs[-1]))
    if not as_json:
        header = ("run", "dev", "interval", "n", "trainable", "tokens/s", "seconds")
        print_table(header, [_row(run) for run in runs])
        report.note(f"Next: xtk evaluate {' '.join(run.name for run in runs)}")


def contract(run: "Run") -> dict[str, Any]:
    """The fields of --json; `dev` is in percent."""
    fields = ("dev", "trainable_parameters", "tokens_per_second", "seconds", "collapsed")
    return {"run": run.name, "path": str(run.path), "status": run.status} | {
        name: run.result[name] for name in fields
    }


def _row(run: "Run") -> tuple[str, ...]:
    result = run.result
    return (
        run.name,
        f"{result['dev']:.1f}{' collapsed' if result['collapsed'] else ''}",
        "{:.1f}..{:.1f}".format(*result["interval"]) if result["interval"] else "",
        str(result["n"]),
        str(result["trainable_parameters"]),
        f"{result['tokens_per_second']:.0f}",
        f"{result['seconds']:.0f}",
    )


def _options(flags: dict[str, Any]) -> "Options":
    from xtk.workflows.recipe import Options

    train_files, dev_files = flags.pop("train_file"), flags.pop("dev_file")
    named = tuple(_train_file(text) for text in train_files)
    return Options(train_files=named, dev_files=dev_files, **flags)


def _train_file(text: str) -> tuple[str | None, Path]:
    """`de=rows.jsonl`, or a path alone; one with "=" in its name is written as ./a=b."""
    lang, sign, path = text.partition("=")
    if sign and lang.isalpha() and lang.islower():
        return lang, Path(path)
    return None, Path(text)


def _seeds(several: str | None, one: int) -> list[int]:
    if several is None:
        return [one]
    if not words(several) or not all(word.isdecimal() for word in words(several)):
        raise click.BadParameter(f"'{several}': expected numbers, as 0,1,2.", param_hint="--seeds")
    return [int(word) for word in dict.fromkeys(words(several))]
