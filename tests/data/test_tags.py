"""Files of one token a line, and rows that hold lists."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import XtkError
from xtk.data.files import DataFile
from xtk.data.formats import AS_IT_SAYS
from xtk.data.rows import Record, RowError, fits
from xtk.data.sources import LABELLED, UNLABELLED, LocalSource, collect
from xtk.data.tags import UNSEEN, TagColumns, TagNames, read_prefixed, read_tagged
from xtk.kinds.tagging import TaggedExample

STEADY = settings(derandomize=True, deadline=None)
NAMES = ("O", "B-PER", "I-PER")
COLUMNS = TagColumns(codes=NAMES)
# U+00A0, U+2028, U+0085 and their like are parts of a token; only a line feed ends a line
LETTERS = st.characters(codec="utf-8", exclude_characters="\0\t\r\n \ufeff")
TOKENS = st.text(LETTERS, min_size=1).filter(lambda text: "DOCSTART" not in text)
SENTENCES = st.lists(
    st.lists(st.tuples(TOKENS, st.sampled_from(NAMES)), min_size=1, max_size=4),
    min_size=1,
    max_size=4,
)


def items(folder: Path, content: str | bytes, *, read=read_tagged) -> list:
    path = folder / "dev-xx.tsv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return list(read(DataFile(path), AS_IT_SAYS))


def examples(folder: Path, content: str | bytes, *, read=read_tagged, columns=COLUMNS) -> list:
    rows = collect(
        items(folder, content, read=read), columns, source="file", files=("f",), skip_bad_rows=0
    )
    return [(example.tokens, example.tags) for example in rows.examples]


def refusal(folder: Path, content: str | bytes, *, read=read_tagged, columns=COLUMNS) -> str:
    with pytest.raises(RowError) as caught:
        examples(folder, content, read=read, columns=columns)
    return str(caught.value).removeprefix(f"{folder}/")


@pytest.mark.parametrize(
    "content",
    [
        "Ada\tB-PER\nL.\tI-PER\n\nकि\tO\n",
        "Ada\tB-PER\nL.\tI-PER\n\nकि\tO",  # no end of the last line
        "Ada\tB-PER\nL.\tI-PER\n\nकि\tO\n\n",  # a blank line at the end
        "\ufeffAda\tB-PER\r\nL.\tI-PER\r\n\r\nकि\tO\r\n",  # Windows
        "Ada\tB-PER  \nL.\tI-PER\t\n \nकि \t O\n",  # blanks at the ends
        "Ada B-PER\nL.  I-PER\n\nकि O\n",
        "Ada NNP B-NP B-PER\nL. NNP I-NP I-PER\n\nकि IN B-SBAR O\n",  # CoNLL-2003
        "-DOCSTART- -X- -X- O\n\nAda x x B-PER\nL. x x I-PER\n\n-DOCSTART- -X- O O\n\nकि x x O\n",
    ],
)
def test_sentences_are_read_however_they_are_written(tmp_path: Path, content):
    expected = [(("Ada", "L."), (1, 2)), (("कि",), (0,))]
    assert examples(tmp_path, content) == expected


def test_a_file_of_tokens_alone_is_unlabelled(tmp_path: Path):
    assert examples(tmp_path, "ฉัน\nไป \n\n\u00a0\n") == [
        (("ฉัน", "ไป"), None),
        (("\u00a0",), None),
    ]


def test_no_other_character_ends_a_line_or_a_token(tmp_path: Path):
    odd = "a\u00a0b\u2028c\u0085d\u3000\x1d"
    assert examples(tmp_path, f"{odd}\tO\n") == [((odd,), (0,))]
    assert examples(tmp_path, f"{odd} O\n") == [((odd,), (0,))]


def test_a_token_may_hold_blanks_where_tabs_divide(tmp_path: Path):
    assert examples(tmp_path, "à côté\tO\nx\tO\n") == [(("à côté", "x"), (0, 0))]


def test_wikianns_tokens_follow_the_first_colon(tmp_path: Path):
    raw = "en:http://a.b\tO\nen::\tO\nzh-min-nan:Ada\tB-PER\n"
    assert examples(tmp_path, raw, read=read_prefixed) == [(("http://a.b", ":", "Ada"), (0, 0, 1))]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("x\tO\ny\tb-per\n", "dev-xx.tsv, line 2, column 'tags': expected B-PER, so written"),
        ("x\tO\ny\tB-LOC\n", "line 2, column 'tags': expected one of O, B-PER, I-PER for token 2"),
        ("x\tO\n\ny\tO\nz\t0\n", "line 4, column 'tags': expected one of .*found \"0\""),
        ("x\tO\ny\tO\tO\n", "line 2: expected two columns: token, tab, tag, found"),
        ("x\tO\ty\n", "line 1: expected two columns"),
        ("x\tO\ny\n", 'line 2: expected two columns: token, tab, tag, found "y"'),
        ("x\tO\n\ny\nz\n", "line 3: expected two columns"),
        ("x\tO\n\tO\n", "line 2: expected two columns"),
        ("x\ny\tO\n", "line 2: expected a token without a tag, as in the first line"),
        ("x\n\ny\tO\n", "line 3: expected a token without a tag"),
        ("x O\ny O O\n", "line 2: expected 2 columns, as in the first line"),
        ("x O O\ny O O\n", "line 1: expected token, tab, tag, or CoNLL-2003's four columns"),
        ("x a b O\ny a O\n", "line 2: expected 4 columns"),
        ("x\tO\n\n\ny\tO\n", "line 3: expected a token, found a blank line"),
        ("\nx\tO\n", "line 1: expected a token, found a blank line"),
        ("x\tO\n\n\n", "line 3: expected a token, found a blank line"),
        (b"x\tO\n\xff\tO\n", "line 2: expected text in UTF-8, found byte 0xff at position 1"),
        ("x\tO\n\ny\tO\nz\t[12]\n", "line 4, column 'tags': expected one of"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, content, message):
    with pytest.raises(RowError, match=message):
        examples(tmp_path, content)


@pytest.mark.parametrize("content", ["Ada\tO\n", "en:\tO\n", "en:x\n", "en:x\tO\tO\n"])
def test_a_bad_line_of_wikiann_is_named(tmp_path: Path, content):
    message = refusal(tmp_path, content, read=read_prefixed)
    assert message.startswith("dev-xx.tsv, line 1: expected xx:token, tab, tag, found")


def test_a_bad_sentence_is_one_row_and_the_others_are_read(tmp_path: Path):
    content = "x\tO\ny\nz\n\na\tO\n\nb\tO\nc\tX\n"
    rows = collect(items(tmp_path, content), COLUMNS, source="file", files=("f",), skip_bad_rows=2)
    assert [error.place for error in rows.skipped] == [2, 8]
    assert rows.examples == (TaggedExample(("a",), (0,)),) and rows.rows_read == 3


def test_an_empty_file_has_no_rows(tmp_path: Path):
    (tmp_path / "dev-xx.tsv").write_bytes(b"")
    layout = LocalSource(
        folders=("",), files={"validation": ("dev-{lang}.tsv",)}, read=read_tagged, columns=COLUMNS
    )
    files = layout.find("validation", "xx", [tmp_path])
    with pytest.raises(XtkError, match=r"dev-xx\.tsv has no rows"):
        list(layout.items(files, "validation", "xx"))


@STEADY
@given(sentences=SENTENCES)
def test_what_is_written_is_read(tmp_path_factory, sentences):
    folder = tmp_path_factory.mktemp("tagged")
    expected = [
        (tuple(t for t, _ in sentence), tuple(NAMES.index(tag) for _, tag in sentence))
        for sentence in sentences
    ]
    for between, prefix in (("\t", ""), (" ", ""), (" x y ", ""), ("\t", "xx:")):
        read = read_prefixed if prefix else read_tagged
        text = "\n".join(
            "".join(f"{prefix}{token}{between}{tag}\n" for token, tag in sentence)
            for sentence in sentences
        )
        assert examples(folder, text, read=read) == expected
    alone = "\n".join("".join(f"{token}\n" for token, _ in sentence) for sentence in sentences)
    assert examples(folder, alone) == [(tokens, None) for tokens, _ in expected]


@STEADY
@given(content=st.binary(max_size=40) | st.text("a \t\nO:B-", max_size=40).map(str.encode))
def test_no_content_gives_another_error_than_ours(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    for read in (read_tagged, read_prefixed):
        for item in items(folder, content, read=read):
            try:
                example = COLUMNS.example(item) if isinstance(item, Record) else None
            except RowError:
                continue
            if example is not None and example.tags is not None:
                assert len(example.tags) == len(example.tokens) > 0


def row(**values) -> Record:
    return Record("rows", "row 3", values)


HUB = TagColumns("tokens", "ner_tags", ("0", "1"), unlabelled=())


@pytest.mark.parametrize("tags", [[0, 1], ["0", "1"]])
def test_lists_of_the_hub(tags):
    assert HUB.example(row(tokens=["ก", "ب"], ner_tags=tags, langs=["th", "ar"])).tags == (0, 1)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"tokens": ["a", "b"], "ner_tags": [0]}, "row 3, column 'ner_tags': expected 2 tags"),
        ({"tokens": ["a"], "ner_tags": [2]}, "expected one of 0, 1 for token 1, found 2"),
        ({"tokens": ["a"], "ner_tags": [True]}, "found true"),
        ({"tokens": ["a"], "ner_tags": [1.0]}, "found 1.0"),
        ({"tokens": ["a"], "ner_tags": [None]}, "found null"),
        ({"tokens": ["a"], "ner_tags": [-1]}, "found -1"),
        ({"tokens": ["a"], "ner_tags": "0"}, "column 'ner_tags': expected a list"),
        ({"tokens": "ab", "ner_tags": [0, 1]}, "column 'tokens': expected a list"),
        ({"tokens": ["a", 3], "ner_tags": [0, 1]}, "column 'tokens': expected text, found 3"),
        ({"tokens": ["a", ""], "ner_tags": [0, 1]}, "column 'tokens': .* empty one at place 2"),
        ({"tokens": ["\ud83d"], "ner_tags": [0]}, "whole Unicode characters"),
        ({"tokens": [], "ner_tags": []}, "expected a token or more"),
        ({"tokens": ["a"]}, "column 'ner_tags': expected this column"),
    ],
)
def test_an_unfit_row_says_where_and_what(values, message):
    with pytest.raises(RowError, match=message):
        HUB.example(row(**values))


def test_an_alias_stands_for_its_code():
    columns = TagColumns(codes=NAMES, aliases={"B-MISC": "O"})
    assert columns.example(row(tokens=["a", "b"], tags=["B-MISC", "B-PER"])).tags == (0, 1)


def test_an_open_set_takes_any_tag():
    columns = TagColumns(codes=("N", "N/N"), is_open=True)
    found = columns.example(row(tokens=["a", "b"], tags=["N/N", "(S\\NP)/NP"]))
    assert found.tags == (1, UNSEEN)
    with pytest.raises(RowError, match="expected one of N, N/N"):
        columns.example(row(tokens=["a"], tags=[""]))
    assert TagNames("tags").example(row(tags=["N", "."])) == TaggedExample(("N", "."), None)


def test_columns_know_whether_a_row_has_them():
    assert fits(COLUMNS, row(tokens=[])) and not fits(HUB, row(tokens=[]))
    assert fits(TagNames("tags"), row(tags=[])) and not fits(TagNames("tags"), row(tokens=[]))


@pytest.mark.parametrize(("content", "labels"), [("a\tO\n", LABELLED), ("a\n", UNLABELLED)])
def test_the_state_of_the_labels_is_told(tmp_path: Path, content, labels):
    read = items(tmp_path, content)
    rows = collect(read, COLUMNS, source="file", files=("f",), skip_bad_rows=0)
    assert rows.labels == labels
