from dataclasses import replace
from pathlib import Path

import pytest

from xtk.core.errors import XtkError
from xtk.data.formats import Form
from xtk.data.rows import PairColumns, Record, RowError
from xtk.data.sources import (
    LABELLED,
    PLACEHOLDER,
    UNLABELLED,
    LocalSource,
    collect,
    joined,
    labels_or_error,
)

COLUMNS = PairColumns("a", "b", "label", ("0", "1"), unlabelled=("-", ""))
SOURCE = LocalSource(
    folders=("set", ""),
    files={
        "train": ("one-{lang}.tsv", "two-{lang}.tsv"),
        "whole": ("all.tsv",),
        "all": ("all.tsv",),
    },
    columns=COLUMNS,
    form=Form(header=("a", "b", "label")),
    parts={"all": (1, 3)},
)


def rows(*labels: object, skip_bad_rows: int = 0):
    items = [Record("f", i, {"a": "x", "b": str(i), "label": v}) for i, v in enumerate(labels)]
    return collect(items, COLUMNS, source="file", files=("f",), skip_bad_rows=skip_bad_rows)


def test_the_first_place_with_all_files_wins_and_they_are_read_in_order(tmp_path: Path):
    (tmp_path / "one/set").mkdir(parents=True)
    (tmp_path / "one/set/one-th.tsv").write_text("x\ty\t0\n")
    (tmp_path / "two").mkdir()
    (tmp_path / "two/one-th.tsv").write_text("ก\tข\t0\n")
    (tmp_path / "two/two-th.tsv").write_text("ค\tง\t1\n")
    roots = (tmp_path / "one", tmp_path / "two")
    files = SOURCE.find("train", "th", roots)
    assert [f.path.parent.name for f in files] == ["two", "two"]
    firsts = [item.values["a"] for item in SOURCE.items(files, "train", "th")]
    assert firsts == ["ก", "ค"]
    assert SOURCE.find("train", "ar", roots) == ()


def test_a_file_without_a_language_in_its_name_serves_only_its_own():
    assert SOURCE.serves("train", "th")
    assert SOURCE.serves("all", "en")
    assert not SOURCE.serves("all", "th")
    assert not SOURCE.serves("test", "en")


def test_a_split_may_be_a_part_of_a_file(tmp_path: Path):
    (tmp_path / "all.tsv").write_text("".join(f"{i}\tb\t0\n" for i in range(5)))
    items = SOURCE.items(SOURCE.find("all", "en", (tmp_path,)), "all", "en")
    assert [item.values["a"] for item in items] == ["1", "2"]


@pytest.mark.parametrize("content", ["", "\n"])
def test_an_empty_file_is_an_error(tmp_path: Path, content):
    (tmp_path / "all.tsv").write_text(content)
    with pytest.raises(XtkError, match=r"all\.tsv has no rows"):
        list(SOURCE.items(SOURCE.find("whole", "en", (tmp_path,)), "whole", "en"))


@pytest.mark.parametrize("count", [0, 1, 2])
def test_a_file_that_is_cut_short_is_not_a_smaller_part(tmp_path: Path, count):
    (tmp_path / "all.tsv").write_text("a\tb\t0\n" * count)
    with pytest.raises(XtkError, match=r"all\.tsv has fewer rows than the 3 of which all is"):
        list(SOURCE.items(SOURCE.find("all", "en", (tmp_path,)), "all", "en"))


def test_what_is_not_beside_the_other_files_is_named(tmp_path: Path):
    roots = (tmp_path / "one", tmp_path / "two")
    assert SOURCE.absent("train", "th", roots) == ()
    (tmp_path / "two/set").mkdir(parents=True)
    (tmp_path / "two/set/one-th.tsv").write_text("x\ty\t0\n")
    assert SOURCE.absent("train", "th", roots) == (tmp_path / "two/set/two-th.tsv",)
    (tmp_path / "two/set/two-th.tsv").write_text("x\ty\t0\n")
    assert SOURCE.absent("train", "th", roots) == ()


def test_bad_rows_are_skipped_only_as_far_as_allowed():
    with pytest.raises(RowError, match="line 1, column 'label': expected one of 0, 1"):
        rows("0", "2", "1")
    allowed = rows("0", "2", "1", skip_bad_rows=1)
    assert [e.label for e in allowed.examples] == [0, 1]
    assert [error.place for error in allowed.skipped] == [1]
    assert allowed.rows_read == 3
    with pytest.raises(RowError, match="line 3"):
        rows("0", "2", "1", "7", skip_bad_rows=1)
    with pytest.raises(XtkError, match="no row was left"):
        rows("7", skip_bad_rows=5)


