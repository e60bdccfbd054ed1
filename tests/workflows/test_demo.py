"""The demo's story on a tiny backbone; its numbers are those of its own cells."""

from dataclasses import replace

import pytest

from xtk.core.progress import Silent
from xtk.core.settings import Settings
from xtk.scoring.tally import majority_rate
from xtk.workflows import demo
from xtk.workflows.evaluate import On, evaluate


@pytest.fixture
def small(monkeypatch):
    for name in ("FIRST", "SECOND", "WHOLE"):
        few = replace(getattr(demo, name), limit=24, dev_limit=16, epochs=1)
        monkeypatch.setattr(demo, name, few)
    monkeypatch.setattr(demo, "ROWS", 20)


def test_the_demo(small, tiny_folder, tmp_path):
    settings = Settings.of(home=tmp_path, environ={})
    result = demo.demo(settings=settings, report=Silent(), size=str(tiny_folder))
    assert {method: run.identity.method for method, run in result.runs.items()} == {
        demo.ALONE: "adapter", demo.STACKED: "stack", demo.FULL: "finetune"
    }  # fmt: skip
    languages = [cell.lang for cell in result.cells[demo.ALONE]]
    assert len(languages) == 11 and "en" in languages
    for method, cells in result.cells.items():
        abroad = [cell.value for cell in cells if cell.lang != "en"]
        assert result.means[method][0] == pytest.approx(sum(abroad) / len(abroad))
    difference = result.means[demo.STACKED][0] - result.means[demo.ALONE][0]
    assert result.effect[0] == pytest.approx(difference)
    assert result.majority == majority_rate([0, 1]) == 50.0
    text = demo.described(result)
    assert f"{difference:+.1f}" in text
    assert len([line for line in text.splitlines() if line[:2] in languages]) == 11

    # a run of the demo may be evaluated by hand in between, on other rows
    evaluate(result.runs[demo.ALONE].name, On(source="sample", limit=6), settings=settings)
    again = demo.demo(settings=settings, report=Silent(), size=str(tiny_folder))
    assert again == result
