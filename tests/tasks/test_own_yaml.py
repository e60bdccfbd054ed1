"""Tasks declared in YAML: the documented example, the other kinds, and every mistake."""

import json
from dataclasses import fields
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtk.core.errors import XtkError
from xtk.data.sources import labels_or_error
from xtk.kinds.span import SpanExample
from xtk.kinds.tagging import TaggedExample
from xtk.tasks.catalogue import TASKS, find
from xtk.tasks.hyperparameters import Hyperparameters
from xtk.tasks.own import _Values, declaration_sha256, parse_task, read_task
from xtk.tasks.reading import read_files, read_split
from xtk.tasks.task import HUB, Task

OWN = Path(__file__).parent / "own"
TOXICITY = OWN / "toxicity/toxicity.yaml"
TEXT = TOXICITY.read_text(encoding="utf-8")
WHERE = Path("mine.yaml")
STEADY = settings(derandomize=True, deadline=None)


def labels(task: Task, split: str, lang: str) -> list:
    return labels_or_error(read_split(task, split, lang, source="local", roots=()))


def test_the_documented_example():
    task = find(str(TOXICITY))
    assert (task.name, task.kind.name, task.scheme.name) == (
        "toxicity", "sequence classification", "labels",
    )  # fmt: skip
    assert (task.metrics[0], task.eval_split, task.all_languages) == (
        "macro_f1", "test", ("en", "fr"),
    )  # fmt: skip
    assert task.splits == ("train", "validation", "test")
    assert [len(labels(task, *place)) for place in
            (("train", "en"), ("validation", "en"), ("test", "fr"))] == [24, 8, 12]  # fmt: skip
    first = read_split(task, "test", "fr", source="auto", roots=()).examples[0]
    assert (first.first, first.second, first.label) == (
        "Merci beaucoup, c'était délicieux.", None, 0,
    )  # fmt: skip
    assert task.hyperparameters["adapter"].epochs == 5
    assert task.hyperparameters["stack"].epochs == 15


def test_a_declaration_is_read_again_from_its_text():
    task = read_task(TOXICITY)
    assert task.declared_in == TOXICITY
    assert task.declared_in is not None and parse_task(task.declaration, task.declared_in) == task


def test_what_does_not_change_a_training_does_not_change_its_hash():
    task = parse_task(TEXT, WHERE)
    other = parse_task("# moved\n" + TEXT.replace("CC0 1.0", "CC BY 4.0"), Path("x/other.yaml"))
    assert declaration_sha256(task) == declaration_sha256(other)
    swapped = parse_task(TEXT.replace("[harmless, toxic]", "[toxic, harmless]"), WHERE)
    assert declaration_sha256(task) != declaration_sha256(swapped)


def test_the_words_of_hyperparameters_are_those_inside():
    assert [f.name for f in fields(_Values)] == [f.name for f in fields(Hyperparameters)]


def test_names_of_tasks_go_before_files(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "siqa").write_text(TEXT, encoding="utf-8")
    assert find("siqa") in TASKS
    (tmp_path / "mine").write_text(TEXT, encoding="utf-8")
    assert find("mine").name == "toxicity"
    with pytest.raises(XtkError, match=r"There is no file nowhere\.yaml"):
        find("nowhere.yaml")
    with pytest.raises(XtkError, match="Unknown task 'siqaa'; did you mean 'siqa'"):
        find("siqaa")
    with pytest.raises(XtkError, match="Unknown task"):
        find("x" * 5000)


TAGGED = """\
name: places
kind: token classification
label_names: [O, B-LOC, I-LOC]
languages: [th]
sources:
  local:
    files:
      train: ["{lang}.conll", more.tsv]
      test: {th: th.conll}
licence: own
"""
QUESTIONS = """\
name: questions
kind: span extraction
languages: {mine: [th]}
eval_split: test
sources:
  local:
    - files: {train: train.json}
    - files: {test: test.jsonl}
      language: th
      columns: {question: q}
licence: own
"""
CHOICES = """\
name: choices
kind: multiple choice
label_names: [first, second]
train_language: no
sources:
  local:
    files: {train: rows.jsonl, validation: rows.jsonl}
    parts: {train: [0, 2], validation: [2, 3]}
    columns: {context: c, choices: [one, two], label: l, codes: [01, 2]}
licence: own
"""


