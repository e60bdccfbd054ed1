import logging
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from support import couples, spans, tagged, texts
from xtk.core.errors import XtkError
from xtk.data.encoded import EncodedKey, encoded_once
from xtk.kinds.encoded import Encoded, flatten

KEY = EncodedKey(data_sha256="d", backbone="b", kind="multiple choice", max_length=128)


def made() -> Encoded:
    return flatten([[0, 5, 2], [0, 2], [0, 7, 8, 2]], [2, 1], [1, 0], cut=1)


def never() -> Encoded:
    raise AssertionError("it was there already")


def assert_same(one: Encoded, other: Encoded) -> None:
    for name in ("ids", "offsets", "groups", "labels", "places"):
        a, b = getattr(one, name), getattr(other, name)
        assert a.dtype == b.dtype
        assert np.array_equal(a, b)
    assert (one.truncated, one.level) == (other.truncated, other.level)


def test_a_split_is_encoded_once(tmp_path: Path):
    first = encoded_once(tmp_path, KEY, made)
    again = encoded_once(tmp_path, KEY, never)
    assert_same(first, made())
    assert_same(again, made())
    assert isinstance(again.ids, np.memmap)


@pytest.mark.parametrize("rows", [tagged, spans, couples, texts], ids=lambda rows: rows.__name__)
def test_every_shape_of_labels_is_kept(tmp_path: Path, rows):
    assert_same(encoded_once(tmp_path, KEY, lambda: rows(5)), rows(5))
    assert_same(encoded_once(tmp_path, KEY, never), rows(5))


@pytest.mark.parametrize("change", [{"data_sha256": "e"}, {"backbone": "c"}, {"max_length": 64}])
def test_other_data_or_backbone_is_another_entry(tmp_path: Path, change):
    encoded_once(tmp_path, KEY, made)
    other = replace(made(), truncated=9)
    assert encoded_once(tmp_path, replace(KEY, **change), lambda: other).truncated == 9
    assert encoded_once(tmp_path, KEY, never).truncated == 1


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-2])


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("damage", [_cut, _flip, Path.unlink])
@pytest.mark.parametrize("name", ["ids.npy", "labels.npy", "places.npy", "entry.json"])
def test_a_damaged_entry_is_named_and_made_again(tmp_path: Path, caplog, damage, name):
    encoded_once(tmp_path, KEY, made)
    damage(tmp_path / KEY.name() / name)
    with caplog.at_level(logging.WARNING):
        assert_same(encoded_once(tmp_path, KEY, made), made())
    assert f"{KEY.name()} is damaged" in caplog.text
    assert_same(encoded_once(tmp_path, KEY, never), made())


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(XtkError, match="Cannot write"):
        encoded_once(tmp_path / "file" / "below", KEY, made)
