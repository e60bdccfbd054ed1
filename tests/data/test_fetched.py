"""Rows of the Hub in a folder: what is written, and what is said where it is damaged."""

import json
import lzma
import os
import signal
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support import in_a_fork
from xtk.core.errors import XtkError
from xtk.data import fetched
from xtk.data.rows import PairColumns, RowError
from xtk.data.sources import HubSource

SOURCE = HubSource(
    dataset="owner/pairs",
    config="c_{lang}",
    revision="0123456789abcdef0123456789abcdef01234567",
    splits={"train": ("r1", "r2"), "validation": ("dev",)},
    columns=PairColumns("a", "b", "label", ("0", "1")),
    rows={"train": 3},
)
ROWS = [{"a": "ก\u2028", "b": "ข", "label": 0}, {"a": "ค", "b": "ง", "label": 1}]
HOLDER = "hub/owner--pairs/c_th"


def save(folder: Path, *parts: str, rows: list | None = None) -> None:
    for part in parts:
        fetched.save(SOURCE, "c_th", part, ROWS if rows is None else rows, folder)


def values(folder: Path, split: str = "validation", source: HubSource = SOURCE) -> list[dict]:
    layout = fetched.layout(source, split, "th")
    rows = []
    for item in layout.items(layout.find(split, "th", [folder]), split, "th"):
        if isinstance(item, RowError):
            raise item
        rows.append(dict(item.values))
    return rows


def test_rows_are_a_line_each_with_a_manifest_beside_them(tmp_path: Path):
    save(tmp_path, "dev")
    folder = tmp_path / HOLDER
    assert sorted(path.name for path in folder.iterdir()) == ["dev.jsonl", "dev.manifest.json"]
    lines = (folder / "dev.jsonl").read_bytes().split(b"\n")
    assert [json.loads(line) for line in lines[:-1]] == ROWS
    manifest = json.loads((folder / "dev.manifest.json").read_text())
    assert manifest | {"sha256": ""} == {
        "dataset": "owner/pairs", "commit": SOURCE.revision, "config": "c_th", "split": "dev",
        "rows": 2, "sha256": "",
    }  # fmt: skip
    assert values(tmp_path) == ROWS
    assert fetched.is_there(SOURCE, "c_th", "dev", tmp_path)
    assert not fetched.is_there(SOURCE, "c_th", "r1", tmp_path)


def test_the_rows_may_be_compressed_afterwards(tmp_path: Path):
    save(tmp_path, "dev")
    path = tmp_path / HOLDER / "dev.jsonl"
    path.with_name("dev.jsonl.xz").write_bytes(lzma.compress(path.read_bytes()))
    path.unlink()
    assert values(tmp_path) == ROWS and fetched.is_there(SOURCE, "c_th", "dev", tmp_path)
    save(tmp_path, "dev", rows=ROWS[:1])
    assert values(tmp_path) == ROWS[:1]
    assert not path.with_name("dev.jsonl.xz").exists()


def test_all_parts_together_have_the_official_number(tmp_path: Path):
    save(tmp_path, "r1", "r2")
    with pytest.raises(XtkError, match=r"4 rows for train in 'th', and their owner published 3"):
        values(tmp_path, "train")
    save(tmp_path, "r2", rows=ROWS[:1])
    assert values(tmp_path, "train") == [*ROWS, ROWS[0]]


def test_a_split_that_mixes_languages_is_filtered(tmp_path: Path):
    mixed = replace(SOURCE, config="all", names={"th": "thai"}, begins={"a": "{name}-"}, rows={})
    rows = [{"a": f"{name}-{i}"} for i, name in enumerate(("thai", "arabic", "thai"))]
    fetched.save(mixed, "all", "dev", rows, tmp_path)
    assert values(tmp_path, source=mixed) == [rows[0], rows[2]]
    short = replace(mixed, rows={"validation": {"th": 3}})
    with pytest.raises(XtkError, match=r"2 rows for validation in 'th'.*published 3"):
        values(tmp_path, source=short)


def test_rows_that_are_made_of_all_rows(tmp_path: Path):
    turned = replace(SOURCE, arrange=lambda rows, lang: iter(list(rows)[::-1]))
    save(tmp_path, "dev")
    assert values(tmp_path, source=turned) == ROWS[::-1]


def cut(folder: Path) -> None:
    path = folder / "dev.jsonl"
    path.write_bytes(path.read_bytes()[:-5])


def change(folder: Path) -> None:
    path = folder / "dev.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("ค", "ฅ"), encoding="utf-8")


def add(folder: Path) -> None:
    with (folder / "dev.jsonl").open("a") as stream:
        stream.write('{"a": "x"}\n')


def write(text: str):
    return lambda folder: (folder / "dev.manifest.json").write_text(text)


def edit(**values: object):
    def change(folder: Path) -> None:
        path = folder / "dev.manifest.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return change


