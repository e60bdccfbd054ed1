"""The benchmarks as the catalogue has them, and the submission folder made from runs."""

from pathlib import Path

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.core.settings import Settings
from xtk.runs import store
from xtk.runs.identity import Identity
from xtk.tasks.catalogue import find
from xtk.workflows.export import export
from xtk.workflows.official import benchmark_of, score


@pytest.mark.parametrize(("name", "tasks"), [("xtreme", 9), ("xtreme-r", 10)])
def test_every_task_of_a_benchmark_can_be_scored(name, tasks):
    benchmark = benchmark_of(name)
    assert len(benchmark.entries) == tasks
    grouped = {task for group in benchmark.groups.values() for task in group}
    assert grouped == {entry.name for entry in benchmark.entries}
    for entry in benchmark.entries:
        assert entry.languages
        assert entry.headline
        assert set(entry.headline) <= set(entry.scheme.metrics)


def test_an_unknown_benchmark_and_a_folder_that_is_none(tmp_path):
    with pytest.raises(UsageError, match="did you mean 'xtreme'"):
        benchmark_of("xtrem")
    with pytest.raises(UsageError, match="is no folder"):
        score("xtreme", tmp_path, tmp_path / "gone")


def finished(home: Path, seed: int, files: dict[str, str]) -> str:
    """A finished run that has predicted; the training is not of interest here."""
    identity = Identity(
        method="adapter",
        task="panx",
        declaration_sha256=None,
        backbone="mini",
        backbone_fingerprint="f" * 64,
        pooling="mean",
        adapter="seq_bn",
        intermediate=None,
        intermediate_sha256=None,
        hyperparameters={},
        mixing={},
        precision="auto",
        seed=seed,
        train_rows=1,
        train_sha256="a" * 64,
        dev_rows=1,
        dev_sha256="b" * 64,
    )
    with store.claimed(
        home, identity, force=False, details={"declarations": {}, "heads": {}}
    ) as folder:
        for name, text in files.items():
            path = folder / "predictions" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        store.set_status(folder, store.FINISHED, {})
    return identity.name()


PANX = {
    "panx/test-de.tsv": "O\nB-PER\n",
    "panx/test-th.tsv": "O\n",
    "panx/validation-en.tsv": "I-PER\n",
}


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings.of(home=tmp_path / "home")


def test_an_export_is_an_official_folder(settings, tmp_path):
    runs = [
        finished(settings.home, 0, PANX),
        finished(settings.home, 1, {"tatoeba/test-de.tsv": "0\n1\n"}),
    ]
    out = tmp_path / "out"
    exported = export(runs, out, settings=settings)
    written = {str(p.relative_to(out)): p.read_text() for p in out.rglob("*.*")}
    expected = {name: text for name, text in PANX.items() if "test" in name}
    assert written == expected | {"tatoeba/test-de.tsv": "0\n1\n"}
    assert {task: set(langs) for task, langs in exported.languages.items()} == {
        "panx": {"de", "th"},
        "tatoeba": {"de"},
    }
    wanted = set(find("panx").languages["xtreme-r"]) - {"de", "th"}
    assert set(exported.missing["xtreme-r"]["panx"]) == wanted


def test_the_other_direction_goes_along_where_it_is_of_the_same_rows(settings, tmp_path):
    files = {
        "tatoeba/test-de.tsv": "0\n1\n",
        "tatoeba/test-de.to-en.tsv": "1\n0\n",
        "tatoeba/test-fr.tsv": "0\n",  # predicted anew with fewer rows
        "tatoeba/test-fr.to-en.tsv": "1\n0\n",
    }
    export([finished(settings.home, 0, files)], tmp_path / "out", settings=settings)
    written = {path.name for path in (tmp_path / "out/tatoeba").iterdir()}
    assert written == {"test-de.tsv", "test-de.to-en.tsv", "test-fr.tsv"}


def test_another_split_gets_the_official_names_when_asked(settings, tmp_path):
    run = finished(settings.home, 0, PANX)
    export([run], tmp_path / "out", split="validation", settings=settings)
    assert (tmp_path / "out/panx/test-en.tsv").read_text() == "I-PER\n"
    assert len(list((tmp_path / "out").rglob("*.tsv"))) == 1
    with pytest.raises(XtkError, match="No predictions of the train split"):
        export([run], tmp_path / "other", split="train", settings=settings)
    assert not (tmp_path / "other").exists()


def test_two_runs_of_one_task_cannot_be_submitted_together(settings, tmp_path):
    runs = [finished(settings.home, seed, PANX) for seed in (0, 1)]
    with pytest.raises(UsageError, match="both have test predictions of panx"):
        export(runs, tmp_path / "out", settings=settings)


def test_a_damaged_file_and_a_full_folder_are_refused(settings, tmp_path):
    run = finished(settings.home, 0, {"panx/test-de.tsv": "O\nB-per\n"})
    with pytest.raises(XtkError, match=r"test-de.tsv line 2: .*another case"):
        export([run], tmp_path / "out", settings=settings)
    assert not (tmp_path / "out").exists()
    with pytest.raises(UsageError, match="not empty"):
        export([run], settings.home, settings=settings)
