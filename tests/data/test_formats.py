import csv
import io
import json
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import XtkError
from xtk.data.files import DataFile
from xtk.data.formats import Form, read_table
from xtk.data.rows import Record, RowError

# any text of a line: tabs and line ends are what separates fields and rows, and NUL is damage
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\t\r\n\ufeff"))
FIELDS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r\ufeff"))
HEADER = ("first", "second", "label")
# the same texts each time, and no failure because the disk is busy
STEADY = settings(derandomize=True, deadline=None)


def read(folder: Path, name: str, content: str | bytes, form: Form = Form()) -> list:  # noqa: B008
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(read_table(DataFile(path), form))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("formats")


@STEADY
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from("01")), min_size=1), end=st.booleans())
def test_any_text_survives_tabs(folder, rows, end):
    text = "\r\n".join("\t".join(row) for row in rows) + ("\r\n" if end else "")
    items = read(folder, "rows.tsv", text, Form(header=HEADER))
    assert [tuple(item.values.values()) for item in items] == rows
    assert [item.place for item in items] == list(range(1, len(rows) + 1))


@STEADY
@given(rows=st.lists(st.tuples(TEXTS, TEXTS, st.sampled_from("01")), min_size=1))
def test_any_text_survives_xtremes_way_of_writing_tabs(folder, rows):
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter="\t").writerows(rows)
    items = read(folder, "quoted.tsv", stream.getvalue(), Form(header=HEADER, quoted=True))
    assert [tuple(item.values.values()) for item in items] == rows


@STEADY
@given(rows=st.lists(st.lists(FIELDS, min_size=2, max_size=2), min_size=1))
def test_any_text_survives_commas(folder, rows):
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows([["a", "b"], *rows])
    items = read(folder, "rows.csv", stream.getvalue())
    assert [list(item.values.values()) for item in items] == rows


@STEADY
@given(rows=st.lists(st.dictionaries(st.text(), st.text() | st.integers()), min_size=1),
       escaped=st.booleans())  # fmt: skip
def test_any_object_survives_json_lines(folder, rows, escaped):
    rows = json.loads(json.dumps(rows).encode("utf-8", "ignore"))
    lines = [json.dumps(row, ensure_ascii=escaped or not _whole(row)) for row in rows]
    assert [item.values for item in read(folder, "rows.jsonl", "\n".join(lines))] == rows


def _whole(row: dict) -> bool:
    return not any(0xD800 <= ord(c) < 0xE000 for c in str(row) + "".join(map(str, row.values())))


@STEADY
@given(field=st.text(string.ascii_letters + '"', max_size=6))
def test_a_field_with_stray_quotes_keeps_them_or_is_undone_once(folder, field):
    item = read(folder, "stray.tsv", f"{field}\tx\t0", Form(header=HEADER, quoted=True))[0]
    got = item.values["first"]
    if got != field:
        stream = io.StringIO(newline="")
        csv.writer(stream, delimiter="\t", quoting=csv.QUOTE_ALL, lineterminator="").writerow([got])
        assert stream.getvalue() == field


def test_a_file_without_labels_lacks_the_last_column_in_every_row(tmp_path: Path):
    items = read(tmp_path, "test.tsv", "a\tb\nc\td\te\n", Form(header=HEADER))
    assert items[0].values == {"first": "a", "second": "b"}
    assert str(items[1]).endswith("line 2: expected 2 columns (first, second), found 3.")


def test_labels_come_from_the_file_beside(tmp_path: Path):
    (tmp_path / "dev-labels.lst").write_bytes(b"2\r\n1")
    items = read(tmp_path, "dev.jsonl", '{"a": 1}\n{"a": 2}\n', Form(labels="-labels.lst"))
    assert [item.values for item in items] == [{"a": 1, "label": "2"}, {"a": 2, "label": "1"}]


@pytest.mark.parametrize("labels", ["1\n", "1\n2\n1\n"])
def test_labels_out_of_step_are_named_with_both_counts(tmp_path: Path, labels):
    (tmp_path / "dev-labels.lst").write_text(labels)
    count = labels.count("\n")
    with pytest.raises(XtkError, match=rf"has 2 rows and .*-labels.lst has {count} labels"):
        read(tmp_path, "dev.jsonl", '{"a": 1}\n{"a": 2}\n', Form(labels="-labels.lst"))


