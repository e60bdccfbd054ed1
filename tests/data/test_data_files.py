import bz2
import gzip
import lzma
import zipfile
from pathlib import Path

import pytest

from xtk.core.errors import XtkError
from xtk.data.files import DataFile, decoded, find, json_of, named
from xtk.data.rows import RowError

TEXT = "one\r\ntwo\u2028still two\nthree\u0085\x1d"
LINES = [(1, b"one"), (2, "two\u2028still two".encode()), (3, "three\u0085\x1d".encode())]


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("ending", "pack"),
    [("", bytes), (".gz", gzip.compress), (".xz", lzma.compress), (".bz2", bz2.compress)],
)
def test_only_a_line_feed_ends_a_line_compressed_or_not(tmp_path: Path, ending, pack):
    write(tmp_path / f"a/rows.jsonl{ending}", pack(TEXT.encode()))
    file = find(tmp_path, "a/rows.jsonl")
    assert file is not None
    assert list(file.lines()) == LINES
    assert (file.plain_name, file.suffix) == ("rows.jsonl", ".jsonl")


@pytest.mark.parametrize("archive", ["set.zip", "set/set_1.0.zip"])
@pytest.mark.parametrize("member", ["set_1.0/rows.tsv", "rows.tsv", "set/set_1.0/rows.tsv"])
def test_a_zip_stands_for_the_folder_of_its_name(tmp_path: Path, archive, member):
    (tmp_path / "set").mkdir()
    with zipfile.ZipFile(tmp_path / archive, "w") as made:
        made.writestr(member, TEXT)
        made.writestr(str(Path(member).with_name("rows-labels.lst")), "1\n2\n3")
    file = find(tmp_path, "set/set_1.0/rows.tsv")
    fits = {
        "set.zip": ["set_1.0/rows.tsv", "set/set_1.0/rows.tsv"],
        "set/set_1.0.zip": ["set_1.0/rows.tsv", "rows.tsv"],
    }
    if member not in fits[archive]:
        assert file is None
        return
    assert file is not None
    assert list(file.lines()) == LINES
    beside = file.beside("rows-labels.lst")
    assert beside is not None and beside.read() == b"1\n2\n3"
    assert named(tmp_path / archive / member) == file


def test_a_zip_of_one_file_can_be_named_alone(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as made:
        made.writestr("rows.tsv", TEXT)
    assert named(tmp_path / "one.zip") == DataFile(tmp_path / "one.zip", "rows.tsv")
    with zipfile.ZipFile(tmp_path / "one.zip", "a") as made:
        made.writestr("more.tsv", TEXT)
    with pytest.raises(XtkError, match=r"holds rows.tsv, more.tsv; name one file as one.zip/FILE"):
        named(tmp_path / "one.zip")


def test_files_that_cannot_be_read_are_one_sentence(tmp_path: Path):
    write(tmp_path / "cut.jsonl.gz", gzip.compress(b"x" * 999)[:-9])
    write(tmp_path / "cut.jsonl.xz", lzma.compress(b"x" * 999)[:-9])
    write(tmp_path / "not.jsonl.gz", b"{}")
    write(tmp_path / "not.zip", b"PK")
    (tmp_path / "folder.jsonl").mkdir()
    for name, message in (
        ("cut.jsonl.gz", "is damaged"),
        ("cut.jsonl.xz", "is damaged"),
        ("not.jsonl.gz", "Cannot read .*Not a gzipped file"),
        ("folder.jsonl", "is a folder; a file belongs there"),
    ):
        with pytest.raises(XtkError, match=rf"{name}.*|.*{message}") as caught:
            list(DataFile(tmp_path / name).lines())
        assert name in str(caught.value)
    with pytest.raises(XtkError, match=r"not\.zip is damaged"):
        find(tmp_path, "not/rows.jsonl")
    with pytest.raises(XtkError, match=r"There is no file .*nowhere\.tsv"):
        named(tmp_path / "nowhere.tsv")


def test_a_nul_byte_is_damage(tmp_path):
    """What a full disk or a torn copy leaves; it would be a letter of some text."""
    file = DataFile(tmp_path / "dev-de.tsv")
    with pytest.raises(RowError, match=r"dev-de\.tsv, line 3: expected text, found a NUL byte at"):
        decoded(file, 3, b"a\0b")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'{"data":\n [1, ', "line 2: expected JSON, found"),
        (b'{"data":\n "\xff"}', "line 2: expected text in UTF-8, found byte 0xff"),
        (b"", "line 1: expected JSON"),
        (b"[" * 100_000, "expected JSON"),
    ],
)
def test_json_that_is_none_is_told_with_its_line(tmp_path, content, words):
    path = tmp_path / "th.json"
    path.write_bytes(content)
    with pytest.raises(XtkError, match=f"th.json.*{words}"):
        json_of(DataFile(path))
