"""What is fetched from a Hub, through the real clients in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

import datasets
import pytest

from hub_server import COMMIT, serving

RESOLVE = """
import sys
from pathlib import Path
from xtk.backbones.backbone import resolve
backbone = resolve(sys.argv[1], cache=Path("cache"))
print(backbone.name, backbone.revision, backbone.layers, backbone.fingerprint)
"""
ROWS = """
import sys
from xtk.data.hub import hub_items
from xtk.data.rows import PairColumns
from xtk.data.sources import HubSource
source = HubSource(
    dataset="owner/pairs", config="{lang}", revision=sys.argv[1], splits={"train": ("train",)},
    columns=PairColumns("a", "b", "label", ("0", "1")), rows={"train": 2},
)
print([dict(item.values) for item in hub_items(source, "train", "th")])
"""


def run(code: str, argument: str, endpoint: str, folder: Path) -> subprocess.CompletedProcess:
    environment = {"HF_ENDPOINT": endpoint, "HF_HOME": str(folder / "hf"), "HOME": str(folder)}
    command = [sys.executable, "-W", "ignore", "-c", code, argument]
    return subprocess.run(
        command, env=environment, cwd=folder, capture_output=True, text=True, check=False
    )


def test_a_backbone_by_its_hub_id(tiny_folder: Path, tiny, tmp_path: Path):
    files = {path.name: path.read_bytes() for path in tiny_folder.iterdir()}
    with serving({"models/someone/tiny-xlm-r": files | {"pytorch_model.bin": b"pickle"}}) as hub:
        done = run(RESOLVE, "someone/tiny-xlm-r", hub, tmp_path)
        expected = f"someone/tiny-xlm-r {COMMIT} {tiny.layers} {tiny.fingerprint}\n"
        assert done.stdout == expected, done.stderr
        assert not list(tmp_path.rglob("*.bin"))  # only what is read is fetched
        missing = run(RESOLVE, "someone/nothing", hub, tmp_path)
        assert "The Hub does not give someone/nothing" in missing.stderr
    again = run(RESOLVE, "someone/tiny-xlm-r", hub, tmp_path)  # the server is gone
    assert again.stdout == expected, again.stderr
    other = run(RESOLVE, "someone/other", hub, tmp_path)
    assert "is not on this machine and the Hub cannot be reached" in other.stderr


def test_a_backbone_that_is_crafted_is_refused(tiny_folder: Path, tmp_path: Path):
    files = {path.name: path.read_bytes() for path in tiny_folder.iterdir()}
    config = json.loads(files["config.json"]) | {"auto_map": {"AutoModel": "evil.Model"}}
    with serving(
        {"models/someone/crafted": files | {"config.json": json.dumps(config).encode()}}
    ) as hub:
        done = run(RESOLVE, "someone/crafted", hub, tmp_path)
    assert done.stdout == "" and "auto_map" in done.stderr


@pytest.mark.parametrize("revision", [COMMIT, "f" * 40])
def test_rows_of_a_data_set_at_its_commit(revision, tmp_path: Path):
    rows = [{"a": "ก", "b": "ข", "label": 0}, {"a": "ค", "b": "ง", "label": 1}]
    datasets.Dataset.from_list(rows).to_parquet(tmp_path / "rows.parquet")
    card = "---\nconfigs:\n- config_name: th\n  data_files: th/train.parquet\n---\n"
    files = {
        "README.md": card.encode(),
        "th/train.parquet": (tmp_path / "rows.parquet").read_bytes(),
    }
    with serving({"datasets/owner/pairs": files}) as hub:
        done = run(ROWS, revision, hub, tmp_path)
    if revision != COMMIT:
        assert "The Hub refused owner/pairs:th" in done.stderr
        return
    assert done.stdout == f"{rows}\n", done.stderr
    again = run(ROWS, revision, hub, tmp_path)  # the server is gone: the commit is in the cache
    assert again.stdout == f"{rows}\n", again.stderr