def squad(text: str) -> dict:
    answers = [{"text": text, "answer_start": 0}]
    return {"id": "1", "question": "ที่ไหน?", "answers": answers}


def test_ner_in_conll_form(tmp_path: Path):
    (tmp_path / "en.conll").write_text("Paris\tB-LOC\nis\tO\n\nNew\tB-LOC\nYork\tI-LOC\n")
    (tmp_path / "more.tsv").write_text("Here\tO\n")
    (tmp_path / "th.conll").write_text("ใน\tO\nปารีส\tB-LOC\n", encoding="utf-8")
    (tmp_path / "ner.yaml").write_text(TAGGED)
    task = read_task(tmp_path / "ner.yaml")
    assert task.metrics[0] == "f1" and task.splits == ("train", "test")
    rows = read_split(task, "train", "en", source="local", roots=())
    assert [e.tags for e in rows.examples] == [(1, 0), (1, 2), (0,)]
    (thai,) = read_split(task, "test", "th", source="local", roots=()).examples
    assert thai == TaggedExample(("ใน", "ปารีส"), (0, 1))
    own = read_files(task, [tmp_path / "th.conll"], lang="th")
    assert own.examples == (thai,)


def test_qa_in_squad_form_and_as_rows(tmp_path: Path):
    paragraphs = [{"context": "Paris is big.", "qas": [squad("Paris")]}]
    (tmp_path / "train.json").write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}))
    row = {"id": "2", "q": "อะไร?", "context": "ปารีสใหญ่", "answers": squad("ปารีส")["answers"]}
    (tmp_path / "test.jsonl").write_text(json.dumps(row))
    (tmp_path / "qa.yaml").write_text(QUESTIONS)
    task = read_task(tmp_path / "qa.yaml")
    assert task.benchmark_metrics == ("exact_match", "f1") and task.max_length == 384
    assert labels(task, "train", "en") == [((0, "Paris"),)]
    (thai,) = read_split(task, "test", "th", source="local", roots=()).examples
    assert isinstance(thai, SpanExample)
    assert (thai.question, thai.answers) == ("อะไร?", ((0, "ปารีส"),))


