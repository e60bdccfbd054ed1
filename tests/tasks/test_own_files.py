"""A user's own files, in a format of the task's official files."""

import json
from pathlib import Path

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.data.rows import RowError
from xtk.data.sources import first, labels_or_error
from xtk.tasks.catalogue import find
from xtk.tasks.reading import read_files

FIXTURES = Path(__file__).parent / "fixtures"
SIQA = {"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c"}
HEADER = "id,context,question,answer0,answer1,answer2,answer3,label\n"

# a task, a file of one of its formats (or rows as the Hub has them), and the labels in it
FORMATS = {
    "siqa, labels beside": ("siqa", "socialiqa-train-dev/dev.jsonl", [1, 0]),
    "siqa, labels inside": ("siqa", "siqa/socialIQa_v1.4_dev.jsonl", [1, 0]),
    "siqa, as on the Hub": ("siqa", [SIQA | {"label": "3"}, SIQA | {"label": "1"}], [2, 0]),
    "csqa": ("csqa", "csqa/dev_rand_split.jsonl", [0]),
    "cosmosqa": ("cosmosqa", "cosmosqa/valid.csv", [1, 0]),
    "xnli, XTREME's": ("xnli", "xnli/dev-th.tsv", [1, 0, 2]),
    "xnli, translated": ("xnli", "XNLI-MT-1.0/multinli/multinli.train.en.tsv", [1, 2]),
    "pawsx, the owner's": ("pawsx", "x-final/ko/dev_2k.tsv", [1, 0, 0]),
    "pawsx, XTREME's": ("pawsx", "pawsx/dev-ko.tsv", [1, 0, 0]),
    "anli, one round": ("anli", "anli_v1.0/R2/dev.jsonl", [1]),
    "anli+, its first part": ("anli_plus", "anli_v1.0/R1/dev.jsonl", [0]),
    "anli+, its last part": ("anli_plus", "snli_1.0/snli_1.0_train.jsonl", [0, 1, 2]),
    "mnli, as on the Hub": ("mnli", [{"premise": "p", "hypothesis": "h", "label": 2}], [2]),
    "xqnli": ("xqnli", "xquad-r/th.json", [0, 1, 0, 1]),
}


@pytest.mark.parametrize("case", FORMATS)
def test_a_file_is_read_in_the_layout_that_fits(tmp_path: Path, case):
    name, content, labels = FORMATS[case]
    path = tmp_path / "rows.jsonl"
    if isinstance(content, str):
        path = FIXTURES / content
    else:
        path.write_text("".join(json.dumps(row) + "\n" for row in content))
    rows = read_files(find(name), [path])
    assert labels_or_error(rows) == labels
    assert (rows.source, rows.files) == ("file", (str(path),))


def test_xquad_r_gives_each_question_its_sentence_and_the_next():
    rows = read_files(find("xqnli"), [FIXTURES / "xquad-r/th.json"])
    assert [(e.first, e.second) for e in rows.examples] == [
        ("แม่น้ำไหลไปที่ไหน?", "มันไหลลงทะเล"),
        ("แม่น้ำไหลไปที่ไหน?", "คนเมืองชอบ “เรือ”"),
        ("คนเมืองชอบอะไร?", "คนเมืองชอบ “เรือ”"),
        ("คนเมืองชอบอะไร?", "มันไหลลงทะเล"),
    ]


