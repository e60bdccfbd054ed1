"""docs/adding_a_task.md shows what is really there, and what it shows can be used."""

import re
from pathlib import Path

from xtk.tasks.own import parse_task

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/adding_a_task.md").read_text(encoding="utf-8")
PACKAGE, OWN = PAGE.split("\n## A task of your own\n")


def shown(text: str) -> dict[str, str]:
    """The blocks of files, by their names."""
    return dict(
        re.findall(r"^`(\S+?)`[^\n]*:\n\n```\w+\n(.*?)\n```", text, re.DOTALL | re.MULTILINE)
    )


def test_the_page_shows_the_code_of_the_repository():
    blocks = shown(PACKAGE)
    assert [Path(name).suffix for name in blocks] == [".py", ".csv"]
    for name, block in blocks.items():
        assert block in (ROOT / name).read_text(encoding="utf-8"), name
    lines = [line for block in blocks.values() for line in block.splitlines() if line]
    assert len(lines) <= 40


def test_the_page_shows_the_whole_example_of_a_task_of_ones_own():
    blocks = shown(OWN)
    folder = ROOT / "tests/tasks/own/toxicity"
    assert {ROOT / name for name in blocks} == set(folder.iterdir())
    for name, block in blocks.items():
        assert f"{block}\n" == (ROOT / name).read_text(encoding="utf-8"), name


def test_every_declaration_on_the_page_can_be_read():
    texts = re.findall(r"```yaml\n(.*?)```", OWN, re.DOTALL)
    names = [parse_task(text, Path("page.yaml")).name for text in texts]
    assert names == ["toxicity", "my_names", "my_questions", "my_pairs"]
