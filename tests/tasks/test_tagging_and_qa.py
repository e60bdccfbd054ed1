"""What the declarations of tagging and question answering say beside their rows."""

import json
from pathlib import Path

import pytest

from xtk.core.errors import UsageError
from xtk.data.sources import LABELLED, UNLABELLED, HubSource, Rows
from xtk.tasks.catalogue import find
from xtk.tasks.reading import hub_source, read_files, read_split
from xtk.tasks.tagging import NAMES, UPOS

FIXTURES = Path(__file__).parent / "fixtures"


def read(name: str, split: str, lang: str, root: Path = FIXTURES) -> Rows:
    return read_split(find(name), split, lang, source="local", roots=[root])


def test_tags_are_in_the_order_of_the_benchmarks():
    assert list(UPOS) == sorted(UPOS) and len(UPOS) == 17
    assert NAMES == ("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC")


@pytest.mark.parametrize(("name", "lang"), [("udpos", "th"), ("panx", "zh")])
def test_xtremes_test_files_hold_tokens_alone(name, lang):
    rows = read(name, "test", lang)
    assert rows.labels == UNLABELLED and len(rows.examples) == 2


def test_xtremes_dev_files_of_tydiqa_have_no_answers():
    assert read("tydiqa", "test", "ko").labels == UNLABELLED
    assert read("tydiqa", "validation", "te").labels == LABELLED


def test_the_training_rows_of_another_language_can_be_read():
    rows = read("tydiqa", "train", "ko")
    assert [(e.id, e.answers) for e in rows.examples] == [
        ("0", ((0, "서울"),)),
        ("0 (2)", ((4, "한국"),)),
    ]
    assert rows.examples[0].passage == rows.examples[1].passage


def test_mixed_languages_are_told_by_the_ids(tmp_path: Path):
    content = json.loads((FIXTURES / "tydiqa/tydiqa-goldp-v1.1-dev.json").read_text("utf-8"))
    (tmp_path / "tydiqa").mkdir()
    path = tmp_path / "tydiqa/tydiqa-goldp-v1.1-train.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert [e.id for e in read("tydiqa", "train", "ko", tmp_path).examples] == ["korean-5-0"]
    content["data"][0]["paragraphs"][0]["qas"][0]["id"] = "thai-5-0"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(Exception, match="expected an id that begins with arabic, bengali"):
        read("tydiqa", "train", "te", tmp_path)


def test_names_of_conlls_class_misc_are_no_names(tmp_path: Path):
    path = tmp_path / "own.txt"
    path.write_text("German B-MISC\nfilms O\n\nAda B-PER\n")
    rows = read_files(find("ner"), [path])
    assert [e.tags for e in rows.examples] == [(0, 0), (1,)]
    (tmp_path / "own.tsv").write_text("German\tB-MISC\n")
    with pytest.raises(Exception, match="line 1, column 'tags': expected one of O, B-PER"):
        read_files(find("ner"), [tmp_path / "own.tsv"])


def test_own_questions_are_read_in_squads_form(tmp_path: Path):
    source = FIXTURES / "squad/dev-v1.1.json"
    for name in ("squad", "xquad", "mlqa", "tydiqa"):
        assert read_files(find(name), [source]).examples == read("squad", "train", "en").examples
    (tmp_path / "own.tsv").write_text("x")
    with pytest.raises(UsageError, match=r"squad is read from files ending in"):
        read_files(find("squad"), [tmp_path / "own.tsv"])


@pytest.mark.parametrize("lang", ["zh", "fr", "de", "el", "ru", "lt", "pl", "ro", "uk", "wo"])
def test_languages_that_the_hub_mixed_with_others_are_not_taken_from_it(lang):
    assert hub_source(find("udpos"), "test", lang) is None


@pytest.mark.parametrize(
    ("name", "split", "lang", "config", "count"),
    [
        ("udpos", "validation", "af", "udpos.Afrikaans", 194),
        ("udpos", "train", "kk", "udpos.Kazakh", 31),
        ("panx", "test", "yo", "PAN-X.yo", 100),
        ("xquad", "test", "ro", "xquad.ro", 1_190),
        ("xquad", "validation", "en", "plain_text", 10_570),
        ("mlqa", "train", "en", "plain_text", 87_599),
        ("mlqa", "validation", "en", "MLQA.en.en", 1_148),
        ("mlqa", "test", "hi", "MLQA.hi.hi", 4_918),
        ("tydiqa", "train", "ko", "secondary_task", 1_625),
        ("tydiqa", "test", "sw", "secondary_task", 499),
    ],
)
def test_the_hubs_configuration_and_count_of_a_language(name, split, lang, config, count):
    source = hub_source(find(name), split, lang)
    assert isinstance(source, HubSource)
    assert (source.config_of(lang), source.count(split, lang)) == (config, count)


@pytest.mark.parametrize(
    ("name", "split", "lang"),
    [("udpos", "validation", "th"), ("panx", "test", "qu"), ("xquad", "train", "de")],
)
def test_what_the_hub_does_not_have_is_not_asked_of_it(name, split, lang):
    assert hub_source(find(name), split, lang) is None


def test_tydis_languages_make_its_published_totals():
    counts = hub_source(find("tydiqa"), "train", "en").rows
    assert {split: sum(by_lang.values()) for split, by_lang in counts.items()} == {
        **{"train": 49_881, "validation": 5_077, "test": 5_077}
    }
