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
