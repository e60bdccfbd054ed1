"""The command `xtk`: its verbs, and what becomes of an error."""

import os
import sys
from importlib.metadata import version

import click

from xtk.cli import about, checklist, data, evaluate, runs, score, train
from xtk.core.errors import XtkError


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(version("xtk-transfer"), prog_name="xtk")
def xtk() -> None:
    """Find out which English intermediate task helps which target task in which language.

    Example: xtk train-adapter --task snli --size mini
    """


for command in (
    *(train.train_adapter, train.stack, train.finetune),
    *(evaluate.evaluate, evaluate.predict, score.score, score.export, checklist.checklist),
    *(runs.runs, data.tasks, data.data, about.doctor, about.demo),
):
    xtk.add_command(command)


def main() -> None:
    """Run a command: 0 done, 1 it could not be done, 2 it was asked wrongly."""
    if "--debug" in sys.argv:
        xtk.main()
    try:
        xtk.main(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except XtkError as error:
        _say(str(error))
        sys.exit(error.exit_code)
    except (KeyboardInterrupt, click.Abort):
        _say("Interrupted; the same command goes on from the last checkpoint.")
        sys.exit(130)
    except BrokenPipeError:  # the reader of our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        _say(f"{error.filename or 'The system'}: {error.strerror or error}.")
        sys.exit(1)
    except Exception as error:  # a traceback on a user's terminal is a bug; so is this line
        _say(f"{type(error).__name__}: {error}. This is a bug; --debug shows where.")
        sys.exit(1)


def _say(message: str) -> None:
    click.echo(f"xtk: {message}", err=True)
