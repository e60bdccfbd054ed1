"""Rows of retrieval: their columns, their states of labels, and damaged files of each form."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import XtkError
from xtk.data.bitext import aligned_rows, read_aligned, read_bucc, read_sorted, whole_corpora
from xtk.data.files import DataFile
from xtk.data.formats import Form, Item
from xtk.data.retrieval import RetrievalColumns, candidate, query
from xtk.data.rows import Record
from xtk.data.sources import LABELLED, UNLABELLED, Rows, collect, first, labels_or_error
from xtk.kinds.retrieval import RetrievalExample

COLUMNS = RetrievalColumns()
Read = Callable[[DataFile, Form], Iterator[Item]]


def rows(*items: Item, skip_bad_rows: int = 0) -> Rows:
    return collect(items, COLUMNS, source="file", files=("f",), skip_bad_rows=skip_bad_rows)


def read_all(read: Read, *paths: Path) -> Rows:
    return rows(*(item for path in paths for item in read(DataFile(path), Form())))


def a_query(name: str, *targets: str, known: bool = True) -> Record:
    return query("f", 1, name, f"text {name}", list(targets) if known else None)


# the columns


def test_a_row_with_targets_is_a_query_and_one_without_a_candidate():
    columns = RetrievalColumns(id="name", text="body", targets="gold")
    asked = Record("f", 1, {"name": "q", "body": "ก", "gold": ["c"]})
    found = Record("f", 2, {"name": "c", "body": ""})
    assert columns.example(asked) == RetrievalExample("q", "ก", is_query=True, targets=("c",))
    assert columns.example(found) == RetrievalExample("c", "", is_query=False)
    assert columns.paths() == ("name", "body")


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"id": "", "text": "x"}, "column 'id': expected an id"),
        ({"id": 12, "text": "x"}, "column 'id': expected text, found 12"),
        ({"id": "q"}, "column 'text': expected this column"),
        ({"id": "q", "text": " ", "targets": None}, "a text to search for"),
        ({"id": "q", "text": "x", "targets": "c"}, "a list of candidates' ids, or null"),
        ({"id": "q", "text": "x", "targets": [3]}, "column 'targets': expected text, found 3"),
    ],
)
def test_a_bad_row_names_its_column(values, message):
    with pytest.raises(XtkError, match=message):
        COLUMNS.example(Record("f", 1, values))


# the states of labels


def test_queries_with_targets_are_labelled_and_candidates_are_no_labels():
    found = rows(a_query("q1", "c"), a_query("q2"), candidate("f", 1, "c", "x"))
    assert found.labels == LABELLED
    assert labels_or_error(found) == [("c",), ()]
    assert found.rows_read == 2


def test_queries_without_known_targets_are_unlabelled_although_there_are_candidates():
    found = rows(a_query("q", known=False), candidate("f", 1, "c", "x"))
    assert found.labels == UNLABELLED
    assert len(found.examples) == 2
    with pytest.raises(XtkError, match="these rows have no labels"):
        labels_or_error(found)


def test_a_query_without_known_targets_among_labelled_ones_is_left_out_and_counted():
    found = rows(a_query("q1", known=False), a_query("q2", "c"), candidate("f", 1, "c", "x"))
    assert [e.id for e in found.examples] == ["q2", "c"]
    assert (found.labels, found.left_out, found.rows_read) == (LABELLED, 1, 2)


def test_candidates_alone_have_no_labels():
    assert rows(candidate("f", 1, "c", "x")).labels == UNLABELLED


@pytest.mark.parametrize(("limit", "names"), [(1, "q1 a b"), (2, "q1 q2 a b"), (None, "q1 q2 a b")])
def test_a_limit_counts_queries_and_keeps_all_candidates(limit, names):
    whole = rows(a_query("q1", "a"), a_query("q2"), *(candidate("f", 1, c, "x") for c in "ab"))
    part = first(whole, limit)
    assert [e.id for e in part.examples] == names.split()
    assert (part.sha256 == whole.sha256) == (len(part.examples) == len(whole.examples))


# damaged files: what becomes of them is one error that names the file


def bucc_files(folder: Path, **changed: bytes) -> tuple[Path, Path]:
    content = {
        "zh": "zh-000000001\t你好。\nzh-000000002\t下雨了。\n".encode(),
        "en": b"en-000000001\tIt rains.\nen-000000002\tHello.\n",
        "gold": b"zh-000000001\ten-000000002\n",
    }
    for side, text in (content | changed).items():
        (folder / f"zh-en.dev.{side}").write_bytes(text)
    return folder / "zh-en.dev.zh", folder / "zh-en.dev.en"


@pytest.mark.parametrize(
    ("side", "content", "message"),
    [
        ("zh", b"zh-000000001\n", r"dev\.zh, line 1: expected id TAB sentence"),
        ("zh", b"zh-000000001\ta\tb\n", r"dev\.zh, line 1: expected id TAB sentence"),
        ("zh", b"zh-000000001\ta\n\nzh-000000002\tb\n", r"dev\.zh, line 2: .* a blank line"),
        ("zh", b"zh-000000001\ta\nzh-000000001\tb\n", r"line 2, column 'id': .* no earlier row"),
        ("zh", b"en-000000001\ta\n", r"line 1, column 'id': expected zh- and a number"),
        ("zh", b"NaN\ta\n", r"line 1, column 'id': expected zh- and a number, found \"'NaN'|NaN"),
        ("zh", b"[12]\ta\n", r"line 1, column 'id': expected zh- and a number"),
        ("zh", b"zh-000000001\t\xff\n", r"dev\.zh, line 1: expected text in UTF-8"),
        ("en", b"en-000000002\t\xe4\xbd\n", r"dev\.en, line 1: expected text in UTF-8"),
        ("en", b"en-000000002\tx\nen-000000002\ty\n", r"dev\.en, line 2, .* no earlier row"),
        ("gold", b"zh-000000009\ten-000000002\n", r"dev\.gold, line 1: expected ids of the two"),
        ("gold", b"zh-000000001\ten-000000009\n", r"dev\.gold, line 1: expected ids of the two"),
        ("gold", b"en-000000002\tzh-000000001\n", r"dev\.gold, line 1: expected ids of the two"),
        ("gold", b"zh-000000001\n", r"dev\.gold, line 1: expected id TAB id"),
        ("gold", b"zh-000000001\ten-000000002\t1\n", r"dev\.gold, line 1: expected id TAB id"),
        (
            "gold",
            b"zh-000000001\ten-000000002\n" * 2,
            r"dev\.gold, line 2: expected each pair once",
        ),
        ("gold", b"\n\n", r"dev\.gold, line 1: expected a row, found a blank line"),
        ("gold", b"\xff", r"dev\.gold, line 1: expected text in UTF-8"),
        ("gold", b"", r"dev\.gold has no pairs"),
    ],
)
def test_a_damaged_file_of_bucc_is_an_error_with_its_line(tmp_path, side, content, message):
    with pytest.raises(XtkError, match=message):
        read_all(read_bucc, *bucc_files(tmp_path, **{side: content}))


def test_damage_that_changes_nothing_is_read_without_fuss(tmp_path):
    whole = read_all(read_bucc, *bucc_files(tmp_path))
    windows = "\ufeffzh-000000001\t你好。 \r\nzh-000000002\t下雨了。".encode()
    gold = b"zh-000000001\ten-000000002 \r\n\n"
    assert read_all(read_bucc, *bucc_files(tmp_path, zh=windows, gold=gold)) == whole


def test_a_sentence_may_have_several_partners(tmp_path):
    gold = b"zh-000000002\ten-000000001\nzh-000000002\ten-000000002\n"
    found = read_all(read_bucc, *bucc_files(tmp_path, gold=gold))
    assert labels_or_error(found) == [(), ("en-000000001", "en-000000002")]


def test_bucc_without_its_english_side_cannot_have_gold(tmp_path):
    chinese, english = bucc_files(tmp_path)
    english.unlink()
    with pytest.raises(XtkError, match=r"dev\.gold: the English sentences are not beside it"):
        read_all(read_bucc, chinese)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"sentence1": ["a"], "sentence2": ["b"], "gold": [[0, 1]]}, "two numbers .* from 1"),
        ({"sentence1": ["a"], "sentence2": ["b"], "gold": [[1, 2]]}, "two numbers .* from 1"),
        ({"sentence1": ["a"], "sentence2": ["b"], "gold": [[1, 1.0]]}, "two numbers .* from 1"),
        ({"sentence1": ["a"], "sentence2": ["b"], "gold": [[True, 1]]}, "two numbers .* from 1"),
        ({"sentence1": ["a"], "sentence2": ["b"], "gold": None}, "a list of pairs"),
        ({"sentence1": "a", "sentence2": ["b"], "gold": []}, "column 'sentence1'"),
        ({"sentence1": ["a"], "sentence2": ["b", None], "gold": []}, r"column 'sentence2\[2\]'"),
        ({"sentence1": ["a"], "gold": []}, "column 'sentence2': expected this column"),
    ],
)
def test_a_damaged_corpus_of_the_hub_is_an_error(row, message):
    with pytest.raises(XtkError, match=message):
        list(whole_corpora([Record("mteb", "row 1", row)], "zh"))


def tatoeba_files(folder: Path, english: bytes, thai: bytes) -> tuple[Path, Path]:
    for side, content in (("eng", english), ("tha", thai)):
        (folder / f"tatoeba.tha-eng.{side}").write_bytes(content)
    return folder / "tatoeba.tha-eng.eng", folder / "tatoeba.tha-eng.tha"


@pytest.mark.parametrize(
    ("english", "thai", "message"),
    [
        ("a\nb\n", "ก\n", r"has 2 lines and .*\.tha has 1"),
        ("a\n", "ก\nข\n", r"has 1 lines and .*\.tha has 2"),
        ("a\n\nb\n", "ก\nข\nค\n", r"\.eng, line 2: expected a row, found a blank line"),
        ("a\nb\n", "ก\n \n", r"\.tha, line 2: expected one sentence a line"),
        ("a\tx\n", "ก\n", r"\.eng, line 1: expected one sentence a line"),
        ("", "", "no row was left to read"),
    ],
)
def test_tatoeba_out_of_step_is_an_error(tmp_path, english, thai, message):
    with pytest.raises(XtkError, match=message):
        read_all(read_aligned, *tatoeba_files(tmp_path, english.encode(), thai.encode()))


@pytest.mark.parametrize("read", [read_aligned, read_sorted, read_bucc])
def test_a_name_that_does_not_say_its_languages_is_an_error(tmp_path, read):
    (tmp_path / "sentences.txt").write_text("a\n")
    with pytest.raises(XtkError, match=r"sentences\.txt: expected a name as the owner's"):
        read_all(read, tmp_path / "sentences.txt")


# any sentence of one line; Python's strip() and the line feed are what the official script sees
SENTENCES = st.text(
    st.characters(codec="utf-8", exclude_characters="\0\t\r\n\ufeff"), min_size=1
).filter(str.strip)


@settings(derandomize=True, deadline=None)
@given(pairs=st.lists(st.tuples(SENTENCES, SENTENCES), min_size=1, max_size=6))
def test_any_sentences_are_read_alike_from_lasers_files_xtremes_and_the_hub(
    tmp_path_factory, pairs
):
    folder = tmp_path_factory.mktemp("tatoeba")
    thai, english = ("".join(f"{text}\n" for text in side) for side in zip(*pairs, strict=True))
    aligned = read_all(read_aligned, *tatoeba_files(folder, english.encode(), thai.encode()))
    # tatoeba_preprocess: lines stripped, then sorted by themselves, equal ones in their order
    order = sorted(range(len(pairs)), key=lambda row: pairs[row][1].strip())
    asked = [example for example in aligned.examples if example.is_query]
    assert [query.targets for query in asked] == [(str(row),) for row in order]
    (folder / "th-en.en").write_bytes(
        "".join(f"{pairs[row][1].strip()}\n" for row in order).encode()
    )
    (folder / "th-en.th").write_bytes(thai.encode())
    xtremes = read_all(read_sorted, folder / "th-en.en", folder / "th-en.th")
    assert [(e.id, e.text) for e in xtremes.examples] == [(e.id, e.text) for e in aligned.examples]
    records = [
        Record("hub", f"row {number}", {"sentence1": f"{first}\n", "sentence2": f"{second}\n"})
        for number, (first, second) in enumerate(pairs, start=1)
    ]
    assert rows(*aligned_rows(records, "th")).examples == aligned.examples