def test_values_are_read_as_they_stand(tmp_path: Path):
    rows = [{"c": "x", "one": "a", "two": "b", "l": label} for label in ("01", "2", 2)]
    (tmp_path / "rows.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "choices.yml").write_text(CHOICES)
    task = read_task(tmp_path / "choices.yml")
    assert task.train_language == "no"  # Norwegian, which YAML 1.1 takes for false
    assert labels(task, "train", "no") == [0, 1] and labels(task, "validation", "no") == [1]


def test_two_labels_have_an_f1_of_the_second():
    assert parse_task(TEXT.replace("[macro_f1, ", "[f1, "), WHERE).metrics == ("f1", "accuracy")
    three = TEXT.replace("harmless, toxic]", "a, b, c]").replace("[0, 1]", "[0, 1, 2]")
    assert parse_task(three, WHERE).metrics == ("macro_f1", "accuracy")
    with pytest.raises(XtkError, match="key 'metrics': expected one of accuracy, macro_f1, found"):
        parse_task(three.replace("[macro_f1, ", "[f1, "), WHERE)


def test_a_data_set_on_the_hub():
    text = TEXT.partition("  local:")[0] + (
        "  hub:\n    dataset: owner/set\n    config: c_{lang}\n    revision: " + "0" * 40 +
        "\n    splits: {train: train, validation: [dev_1, dev_2], test: test}\n"
        "    columns: {first: text, label: label, codes: [0, 1]}\n"
        "    rows: {test: {fr: 12}}\nlicence: own\n"
    )  # fmt: skip
    (source,) = parse_task(text, WHERE).sources[HUB]
    assert source.config_of("fr") == "c_fr" and source.count("test", "fr") == 12
    assert source.splits["validation"] == ("dev_1", "dev_2")


# what is written in the place of what, the line and key of the error, and its words
MISTAKES = {
    "an unknown key": ("title: Is", "titel: Is", 2, "titel", "did you mean 'title'?"),
    "an unknown key inside": ("label: label", "labels: label", 16, "sources.local.columns.labels",
                              "did you mean 'label'?"),
    "a missing key": ("licence: CC0 1.0\n", "", 1, "licence", "expected this key, found none"),
    "a missing column": ("      label: label\n", "", 14, "sources.local.columns.label",
                         "expected this key"),
    "a key twice": ("title: Is", "name: Is", 2, "name", "stands twice, first in line 1"),
    "an unknown kind": ("sequence classification", "sequence clasification", 3, "kind",
                        "found 'sequence clasification'; did you mean 'sequence classification'?"),
    "a kind that is a list": ("sequence classification", "[x]", 3, "kind",
                              "expected text, found a list"),
    "a name of another task": ("name: toxicity", "name: siqa", 1, "name", "already"),
    "a name with a blank": ("name: toxicity", "name: my task", 1, "name", "found 'my task'"),
    "one label": ("[harmless, toxic]", "[toxic]", 4, "label_names", "two or more"),
    "a label twice": ("[harmless, toxic]", "[toxic, toxic]", 4, "label_names", "twice"),
    "a label of two lines": ("[harmless, toxic]", '["a\\nb", toxic]', 4, "label_names",
                             "text of one line"),
    "no label at all": ("[harmless, toxic]", "[~, toxic]", 4, "label_names[1]", "found nothing"),
    "an unknown metric": ("[macro_f1, ", "[macro_f, ", 5, "metrics", "did you mean 'macro_f1'?"),
    "an unknown role": ("languages:", "roles: [targets]\nlanguages:", 6, "roles",
                        "did you mean 'target'?"),
    "a language that is none": ("[fr]", "[French]", 6, "languages", "found 'French'"),
    "a language that no file has": ("test: test-{lang}.csv", "test: {de: test-de.csv}", 6,
                                    "languages", "no source has test in 'fr'"),
    "no training rows": ("train: train-{lang}.csv", "train: {fr: x.csv}", 7, "train_language",
                         "no source has train in 'en'"),
    "an unknown split": ("train_language: en", "eval_split: tset", 7, "eval_split",
                         "did you mean 'test'?"),
    "a split in capitals": ("test: test-", "Test: test-", 13, "sources.local.files.Test",
                            "small letters"),
    "braces of another name": ("test-{lang}", "test-{lng}", 13, "sources.local.files.test",
                               "{lang}"),
    "an open brace": ("test: test-{lang}.csv", 'test: "test-{lang.csv"', 13,
                      "sources.local.files.test", "{lang}"),
    "an ending that is not read": ("test-{lang}.csv", "test-{lang}.xlsx", 13,
                                   "sources.local.files.test", ".csv, .tsv, .jsonl, .json"),
    "no files": ("test: test-{lang}.csv", "test: []", 13, "sources.local.files.test", "found none"),
    "a path that is a number of keys": ("first: text", "first: {a: b}", 15,
                                        "sources.local.columns.first", "found keys with values"),
    "a code too many": ("codes: [0, 1]", "codes: [0, 1, 2]", 17, "sources.local.columns.codes",
                        "expected 2 codes, one for each of the label names, found 3"),
    "a code twice": ("codes: [0, 1]", "codes: [0, 0]", 17, "sources.local.columns.codes", "twice"),
    "a code for no label": ("codes: [0, 1]", "codes: [0, 1]\n      unlabelled: [1]", 18,
                            "sources.local.columns.unlabelled", "'1' is the code of a label too"),
    "a reader that there is not": ("    columns:", "    read: csv\n    columns:", 14,
                                   "sources.local.read", "no such key for this kind"),
    "no source": ("  local:\n", "  locale:\n", 9, "sources.locale", "did you mean 'local'?"),
    "a source that is text": ("sources:\n", "sources: here\nother:\n", 8, "sources",
                              "expected keys with values, found 'here'"),
    "text for a number": ("{epochs: 5}", "{epochs: five}", 21, "hyperparameters.adapter.epochs",
                          "expected a whole number, found 'five'"),
    "no number": ("{epochs: 5}", "{learning_rate: .nan}", 21,
                  "hyperparameters.adapter.learning_rate", "expected a number, found '.nan'"),
    "an unknown hyperparameter": ("{epochs: 5}", "{epoch: 5}", 21, "hyperparameters.adapter.epoch",
                                  "did you mean 'epochs'?"),
    "an unknown method": ("  adapter:", "  adaptor:", 21, "hyperparameters.adaptor",
                          "did you mean 'adapter'?"),
    "a length of nothing": ("licence:", "max_length: 0\nlicence:", 18, "max_length", "found 0"),
    "a truth that is none": ("    columns:", "    form: {quoted: maybe}\n    columns:", 14,
                             "sources.local.form.quoted", "expected true or false, found 'maybe'"),
    "a part that is none": ("    columns:", "    parts: {test: [5, 5]}\n    columns:", 14,
                            "sources.local.parts.test", "found 5 to 5"),
    "one end of a part": ("    columns:", "    parts: {test: [5]}\n    columns:", 14,
                          "sources.local.parts.test", "expected 2 values, found 1"),
    "rows of an unknown split": ("    columns:", "    rows: {tset: 5}\n    columns:", 14,
                                 "sources.local.rows.tset", "did you mean 'test'?"),
    "fewer than no rows": ("    columns:", "    rows: {test: -5}\n    columns:", 14,
                           "sources.local.rows.test", "found -5"),
    "a tag of Python": ("title: Is a comment toxic?", "title: !!python/object:os.system x", 2,
                        "title", "the tag tag:yaml.org,2002:python/object:os.system is not read"),
    "a tag of Python for keys": ("{epochs: 5}", "!!python/object/apply:os.system {}", 21,
                                 "hyperparameters.adapter", "is not read"),
    "an alias": ("[harmless, toxic]", "[&a harmless, *a]", 4, "label_names[2]",
                 "aliases are not read"),
    "a name that is a list": ("title: Is", "[a]: Is", 2, "?", "expected a name, found a list"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_is_told_with_its_line_and_key(case):
    old, new, line, key, words = MISTAKES[case]
    assert old in TEXT
    with pytest.raises(XtkError) as caught:
        parse_task(TEXT.replace(old, new), WHERE, taken=["siqa"])
    told = [one for one in str(caught.value).split("\n") if f"key '{key}'" in one]
    assert len(told) == 1, caught.value
    assert told[0].startswith(f"mine.yaml, line {line}, key '{key}': ")
    assert words in told[0]


HUB_SOURCE = """\
  hub:
    dataset: owner/set
    revision: 0123456789abcdef0123456789abcdef01234567
    splits: {train: train, validation: dev}
    columns: {first: text, label: label}
licence:"""
OF_THE_HUB = {
    "no owner": ("owner/set", "set", 19, "dataset", "expected owner/name, found 'set'"),
    "a branch": ("0123456789abcdef0123456789abcdef01234567", "main", 20, "revision",
                 "expected a whole commit, 40 hexadecimal digits, found 'main'"),
    "seven digits": ("0123456789abcdef0123456789abcdef01234567", "0123456", 20, "revision",
                     "found '0123456'"),
    "a part of a split": ("train: train,", "train: partial-train,", 21, "splits.train",
                          "only a part of a split"),
    "a slice of a split": ("train: train,", '"train": "train[:5]",', 21, "splits.train",
                           "letters, digits"),
    "a way out of the folder": ("dataset: owner/set", "dataset: owner/set\n    config: ../up", 20,
                                "config", "letters, digits"),
}  # fmt: skip


@pytest.mark.parametrize("case", OF_THE_HUB)
def test_a_mistake_about_the_hub(case):
    old, new, line, key, words = OF_THE_HUB[case]
    text = TEXT.replace("licence:", HUB_SOURCE)
    parse_task(text, WHERE)
    with pytest.raises(XtkError) as caught:
        parse_task(text.replace(old, new), WHERE)
    assert str(caught.value).startswith(f"mine.yaml, line {line}, key 'sources.hub.{key}': ")
    assert words in str(caught.value)


def test_all_mistakes_are_told_at_once_in_the_order_of_the_file():
    text = TEXT
    for case in ("an unknown kind", "a language that is none", "a missing key", "no number"):
        text = text.replace(*MISTAKES[case][:2])
    with pytest.raises(XtkError) as caught:
        parse_task(text, WHERE)
    told = str(caught.value).split("\n")
    keys = [line.partition("'")[2].partition("'")[0] for line in told]
    assert keys == ["licence", "kind", "languages", "hyperparameters.adapter.learning_rate"]


NO_YAML = {
    "nothing": (b"", 1, "the file is empty"),
    "only a remark": (b"# nothing\n", 1, "the file is empty"),
    "a list": (b"- a\n- b\n", 1, "expected keys with values, found a list"),
    "a text": (b"toxicity", 1, "expected keys with values, found 'toxicity'"),
    "an open bracket": (b"name: x\nkind: [a\nlicence: b\n", 3, "expected YAML"),
    "a tab": (b"name: x\n\tkind: y\n", 2, "expected YAML"),
    "two documents": (TEXT.encode() + b"---\nname: x\n", 22, "expected YAML"),
    "an unknown anchor": (b"name: *x\n", 1, "undefined alias"),
    "a bell": (b"name: x\ntitle: \x07\n", 2, "the character 0x7 is not allowed"),
    "no UTF-8": (b"name: x\ntitle: \xff\n", 2, "expected text in UTF-8, found byte 0xff"),
    "a character beyond Unicode": (b'name: "\\UFFFFFFFF"\n', 1, "expected YAML"),
    "many brackets": (b"[" * 20_000, 1, "RecursionError"),
}  # fmt: skip


@pytest.mark.parametrize("case", NO_YAML)
def test_what_is_no_declaration_is_told_with_its_line(tmp_path: Path, case):
    content, line, words = NO_YAML[case]
    (tmp_path / "mine.yaml").write_bytes(content)
    with pytest.raises(XtkError) as caught:
        read_task(tmp_path / "mine.yaml")
    assert str(caught.value).startswith(f"{tmp_path / 'mine.yaml'}, line {line}: ")
    assert words in str(caught.value) and "\n" not in str(caught.value)


def test_a_folder_and_a_file_that_is_too_large(tmp_path: Path):
    with pytest.raises(XtkError, match="is a folder; a YAML file belongs there"):
        read_task(tmp_path)
    (tmp_path / "big.yaml").write_bytes(b"#" * 300_000)
    with pytest.raises(XtkError, match=r"big\.yaml is larger than the 262,144 bytes"):
        read_task(tmp_path / "big.yaml")


def test_a_bomb_of_aliases_is_told_at_once():
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]" for i in range(1, 60)]
    with pytest.raises(XtkError, match="key 'a0'"):
        parse_task("\n".join(lines), WHERE)
    nested = TEXT.replace("codes: [0, 1]", "codes: &c [0, *c]")
    with pytest.raises(XtkError, match="aliases are not read"):
        parse_task(nested, WHERE)


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path):
    (tmp_path / "mine.yaml").write_bytes(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode())
    assert read_task(tmp_path / "mine.yaml").label_names == ("harmless", "toxic")


YAML_TEXTS = st.text(st.sampled_from("ab:[]{}-,#&*!|>'\"%@`\\? \n\t~0.\x00é"), max_size=60)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=5,
)


@STEADY
@given(text=YAML_TEXTS, place=st.integers(0, len(TEXT)), length=st.integers(0, 40))
def test_no_text_gives_a_traceback(text, place, length):
    for one in (text, TEXT[:place] + text + TEXT[place + length :]):
        try:
            parse_task(one, WHERE)
        except XtkError as error:
            assert str(error).startswith("mine.yaml, line ")


@STEADY
@given(value=VALUES, line=st.sampled_from([i for i, x in enumerate(TEXT.split("\n")) if ": " in x]))
def test_no_value_gives_a_traceback(value, line):
    lines = TEXT.split("\n")
    lines[line] = f"{lines[line].partition(':')[0]}: {json.dumps(value)}"
    try:
        task = parse_task("\n".join(lines), WHERE)
    except XtkError as error:
        assert str(error).startswith("mine.yaml, line ")
    else:
        assert isinstance(task, Task)
