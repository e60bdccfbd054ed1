"""What a long command says while it works."""

import time
from collections.abc import Mapping
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

_PLAIN_EVERY = 30.0  # seconds between two lines where there is no terminal


class Reporter(Protocol):
    """Where workflows say what they do; results never go this way."""

    def note(self, text: str) -> None:
        """One sentence."""

    def training(self, record: Mapping[str, Any]) -> None:
        """Where training stands: step, steps, epoch, seconds, and loss or dev."""

    def idle(self) -> None:
        """Training is over or was broken off."""


class Silent:
    """Says nothing: for Python callers and tests."""

    def note(self, text: str) -> None:
        pass

    def training(self, record: Mapping[str, Any]) -> None:
        pass

    def idle(self) -> None:
        pass


class OnTerminal:
    """A bar on a terminal, plain lines elsewhere, all on stderr."""

    def __init__(self, console: Console) -> None:
        self.console = console
        self.bar: Progress | None = None
        self.last = 0.0

    def note(self, text: str) -> None:
        self.console.print(text, highlight=False, markup=False, soft_wrap=True)

    def training(self, record: Mapping[str, Any]) -> None:
        if self.console.is_terminal:
            self._move_bar(record)
        if "dev" in record:
            self.note(
                f"  epoch {record['epoch']}: dev {record['dev']:.1f} after "
                f"{record['seconds']:.0f} s ({record['tokens_per_second']:,.0f} tokens/s)"
            )
        elif not self.console.is_terminal and time.monotonic() - self.last > _PLAIN_EVERY:
            self.last = time.monotonic()
            self.note(f"  step {record['step']} of {record['steps']}, {_left(record)} left")

    def idle(self) -> None:
        if self.bar is not None:
            self.bar.stop()
            self.bar = None

    def _move_bar(self, record: Mapping[str, Any]) -> None:
        if self.bar is None:
            columns = (
                TextColumn("  {task.description}"),
                BarColumn(),
                TextColumn("{task.completed}/{task.total}"),
                TimeRemainingColumn(),
            )
            self.bar = Progress(*columns, console=self.console, transient=True)
            self.bar.add_task("training", total=record["steps"])
            self.bar.start()
        (task,) = self.bar.task_ids
        self.bar.update(task, completed=record["step"], total=record["steps"])


def _left(record: Mapping[str, Any]) -> str:
    """The time to the end at the speed so far."""
    seconds = record["seconds"] / max(1, record["step"]) * (record["steps"] - record["step"])
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"
