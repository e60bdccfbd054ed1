import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from xtk.core.errors import XtkError
from xtk.data.entities import read_mentions, read_pairs
from xtk.data.files import DataFile
from xtk.data.formats import Form, Item
from xtk.data.retrieval import RetrievalColumns
from xtk.data.sources import Rows, collect

COLUMNS = RetrievalColumns()
FIXTURES = Path(__file__).parents[1] / "tasks/fixtures"
Read = Callable[[DataFile, Form], Iterator[Item]]


def rows(*items: Item, skip_bad_rows: int = 0) -> Rows:
    return collect(items, COLUMNS, source="file", files=("f",), skip_bad_rows=skip_bad_rows)


def read_all(read: Read, *paths: Path) -> Rows:
    return rows(*(item for path in paths for item in read(DataFile(path), Form())))


def mewslix(folder: Path, name: str, change: Callable[[dict], object]) -> Path:
    lines = (FIXTURES / "mewslix" / name).read_text(encoding="utf-8").splitlines()
    whole = [json.loads(line) for line in lines]
    change(whole[0])
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in whole), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.update(mentions=3), "column 'mentions': expected a list"),
        (lambda w: w.pop("context"), "column 'context.text'"),
        (lambda w: w["mentions"][0].pop("entity_id"), "column 'mention.entity_id'"),
        (lambda w: w["mentions"][0].update(entity_id=None), "column 'mention.entity_id'"),
        (lambda w: w["mentions"][0].update(example_id="ta-2"), "'id': .* no earlier row"),
        (lambda w: w["mentions"][0].update(mention_span=[1, 2]), "start and end within"),
        (lambda w: w["mentions"][0]["mention_span"].update(end=9_999), "start and end within"),
        (lambda w: w["mentions"][0]["mention_span"].update(start=1), "the place of 'சென்னை'"),
        (lambda w: w["context"].update(sentence_spans=[]), "a mention inside one sentence"),
        (lambda w: w["context"].update(sentence_spans=None), "a list of spans"),
    ],
)
def test_a_damaged_mention_is_an_error_with_its_line(tmp_path, change, message):
    with pytest.raises(XtkError, match=rf"wikinews_mentions-test\.jsonl, line 1.*{message}"):
        read_all(read_mentions, mewslix(tmp_path, "wikinews_mentions-test.jsonl", change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.pop("description"), "line 1, column 'description'"),
        (lambda w: w.update(entity_id="Q90"), "line 4, column 'id': .* no earlier row"),
        (lambda w: w.update(entity_id=1), "line 1, column 'entity_id': expected text"),
        (lambda w: w.update(sentence_spans=[{"start": 3, "end": 3}]), "line 1, .* start and end"),
    ],
)
def test_a_damaged_entity_is_an_error_with_its_line(tmp_path, change, message):
    with pytest.raises(XtkError, match=message):
        read_all(read_mentions, mewslix(tmp_path, "candidate_set_entities.jsonl", change))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda w: w.pop("entity"), "line 1, column 'entity'"),
        (lambda w: w["entity"].update(entity_id="Q1"), "line 1, .* the mention's entity"),
        (lambda w: w["entity"].update(description="The Vaigai."), "line 1, .* within 11"),
        (
            lambda w: w["entity"].update(sentence_spans=[{"start": 0, "end": 3}]),
            "line 2, column 'entity.description': expected one text for an entity",
        ),
    ],
)
def test_a_damaged_pair_is_an_error_with_its_line(tmp_path, change, message):
    with pytest.raises(XtkError, match=message):
        read_all(read_pairs, mewslix(tmp_path, "wikipedia_pairs-dev.jsonl", change))


@pytest.mark.parametrize("content", [b'{"entity_id": "Q1"', b"[12]\n", b"NaN\n", b"\xff\n"])
def test_a_line_that_is_no_object_is_an_error(tmp_path, content):
    (tmp_path / "candidate_set_entities.jsonl").write_bytes(content)
    with pytest.raises(XtkError, match=r"candidate_set_entities\.jsonl, line 1"):
        read_all(read_mentions, tmp_path / "candidate_set_entities.jsonl")


def test_bad_mentions_are_skipped_as_many_as_were_allowed(tmp_path):
    def damage(whole: dict) -> None:
        whole["mentions"][0]["mention_span"]["text"] = "?"

    path = mewslix(tmp_path, "wikinews_mentions-test.jsonl", damage)
    found = rows(*read_mentions(DataFile(path), Form()), skip_bad_rows=1)
    assert [e.id for e in found.examples] == ["ta-2", "fa-1"]
    assert (len(found.skipped), found.rows_read) == (1, 3)
