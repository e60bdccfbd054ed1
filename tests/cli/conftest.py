import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from xtk.cli.main import main


@dataclass(frozen=True)
class Said:
    code: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("XTK_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XTK_DATA", "")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    return tmp_path / "home"


@pytest.fixture
def xtk(monkeypatch, capsys) -> Callable[..., Said]:
    """The command as it is typed, in this process."""

    def run(*words: str | Path) -> Said:
        monkeypatch.setattr(sys, "argv", ["xtk", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run
