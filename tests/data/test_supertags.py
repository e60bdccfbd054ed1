from pathlib import Path

import pytest

from xtk.data.files import DataFile
from xtk.data.formats import AS_IT_SAYS
from xtk.data.rows import RowError
from xtk.data.supertags import read_ccgbank, read_supertags

LEAF = r"(<L (S[dcl]\NP)/NP VBZ VBZ likes (S[dcl]\NP_1)/NP_2>)"
TREE = (
    rf"(<T S[dcl] 0 2> (<L NP PRP PRP She NP>) (<T S[dcl]\NP 0 2> {LEAF} (<L NP NN NN té NP>) ) )"
)


def read(folder: Path, content: str, reader) -> list:
    (folder / "x").write_text(content, encoding="utf-8")
    return list(reader(DataFile(folder / "x"), AS_IT_SAYS))


def test_the_leaves_of_a_derivation(tmp_path: Path):
    (item,) = read(tmp_path, f"ID=wsj_0001.1 PARSER=GOLD NUMPARSE=1\n{TREE}\n", read_ccgbank)
    assert item.values["tokens"] == ["She", "likes", "té"]
    assert item.values["tags"] == ["NP", r"(S[dcl]\NP)/NP", "NP"]


def test_words_with_bars(tmp_path: Path):
    items = read(tmp_path, "She|PRP|NP likes|VBZ|(S\\NP)/NP  \n|||X|Y\n", read_supertags)
    assert [item.values["tokens"] for item in items] == [["She", "likes"], ["||"]]
    assert items[0].values["tags"] == ["NP", "(S\\NP)/NP"]


@pytest.mark.parametrize(
    ("reader", "content", "message"),
    [
        (read_supertags, "a|N|N\nb|N\n", r"line 2: expected word\|POS\|category for each word"),
        (read_supertags, "a||N\n", "line 1: expected word"),
        (read_supertags, "a|N|N\n\nb|N|N\n", "line 2: expected a row, found a blank line"),
        (read_ccgbank, f"ID=1\n{TREE[:-5]}\n", "line 2: expected ID=... or a derivation"),
        (read_ccgbank, f"{TREE.replace('té', 't e')}\n", "line 1: expected ID=... or a derivation"),
        (read_ccgbank, "ID=1\nx\n", "line 2: expected ID=... or a derivation"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, reader, content, message):
    with pytest.raises(RowError, match=message):
        for item in read(tmp_path, content, reader):
            if isinstance(item, RowError):
                raise item
