"""What xtk reports of a run is what `xtk score` reports of its exported folder."""

import json
from dataclasses import replace

import pytest
from test_official import finished

from xtk.core.errors import UsageError, XtkError
from xtk.core.settings import Settings
from xtk.data.sources import SAMPLES, Rows, first
from xtk.scoring.cells import Place
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.tasks.catalogue import find
from xtk.tasks.reading import read_split
from xtk.workflows.export import export
from xtk.workflows.gold import gold_of
from xtk.workflows.official import score as score_official
from xtk.workflows.retrieve import pooled
from xtk.workflows.scores import score


@pytest.fixture
def settings(tmp_path) -> Settings:
    return replace(Settings.of(home=tmp_path / "home"), data_roots=())


def predicted(settings, name: str, rows: dict[str, Rows], predict) -> str:
    """A finished run that has predicted and scored these rows."""
    run = finished(settings.home, 0, {})
    task = find(name)
    for lang, one in rows.items():
        gold = gold_of(task, one)
        place = Place(name, lang, "test", one.source, one.sha256)
        folder = settings.home / "runs" / run
        score(folder, task, place, gold, predict(gold), task.label_names)
    return run


def read(name: str, *languages: str) -> dict[str, Rows]:
    return {
        lang: read_split(find(name), "test", lang, source="sample", roots=(SAMPLES,))
        for lang in languages
    }


def every_third_wrong(gold):
    return tuple(1 - one if number % 3 == 0 else one for number, one in enumerate(gold))


def cells_and_scores(settings, run, name, tmp_path):
    """Values by language and metric, as the run has them and as its exported folder gives them."""
    out, labels = tmp_path / "out", tmp_path / "labels"
    export([run], out, labels=labels, settings=settings)
    scored = score_official("xtreme-r", out, labels, allow_missing=True)
    assert not scored.failed
    fields = scored.as_json()["tasks"][name]
    cells = json.loads((settings.home / "runs" / run / "cells.json").read_text())
    return [(cell["value"], fields[cell["metric"]]["languages"][cell["lang"]]) for cell in cells]


@pytest.mark.parametrize("limit", [None, 20])
def test_a_run_is_scored_again_from_its_folder(settings, tmp_path, limit):
    rows = {lang: first(one, limit) for lang, one in read("xcopa", "et", "th").items()}
    run = predicted(settings, "xcopa", rows, every_third_wrong)
    pairs = cells_and_scores(settings, run, "xcopa", tmp_path)
    assert len(pairs) == 4
    for cell, scored in pairs:
        assert 60 < scored < 70
        assert cell == pytest.approx(scored, abs=5e-5)  # cells are kept with four decimals


def test_targets_in_all_languages_are_labels_too(settings, tmp_path):
    task = find("lareqa")
    rows = pooled(read("lareqa", *task.languages["xtreme-r"]))
    run = predicted(
        settings,
        "lareqa",
        {"de": rows["de"]},
        lambda gold: {name: tuple(sorted(several))[:3] for name, several in gold.items()},
    )
    assert task.scheme is MULTI_RANKINGS
    pairs = cells_and_scores(settings, run, "lareqa", tmp_path)
    assert pairs
    for cell, scored in pairs:
        assert scored == pytest.approx(100 * 3 / 11)
        assert cell == pytest.approx(scored, abs=5e-5)


def test_labels_of_other_rows_are_refused(settings, tmp_path):
    rows = read("xcopa", "et")
    other = {"et": replace(rows["et"], sha256="0" * 64)}
    run = predicted(settings, "xcopa", other, every_third_wrong)
    with pytest.raises(XtkError, match=r"xcopa test et .* are not those that were predicted"):
        export([run], tmp_path / "out", labels=tmp_path / "labels", settings=settings)
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "labels").exists()
    cells = settings.home / "runs" / run / "cells.json"
    cells.write_text("[]")
    with pytest.raises(XtkError, match="without a score in et"):
        export([run], tmp_path / "out", labels=tmp_path / "labels", settings=settings)


def test_labels_have_a_folder_of_their_own(settings, tmp_path):
    with pytest.raises(UsageError, match="another folder for the labels"):
        export(["any"], tmp_path / "out", labels=tmp_path / "out", settings=settings)