# a task, a file's name and what it holds, and the words of the error
BAD = {
    "columns of another set": (
        "cosmosqa", "own.csv", "id,text,label\n1,x,0\n",
        ["own.csv, line 2, column 'answer0': expected this column", '["id", "text", "label"]'],
    ),
    "a missing label": (
        "siqa", "own.jsonl", json.dumps(SIQA),
        ["own.jsonl, line 1, column 'correct': expected this column"],
    ),
    "a label that is no code": (
        "cosmosqa", "own.csv", HEADER + "1,c,q,a,b,c,d,4\n",
        ["own.csv, line 2, column 'label': expected one of 0, 1, 2, 3, found \"4\""],
    ),
    "a label beyond the choices": (
        "csqa", "own.jsonl",
        '{"question": {"stem": "s", "choices": [{"text": "a"}, {"text": "b"}]}, "answerKey": "C"}',
        ["own.jsonl, line 1, column 'answerKey': expected a label of one of the 2 choices"],
    ),
    "a label of the wrong type": (
        "siqa", "own.jsonl", json.dumps(SIQA | {"correct": True}),
        ["own.jsonl, line 1, column 'correct': expected one of A, B, C, found true"],
    ),
    "a text that is a number": (
        "siqa", "own.jsonl", json.dumps(SIQA | {"correct": "A", "answerB": 7}),
        ["own.jsonl, line 1, column 'answerB': expected text, found 7"],
    ),
    "truncated JSON": (
        "siqa", "own.jsonl", json.dumps(SIQA | {"correct": "A"}) + '\n{"context": "tw',
        ["own.jsonl, line 2: expected a JSON object"],
    ),
    "bytes that are no UTF-8": (
        "cosmosqa", "own.csv", HEADER.encode() + b"1,\xff,q,a,b,c,d,1\n",
        ["own.csv, line 2: expected text in UTF-8, found byte 0xff at position 3"],
    ),
    "too few columns": (
        "xnli", "own.tsv", "a\tb\tneutral\nc\n",
        ["own.tsv, line 2: expected 3 columns (sentence1, sentence2, label), found 1"],
    ),
    "an empty file": ("siqa", "own.jsonl", "", ["own.jsonl has no rows"]),
    "only a header": ("cosmosqa", "own.csv", HEADER, ["own.csv has no rows"]),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_an_error_names_the_file_the_line_and_the_column(tmp_path: Path, case):
    name, file, content, words = BAD[case]
    path = tmp_path / file
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(XtkError) as caught:
        read_files(find(name), [path])
    assert str(tmp_path) in str(caught.value)
    assert [word for word in words if word not in str(caught.value)] == []


@pytest.mark.parametrize(
    ("task", "file", "endings"),
    [("siqa", "rows.txt", r"\.jsonl"), ("xnli", "rows.xlsx", r"\.jsonl or \.tsv")],
)
def test_another_ending_is_a_usage_error(tmp_path: Path, task, file, endings):
    (tmp_path / file).write_text("x")
    with pytest.raises(UsageError, match=rf"{task} is read from files ending in {endings}\."):
        read_files(find(task), [tmp_path / file])


def test_no_file_at_all(tmp_path: Path):
    with pytest.raises(UsageError, match="No file was named for siqa"):
        read_files(find("siqa"), [])
    with pytest.raises(XtkError, match=r"There is no file .*nowhere\.jsonl"):
        read_files(find("siqa"), [tmp_path / "nowhere.jsonl"])


def test_a_bad_first_row_does_not_choose_the_layout(tmp_path: Path):
    path = tmp_path / "own.jsonl"
    path.write_text("{\n" + json.dumps(SIQA | {"label": "2"}))  # as on the Hub, not as the owner's
    rows = read_files(find("siqa"), [path], skip_bad_rows=1)
    assert (labels_or_error(rows), [error.place for error in rows.skipped]) == ([1], [1])
    with pytest.raises(RowError, match="line 1: expected a JSON object"):
        read_files(find("siqa"), [path])


def test_files_are_read_one_after_the_other():
    siqa, beside = find("siqa"), FIXTURES / "socialiqa-train-dev/dev.jsonl"
    inside = FIXTURES / "siqa/socialIQa_v1.4_dev.jsonl"
    rows = read_files(siqa, [beside, inside])
    assert rows.files == (str(beside), str(inside))
    assert rows.examples == read_files(siqa, [beside]).examples * 2


def test_bad_rows_are_counted_over_all_files(tmp_path: Path):
    good = (FIXTURES / "cosmosqa/valid.csv").read_text(encoding="utf-8")
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(good + "1,2\n", encoding="utf-8")
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    rows = read_files(find("cosmosqa"), paths, skip_bad_rows=2)
    assert len(rows.skipped) == 2 and len(rows.examples) == 4
    with pytest.raises(RowError, match=r"b\.csv, line 5: expected 8 columns"):
        read_files(find("cosmosqa"), paths, skip_bad_rows=1)


def test_the_first_rows_are_their_own_data():
    rows = read_files(find("siqa"), [FIXTURES / "socialiqa-train-dev/dev.jsonl"])
    one = first(rows, 1)
    assert one.examples == rows.examples[:1] and one.sha256 != rows.sha256
    assert first(rows, None) is first(rows, 99) is rows
