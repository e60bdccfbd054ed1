"""The commands of README and the docs can be typed: every verb and flag is there."""

import re
import shlex
from pathlib import Path

import click
import pytest

from xtk.cli.main import xtk

ROOT = Path(__file__).parents[1]
LINES = [
    line.replace("\\\n", " ")
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
    for block in re.findall(r"^```sh\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    for line in re.findall(r"(?:^|\| )xtk (?:.*\\\n)*.*", block, re.MULTILINE)
]


def test_the_readme_has_commands():
    assert len(LINES) > 5


@pytest.mark.parametrize("line", LINES)
def test_a_command_can_be_typed(line, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for folder in ("submission", "labels"):  # those that must be there
        (tmp_path / folder).mkdir()
    words = shlex.split(line.removeprefix("| "), comments=True)[1:]
    command: click.Command = xtk
    while isinstance(command, click.Group) and words and words[0] in command.commands:
        command = command.commands[words.pop(0)]
    assert not isinstance(command, click.Group) or not words
    command.make_context(command.name, words)
