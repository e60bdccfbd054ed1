"""Treebanks, read as google/xtreme's preparation reads them.

The expected fusions were compared with its converter (third_party/ud-conversion-tools, run with
networkx 3.6 in a copy): 2,489 of 2,489 random sentences with fused tokens, empty nodes, enhanced
graphs and "_" words were alike; in 511 more the converter stopped at a cycle.
"""

from pathlib import Path

import pytest

from xtk.data.conllu import read_conllu
from xtk.data.files import DataFile
from xtk.data.formats import AS_IT_SAYS
from xtk.data.rows import RowError
from xtk.data.sources import LocalSource
from xtk.data.tags import TagColumns


def line(number: object, form: str, tag: str = "_", head: object = "_", deps: str = "_") -> str:
    return f"{number}\t{form}\t_\t{tag}\t_\t_\t{head}\t_\t{deps}\t_\n"


def read(folder: Path, content: str, name: str = "en_ewt-ud-dev.conllu") -> list:
    (folder / name).write_text(content, encoding="utf-8")
    return list(read_conllu(DataFile(folder / name), AS_IT_SAYS))


def sentences(folder: Path, content: str, **more: str) -> list:
    items = read(folder, content, **more)
    return [(item.values["tokens"], item.values["tags"]) for item in items]


DU_LIVRE = (
    "# text = du livre\n"
    + line("1-2", "du")
    + line(1, "de", "ADP", 3)
    + line(2, "le", "DET", 3)
    + line("2.1", "rien", "X")
    + line(3, "livre", "NOUN", 0)
)


def test_a_fused_token_has_the_tag_of_its_part_nearest_the_root(tmp_path: Path):
    assert sentences(tmp_path, DU_LIVRE) == [(["du", "livre"], ["ADP", "NOUN"])]
    below = DU_LIVRE.replace("ADP\t_\t_\t3", "ADP\t_\t_\t2")
    assert sentences(tmp_path, below) == [(["du", "livre"], ["DET", "NOUN"])]
    enhanced = DU_LIVRE.replace("ADP\t_\t_\t3\t_\t_", "ADP\t_\t_\t3\t_\t2:case|3:x")
    assert sentences(tmp_path, enhanced) == [(["du", "livre"], ["DET", "NOUN"])]


def test_equally_near_parts_are_chosen_by_tag_in_the_order_of_the_language(tmp_path: Path):
    content = (
        line("1-2", "x")
        + line(1, "a", "PRON", 3)
        + line(2, "b", "AUX", 3)
        + line(3, "c", "VERB", 0)
    )
    assert sentences(tmp_path, content)[0][1] == ["PRON", "VERB"]
    assert sentences(tmp_path, content, name="fr_gsd-ud-dev.conllu")[0][1] == ["AUX", "VERB"]


def test_u200c_and_blanks_inside_a_word_go(tmp_path: Path):
    content = line(1, "می\u200cروم", "VERB", 0) + line(2, "10 000", "NUM", 1)
    assert sentences(tmp_path, content)[0][0] == ["میروم", "10000"]


@pytest.mark.parametrize(
    ("forms", "is_kept"),
    [("a _ b c", True), ("_ a", False), ("_ _ a", False), ("_", False), ("a b _ _", True)],
)
def test_sentences_without_their_words_are_left_out(tmp_path: Path, forms, is_kept):
    lines = "".join(line(i, form, "X", 0) for i, form in enumerate(forms.split(), start=1))
    assert bool(read(tmp_path, lines)) == is_kept


def test_treebanks_are_read_by_name_and_one_may_have_no_words(tmp_path: Path):
    for bank, form in (("UD_B/en_a", "first"), ("UD_A/en_b", "_"), ("UD_A/en_c", "last")):
        path = tmp_path / f"{bank}-ud-dev.conllu"
        path.parent.mkdir(exist_ok=True)
        path.write_text(line(1, form, "X", 0))
    layout = LocalSource(
        folders=("",),
        files={"validation": ("*/{name}_*-ud-dev*.conllu",)},
        called={"en": "en"},
        read=read_conllu,
        columns=TagColumns(codes=("X",)),
    )
    files = layout.find("validation", "en", [tmp_path])
    found = [item.values["tokens"] for item in layout.items(files, "validation", "en")]
    assert found == [["first"], ["last"]]
    assert not layout.serves("validation", "wo") and layout.find("validation", "en", []) == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("1\ta\tX\n", "line 1: expected 10 columns with a word in the second"),
        (line(1, "", "X", 0), "line 1: expected 10 columns with a word in the second"),
        (line(1, "a", "X", 0) + line(3, "b", "X", 1), "line 2: expected word 2"),
        (line(1, "a", "X", 0) + line(1, "b", "X", 1), "line 2: expected word 2"),
        (line("x", "a", "X", 0), "line 1: expected a word's number, or a range 3-4"),
        (line("1-x", "a"), "line 1: expected a word's number"),
        (line(1, "a", "X", "root"), "line 1: expected the number of a head"),
        (line(1, "a", "X", 0) + "\n\n" + line(1, "b", "X", 0), "line 3: .* a blank line"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, content, message):
    with pytest.raises(RowError, match=message):
        for item in read(tmp_path, content):
            if isinstance(item, RowError):
                raise item


def test_another_tag_is_named_by_its_line(tmp_path: Path):
    content = "# c\n" + line(1, "a", "X", 0) + line(2, "b", "noun", 1)
    with pytest.raises(RowError, match="line 3, column 'tags': expected NOUN, so written"):
        TagColumns(codes=("NOUN", "X")).example(read(tmp_path, content)[0])
