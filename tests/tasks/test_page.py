"""docs/adding_a_task.md shows what is really there, in at most 40 lines."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_page_shows_the_code_of_the_repository():
    page = (ROOT / "docs/adding_a_task.md").read_text(encoding="utf-8")
    blocks = dict(
        re.findall(r"^`(\S+?)`[^\n]*:\n\n```\w+\n(.*?)\n```", page, re.DOTALL | re.MULTILINE)
    )
    assert [Path(name).suffix for name in blocks] == [".py", ".csv"]
    for name, block in blocks.items():
        assert block in (ROOT / name).read_text(encoding="utf-8"), name
    lines = [line for block in blocks.values() for line in block.splitlines() if line]
    assert len(lines) <= 40