def test_missing_labels_are_named(tmp_path: Path):
    with pytest.raises(XtkError, match=r"labels in dev-labels.lst, which is not beside it"):
        read(tmp_path, "dev.jsonl", "{}\n", Form(labels="-labels.lst"))


# what a file holds -> the places that are read, and the error's place and words
HOSTILE = {
    "a blank line in the middle": ("x.jsonl", '{"a": 1}\n\n{"a": 2}\n', [1, 3], 2, "blank line"),
    "two blank lines at the end": ("x.jsonl", '{"a": 1}\n\n\n', [1], 2, "a blank line"),
    "truncated JSON": ("x.jsonl", '{"a": 1}\n{"a": "tw', [1], 2, "a JSON object"),
    "a JSON list": ("x.json", '[{"a": 1}]\n', [], 1, 'a JSON object, found [{"a": 1}]'),
    "JSON over several lines": ("x.json", '{"a": 1}\n{\n"a": 2}\n', [1], 2, "a JSON object"),
    "deep JSON": ("x.jsonl", '{"a": 1}\n' + "[" * 99_999, [1], 2, "a JSON object"),
    "bytes that are no UTF-8": ("x.jsonl", b'{"a": 1}\n{"a": "\xff"}\n', [1], 2, "byte 0xff at"),
    "UTF-16": ("x.tsv", "a\tb\tc\n".encode("utf-16"), [], 1, "text in UTF-8, found byte 0xff"),
    "too few columns": ("x.tsv", "a\tb\tc\na\n", [1], 2, "expected 3 columns"),
    "too many columns": ("x.tsv", "a\tb\tc\nd\te\tf\tg\n", [1], 2, "found 4"),
    "a short row of CSV": ("x.csv", "a,b\n1,2\n3\n", [2], 3, "2 columns (a, b), found 1"),
    "a blank line of CSV": ("x.csv", "a,b\n1,2\n\n3,4\n", [2, 4], 3, "a blank line"),
}  # fmt: skip


@pytest.mark.parametrize("case", HOSTILE, ids=str)
def test_a_damaged_row_is_an_error_in_its_place(tmp_path: Path, case):
    name, content, places, line, words = HOSTILE[case]
    form = Form(header=HEADER) if name.endswith(".tsv") else Form()
    items = read(tmp_path, name, content, form)
    assert [item.place for item in items if isinstance(item, Record)] == places
    error = next(item for item in items if isinstance(item, RowError))
    assert error.place == line
    assert words in str(error)
    assert name in str(error)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ('a,b\n1,"2\n3,4\n', "line 2: expected fields in CSV, found unexpected end of data"),
        ('a,b\n1,"2"x\n', "line 2: expected fields in CSV"),
        (b"a,b\n1,\xff\n", "line 2: expected text in UTF-8, found byte 0xff at position 3"),
    ],
)
def test_csv_that_cannot_be_followed_ends_the_reading(tmp_path: Path, content, words):
    with pytest.raises(RowError) as caught:
        read(tmp_path, "x.csv", content)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "content", ['{"a": 1}', '{"a": 1}\n', '{"a": 1}\r\n\r\n', '\ufeff{"a": 1}']
)
def test_the_last_line_may_end_or_not(tmp_path: Path, content):
    assert [item.values for item in read(tmp_path, "x.jsonl", content)] == [{"a": 1}]


def test_an_unknown_ending_is_named(tmp_path: Path):
    with pytest.raises(XtkError, match=r"x\.parquet: expected a file ending in \.jsonl"):
        read(tmp_path, "x.parquet", "PAR1")


def test_a_quoted_line_feed_joins_lines_where_the_form_says_so(folder):
    text = 'id\tquestion\n"1"\t"two ""lines""\n of\tone"\n2\tone\n'
    items = read(folder, "joined.tsv", text, Form(joined=True))
    assert [item.values for item in items] == [
        {"id": "1", "question": 'two "lines"\n of\tone'},
        {"id": "2", "question": "one"},
    ]
    assert [item.place for item in items] == [2, 4]
    with pytest.raises(RowError, match=r"joined\.tsv, line 2: expected fields in CSV"):
        read(folder, "joined.tsv", 'id\tquestion\n"1\t"two\n', Form(joined=True))