def test_rows_without_a_label_are_left_out_of_a_labelled_split_and_counted():
    mixed = rows("0", "-", "1")
    assert (len(mixed.examples), mixed.left_out, mixed.labels) == (2, 1, LABELLED)
    assert mixed.rows_read == 3
    assert labels_or_error(mixed) == [0, 1]


def test_a_split_without_labels_can_be_read_but_not_scored():
    unlabelled = rows("-", "", "-")
    assert (len(unlabelled.examples), unlabelled.labels) == (3, UNLABELLED)
    with pytest.raises(XtkError, match="f: these rows have no labels"):
        labels_or_error(unlabelled)


def test_twenty_rows_of_one_label_are_a_placeholder():
    assert labels_or_error(rows(*["0"] * 19)) == [0] * 19
    placeholder = rows(*["0"] * 20)
    assert placeholder.labels == PLACEHOLDER
    with pytest.raises(XtkError, match="all 20 rows have the label 0, a placeholder"):
        labels_or_error(placeholder)


def test_the_hash_is_of_what_the_rows_say():
    assert rows("0", 1).sha256 == rows(0, "1").sha256
    assert rows("0", "1").sha256 != rows("1", "0").sha256
    both = joined([rows("0", "1"), rows("0", "-", "1")])
    assert both.sha256 == joined([both]).sha256
    assert (len(both.examples), both.left_out, both.files) == (4, 1, ("f", "f"))
    assert joined([rows("0", "1"), rows("-")]).labels == UNLABELLED


def test_where_picks_the_rows_of_a_language(tmp_path: Path):
    (tmp_path / "dev.tsv").write_text("language\ta\tb\tlabel\nth\tก\tข\t0\nar\tب\tت\t1\n")
    source = LocalSource(
        folders=("",), files={"dev": ("dev.tsv",)}, columns=COLUMNS, where={"language": "{lang}"}
    )
    items = source.items(source.find("dev", "ar", (tmp_path,)), "dev", "ar")
    assert [item.values["a"] for item in items] == ["ب"]


def test_a_layout_with_a_root_of_its_own_is_found_there_and_nowhere_else(tmp_path: Path):
    (tmp_path / "own").mkdir()
    (tmp_path / "all.tsv").write_text("x\ty\t0\n" * 3)
    own = replace(SOURCE, root=tmp_path / "own")
    assert own.find("all", "en", (tmp_path,)) == ()
    assert SOURCE.find("all", "en", (tmp_path,)) != ()
    (tmp_path / "own/all.tsv").write_text("x\ty\t0\n" * 3)
    (file,) = own.find("all", "en", ())
    assert file.path == tmp_path / "own/all.tsv"
    elsewhere = replace(SOURCE, folders=(str(tmp_path / "own"),))
    assert elsewhere.find("all", "en", (tmp_path / "none",)) == (file,)


def test_a_layout_may_have_its_own_official_numbers(tmp_path: Path):
    counted = replace(SOURCE, rows={"whole": {"en": 3}, "train": 7})
    numbers = [counted.count(*p) for p in (("whole", "en"), ("whole", "th"), ("train", "th"))]
    assert numbers == [3, None, 7] and counted.count("all", "en") is None
    (tmp_path / "all.tsv").write_text("x\ty\t0\n" * 2)
    files = counted.find("whole", "en", (tmp_path,))
    assert len(list(counted.items(files, "whole", "en"))) == 2
    with pytest.raises(XtkError, match=r"all\.tsv: 2 rows for whole in 'en'.* published 3"):
        list(replace(counted, is_whole=True).items(files, "whole", "en"))


def test_rows_that_are_made_of_all_rows_want_none_that_is_bad(tmp_path: Path):
    turned = replace(SOURCE, arrange=lambda rows, lang: iter(list(rows)[::-1]))
    (tmp_path / "all.tsv").write_text("1\tb\t0\n2\tb\t0\n")
    items = turned.items(turned.find("whole", "en", (tmp_path,)), "whole", "en")
    assert [item.values["a"] for item in items] == ["2", "1"]
    (tmp_path / "all.tsv").write_text("1\tb\t0\n2\n")
    with pytest.raises(RowError, match="line 2"):
        list(turned.items(turned.find("whole", "en", (tmp_path,)), "whole", "en"))
