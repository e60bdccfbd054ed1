import time
from dataclasses import replace
from pathlib import Path

import datasets
import pytest
from datasets.packaged_modules.parquet.parquet import Parquet
from huggingface_hub import HfApi

from xtk.core.errors import XtkError
from xtk.data import hub
from xtk.data.rows import PairColumns, Record
from xtk.data.sources import HubSource

SOURCE = HubSource(
    dataset="owner/Two-Texts",
    config="{lang}",
    revision="0123456789abcdef0123456789abcdef01234567",
    splits={"train": ("train_r1", "train_r2"), "validation": ("dev",)},
    columns=PairColumns("a", "b", "label", ("0", "1")),
    rows={"train": 4, "validation": 3},
)
ROWS = [{"a": "ก", "b": "ข", "label": 0}, {"a": "ค", "b": "ง", "label": 1}]


def test_splits_are_read_one_after_the_other_and_counted(monkeypatch):
    asked = []
    monkeypatch.setattr(hub, "load", lambda source, config, split: asked.append(split) or ROWS)
    items = list(hub.hub_items(SOURCE, "train", "th"))
    assert asked == ["train_r1", "train_r2"]
    name = "owner/Two-Texts:th@0123456"
    assert items[3] == Record(f"{name}/train_r2", "row 2", ROWS[1])
    with pytest.raises(XtkError, match=f"{name} gave 2 rows for validation.*owner published 3"):
        list(hub.hub_items(SOURCE, "validation", "th"))


def test_without_a_network_it_says_so_at_once(monkeypatch, tmp_path: Path):
    def unreachable(*args, **kwargs):
        raise ConnectionError("Failed to resolve 'huggingface.co'\nmore")

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path)
    monkeypatch.setattr(HfApi, "dataset_info", unreachable)
    start = time.monotonic()
    with pytest.raises(XtkError, match=r"Cannot fetch owner/Two-Texts:th at 0123.*--source local"):
        hub.load(SOURCE, "th", "dev")
    assert time.monotonic() - start < 5


def test_the_same_commit_is_read_from_the_cache_without_a_network(monkeypatch, tmp_path: Path):
    def never(*args):
        raise AssertionError("the network was asked")

    _fill_cache(tmp_path)
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setattr(hub, "_fetch", never)
    assert list(hub.load(SOURCE, "th", "dev")) == ROWS
    other = replace(SOURCE, revision="f" * 40)
    with pytest.raises(AssertionError, match="the network was asked"):
        hub.load(other, "th", "dev")


def _fill_cache(folder: Path) -> None:
    """What `load_dataset` leaves behind: owner___name/config/0.0.0/commit."""
    datasets.disable_progress_bars()
    datasets.Dataset.from_list(ROWS).to_parquet(folder / "dev.parquet")
    Parquet(
        cache_dir=str(folder / "built"),
        dataset_name="Two-Texts",
        hash=SOURCE.revision,
        data_files={"dev": [str(folder / "dev.parquet")]},
    ).download_and_prepare()
    built = next((folder / "built").glob("*/*/0.0.0/*/dataset_info.json")).parent
    place = folder / "cache" / "owner___two-texts" / "th" / "0.0.0" / SOURCE.revision
    place.parent.mkdir(parents=True)
    built.rename(place)


def test_a_data_set_without_an_owner_is_refused_before_the_network_is_asked(monkeypatch):
    monkeypatch.setattr(hub, "_fetch", lambda *args: pytest.fail("the network was asked"))
    with pytest.raises(XtkError, match="no 'xnli' without an owner; write it as owner/name"):
        hub.load(replace(SOURCE, dataset="xnli"), "th", "dev")


@pytest.mark.parametrize(
    ("files", "config", "is_refused"),
    [
        (["th/partial-train/0000.parquet"], "th", True),
        (["th/partial-train/0000.parquet"], "de", False),
        (["th/partial-test/0000.parquet", "th/train/0000.parquet"], "th", False),
        (["default/partial-train/0000.parquet"], "default", True),
        (["partial-train/0000.parquet"], "any", True),
        (["train/partial-train.parquet", "data/train.parquet"], "any", False),
    ],
)
def test_a_part_of_a_split_is_refused(monkeypatch, files, config, is_refused):
    class Files:
        siblings = tuple(type("File", (), {"rfilename": file}) for file in files)

    monkeypatch.setattr(HfApi, "dataset_info", lambda *args, **kwargs: Files)
    monkeypatch.setattr(datasets, "load_dataset", lambda *args, **kwargs: ROWS)
    if not is_refused:
        assert list(hub._fetch(SOURCE, config, "train")) == ROWS
        return
    with pytest.raises(XtkError, match=r"holds only a part of train \(.*partial-train"):
        hub._fetch(SOURCE, config, "train")


def test_the_rows_of_a_language_are_picked_by_what_they_begin_with(monkeypatch):
    rows = [{"id": f"{lang}-{i}"} for i, lang in enumerate(("thai", "arabic", "thai"))]
    monkeypatch.setattr(hub, "load", lambda source, config, split: rows)
    mixed = replace(SOURCE, config="all", names={"th": "thai"}, begins={"id": "{name}-"}, rows={})
    items = list(hub.hub_items(mixed, "validation", "th"))
    assert [item.values["id"] for item in items] == ["thai-0", "thai-2"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "(MaxRetryError('HTTPSConnectionPool(host=\\'hub.example\\', port=443): Max retries "
            "exceeded with url: /api (Caused by NameResolutionError(...))'), '(Request ID: 1)')",
            "hub.example does not answer.",
        ),
        ("HTTPSConnectionPool(host='hub.example', port=443): Read timed out.", "hub.example does"),
        ("Couldn't find 'a/b'.\nAnd more.", "Couldn't find 'a/b'."),
        ("x" * 300, "x..."),
    ],
)
def test_what_a_library_says_becomes_one_line(said, words):
    line = hub.first_line(OSError(said))
    assert words in line
    assert len(line) <= 203