# what is done to the folder, the file that the error names, and its words
DAMAGE = {
    "cut short": (cut, "dev.jsonl", "line 2: expected a JSON object"),
    "another letter": (change, "dev.jsonl", "has sha256 .* by its manifest"),
    "a row too many": (add, "dev.jsonl", "has 2 rows by its manifest, and 3 was found"),
    "no manifest": (lambda f: (f / "dev.manifest.json").unlink(), "dev.jsonl",
                    r"no dev\.manifest\.json beside it.*xtk data fetch"),
    "an empty manifest": (write(""), "dev.manifest.json", "is no manifest"),
    "a manifest cut short": (write('{"dataset": "ow'), "dev.manifest.json", "is no manifest"),
    "a list for a manifest": (write("[]"), "dev.manifest.json", "is no manifest"),
    "a manifest that lacks a key": (write('{"rows": 1}'), "dev.manifest.json", "expected dataset"),
    "a manifest with text for rows": (edit(rows="2"), "dev.manifest.json", "expected dataset"),
    "another commit": (edit(commit="f" * 40), "dev.jsonl", "is commit 0123.* by now, and ffff"),
    "another data set": (edit(dataset="a/b"), "dev.jsonl", "is dataset owner/pairs by now"),
    "another split": (edit(split="test"), "dev.jsonl", "is split dev by now, and test"),
    "a folder for a file": (
        lambda f: ((f / "dev.jsonl").unlink(), (f / "dev.jsonl").mkdir()), "dev.jsonl", "a folder"),
}  # fmt: skip


@pytest.mark.parametrize("case", DAMAGE)
def test_damage_is_told_and_repaired_by_fetching_again(tmp_path: Path, case):
    damage, name, words = DAMAGE[case]
    save(tmp_path, "dev")
    damage(tmp_path / HOLDER)
    with pytest.raises(XtkError, match=words) as caught:
        values(tmp_path)
    assert str(tmp_path / HOLDER / name) in str(caught.value)
    assert not fetched.is_there(SOURCE, "c_th", "dev", tmp_path)
    if case != "a folder for a file":
        save(tmp_path, "dev")
        assert values(tmp_path) == ROWS


def test_windows_line_ends_are_no_damage(tmp_path: Path):
    save(tmp_path, "dev")
    path = tmp_path / HOLDER / "dev.jsonl"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n"))
    assert values(tmp_path) == ROWS


def interrupted():
    yield ROWS[0]
    raise KeyboardInterrupt


def test_an_interrupted_fetch_leaves_nothing(tmp_path: Path):
    with pytest.raises(KeyboardInterrupt):
        fetched.save(SOURCE, "c_th", "dev", interrupted(), tmp_path)
    assert list((tmp_path / HOLDER).iterdir()) == []
    save(tmp_path, "dev")
    with pytest.raises(KeyboardInterrupt):
        fetched.save(SOURCE, "c_th", "dev", interrupted(), tmp_path)
    assert values(tmp_path) == ROWS


@pytest.mark.parametrize("step", ["rows", "manifest"])
def test_a_killed_fetch_is_made_again(tmp_path: Path, step):
    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def rows():
        yield ROWS[0]
        if step == "rows":
            die()
        yield ROWS[1]

    def work() -> None:
        if step == "manifest":
            fetched.write_json = die
        with fetched.alone(tmp_path):
            fetched.save(SOURCE, "c_th", "dev", rows(), tmp_path)

    assert in_a_fork(work) == -signal.SIGKILL
    assert not fetched.is_there(SOURCE, "c_th", "dev", tmp_path)
    with fetched.alone(tmp_path):
        save(tmp_path, "dev")
    assert values(tmp_path) == ROWS
    assert len(list((tmp_path / HOLDER).iterdir())) == 2


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([{"a": object()}], "Row 1 for .* cannot be JSON"),
        ([ROWS[0], {"a": float("nan")}], "Row 2 for .* cannot be JSON"),
        ([{"a": "\ud800"}], "Row 1 for .* cannot be JSON"),
        ([], "The Hub gave no rows"),
    ],
)
def test_rows_that_cannot_be_written(tmp_path: Path, rows, words):
    with pytest.raises(XtkError, match=words):
        save(tmp_path, "dev", rows=rows)
    assert list((tmp_path / HOLDER).iterdir()) == []


def test_another_number_of_rows_is_not_written(tmp_path: Path):
    with pytest.raises(XtkError, match=r"gave 2 rows .* published 5; nothing was written"):
        fetched.save(SOURCE, "c_th", "dev", ROWS, tmp_path, expected=5)
    assert list((tmp_path / HOLDER).iterdir()) == []


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@settings(derandomize=True, deadline=None)
@given(rows=st.lists(st.dictionaries(st.text(min_size=1, max_size=3), JSON), min_size=1))
def test_any_rows_come_back_as_they_are(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("rows")
    save(folder, "dev", rows=rows)
    assert values(folder) == rows
