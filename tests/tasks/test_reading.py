"""Which rows a task's name, split, language and source give, and what is said where none do."""

import json
import shutil
from pathlib import Path

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.data import hub
from xtk.data.rows import RowError
from xtk.data.sources import HubSource, Rows, labels_or_error
from xtk.tasks.catalogue import find
from xtk.tasks.reading import read_split
from xtk.tasks.task import TEST, VALIDATION

FIXTURES = Path(__file__).parent / "fixtures"
COPA = {"premise": "p", "choice1": "a", "choice2": "b", "question": "cause", "idx": 0}


def read(name: str, split: str, lang: str, *roots: Path, source: str = "local") -> Rows:
    return read_split(find(name), split, lang, source=source, roots=roots)


def write_copa(path: Path, labels: list[int]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(COPA | {"label": label}) + "\n" for label in labels))


def whole_set(folder: Path) -> Path:
    """The fixtures, with a dev file of SNLI too, so that all parts of ANLI+ are there."""
    shutil.copytree(FIXTURES, folder, dirs_exist_ok=True)
    snli = folder / "snli_1.0"
    shutil.copy(snli / "snli_1.0_train.jsonl", snli / "snli_1.0_dev.jsonl")
    return folder


@pytest.mark.parametrize(
    ("task", "split", "lang", "source", "message"),
    [
        ("xnli", "validation", "e", "local", "Unknown language of xnli 'e'; did you mean"),
        ("xnli", "validation", "qu", "local", "Unknown language of xnli 'qu'; did you mean 'ur'"),
        ("xnli", "validation", "xx", "local", "Unknown language of xnli 'xx'; known: ar, bg, de"),
        ("xnli", "validatoin", "de", "local", "Unknown split .* did you mean 'validation'"),
        ("cosmosqa", "test", "en", "local", "Unknown split of cosmosqa 'test'"),
        ("xnli", "validation", "de", "lokal", "Unknown source 'lokal'; did you mean 'local'"),
        ("xnli", "validation", "de", "zzz", "Unknown source 'zzz'; known: auto, hub, local"),
    ],
)
def test_a_wrong_name_is_answered_with_the_nearest(task, split, lang, source, message):
    with pytest.raises(UsageError, match=message):
        read(task, split, lang, source=source)


@pytest.mark.parametrize(
    ("task", "split", "lang", "source", "words"),
    [
        (
            "siqa", "train", "en", "local",
            ["train of siqa in 'en' was not found", "socialiqa-train-dev/train.jsonl",
             "siqa/socialIQa_v1.4_trn.jsonl", "XTK_DATA", "allenai.org", "--train-file",
             "--source sample", "--source hub"],
        ),
        (
            "xnli", "test", "sw", "local",
            ["XNLI-1.0/xnli.test.tsv", "xnli/test-sw.tsv", "XTK_DATA", "--source hub"],
        ),
        ("anli", "validation", "en", "local", ["anli_v1.0/R1/dev.jsonl anli_v1.0/R2/dev.jsonl"]),
        ("anli_plus", "train", "en", "local", ["train of anli in 'en' was not found"]),
        ("mnli", "train", "en", "sample", ["not in source sample", "use --source hub"]),
        ("xqnli", "train", "en", "hub", ["not in source hub", "use --source sample"]),
        ("xcopa", "train", "th", "sample", ["not in source sample", "none has it"]),
        ("anli_plus", "validation", "en", "sample", ["validation of anli in 'en' is not in"]),
    ],
)  # fmt: skip
def test_what_is_missing_is_told_with_the_places_and_the_ways(
    tmp_path: Path, task, split, lang, source, words
):
    with pytest.raises(XtkError) as caught:
        read(task, split, lang, tmp_path / "one", tmp_path / "two", source=source)
    if source == "local":
        words = [*words, f"{tmp_path}/one, {tmp_path}/two"]
    assert [word for word in words if word not in str(caught.value)] == []
    assert "--source local" not in str(caught.value)


def test_ways_that_would_fail_too_are_not_named(tmp_path: Path):
    with pytest.raises(XtkError) as caught:
        read("mnli", "train", "en", tmp_path)
    assert "--source hub" in str(caught.value) and "--source sample" not in str(caught.value)


def test_without_a_folder_it_says_so():
    with pytest.raises(XtkError, match=r"Searched no folder \(XTK_DATA is not set\)"):
        read("mnli", "train", "en")


def test_a_set_with_one_file_missing_is_told_by_that_file(tmp_path: Path):
    whole_set(tmp_path)
    (tmp_path / "anli_v1.0/R3/dev.jsonl").unlink()
    message = r"All of a set are there but \S*anli_v1\.0/R3/dev\.jsonl\."
    with pytest.raises(XtkError, match=message):
        read("anli", "validation", "en", tmp_path)


def test_auto_takes_local_files_then_the_sample_then_the_hub(tmp_path: Path, monkeypatch):
    assert read("siqa", "validation", "en", FIXTURES, source="auto").source == "local"
    assert read("siqa", "validation", "en", tmp_path, source="auto").source == "sample"
    asked: list[str] = []

    def load(source: HubSource, config: str, part: str) -> list[dict]:
        asked.append(f"{source.dataset} {config} {part}")
        raise XtkError("There is no network.")

    monkeypatch.setattr(hub, "load", load)
    with pytest.raises(XtkError) as caught:
        read("xnli", "test", "sw", tmp_path, source="auto")
    assert asked == ["facebook/xnli sw test"]
    assert str(caught.value) == f"There is no network. No local files of xnli in {tmp_path}."
    with pytest.raises(XtkError) as caught:  # who asked for the Hub was not asking for files
        read("xnli", "test", "sw", tmp_path, source="hub")
    assert str(caught.value) == "There is no network."


def test_auto_takes_all_parts_of_a_task_from_one_source(tmp_path: Path, monkeypatch):
    def load(source: HubSource, config: str, part: str) -> list[dict]:
        raise XtkError(source.dataset)

    monkeypatch.setattr(hub, "load", load)
    snli_only = tmp_path / "snli_1.0"
    snli_only.mkdir()
    shutil.copy(FIXTURES / "snli_1.0/snli_1.0_train.jsonl", snli_only / "snli_1.0_dev.jsonl")
    with pytest.raises(XtkError, match=r"^facebook/anli No local files of anli in"):
        read("anli_plus", "validation", "en", tmp_path, source="auto")
    assert read("anli_plus", "validation", "en", whole_set(tmp_path), source="auto").examples


def test_the_parts_of_a_task_are_read_one_after_the_other(tmp_path: Path):
    root = whole_set(tmp_path)
    together = read("anli_plus", "validation", "en", root)
    parts = [read(name, "validation", "en", root) for name in ("anli", "mnli", "snli")]
    assert together.examples == tuple(e for part in parts for e in part.examples)
    assert together.files == tuple(file for part in parts for file in part.files)
    assert together.left_out == sum(part.left_out for part in parts) == 2
    assert [e.label for e in together.examples] == [0, 1, 2] * 3


def test_bad_rows_are_counted_over_all_parts(tmp_path: Path):
    root = whole_set(tmp_path)
    for name in ("anli_v1.0/R2/dev.jsonl", "snli_1.0/snli_1.0_dev.jsonl"):
        good = (root / name).read_text(encoding="utf-8").rstrip("\n")
        (root / name).write_text(f'{good}\n{{"gold_label": "en', encoding="utf-8")

    def skipping(count: int) -> Rows:
        plus = find("anli_plus")
        return read_split(
            plus, "validation", "en", source="local", roots=[root], skip_bad_rows=count
        )

    rows = skipping(2)
    assert [Path(error.file).name for error in rows.skipped] == ["dev.jsonl", "snli_1.0_dev.jsonl"]
    assert len(rows.examples) == 9 and rows.rows_read == 13
    with pytest.raises(RowError, match=r"snli_1\.0_dev\.jsonl, line 5: expected a JSON object"):
        skipping(1)
    with pytest.raises(RowError, match=r"R2/dev\.jsonl, line 2"):
        skipping(0)


@pytest.mark.parametrize("swapped", [False, True])
def test_the_owners_labels_go_before_placeholders_whatever_root_is_first(tmp_path: Path, swapped):
    roots = [tmp_path / "a", tmp_path / "b"]
    xtreme, owner = reversed(roots) if swapped else roots
    write_copa(xtreme / "xcopa/test-et.jsonl", [0] * 20)
    rows = read("xcopa", TEST, "et", *roots)
    with pytest.raises(XtkError, match=r"test-et\.jsonl: all 20 rows have the label 0, a placeh"):
        labels_or_error(rows)
    write_copa(owner / "xcopa/data/et/test.et.jsonl", [0, 1] * 10)
    assert labels_or_error(read("xcopa", TEST, "et", *roots)) == [0, 1] * 10


@pytest.mark.parametrize(("rows", "is_placeholder"), [(19, False), (20, True)])
def test_few_rows_of_one_label_may_be_real(tmp_path: Path, rows, is_placeholder):
    write_copa(tmp_path / "xcopa/test-et.jsonl", [1] * rows)
    read_rows = read("xcopa", TEST, "et", tmp_path)
    assert (read_rows.labels == "placeholder") is is_placeholder


@pytest.mark.parametrize(
    ("task", "lang", "count"), [("xnli", "th", 3), ("csqa", "en", 1), ("hellaswag", "en", 1)]
)
def test_rows_without_labels_are_read_but_not_scored(task, lang, count):
    rows = read(task, TEST, lang, FIXTURES)
    assert (rows.labels, len(rows.examples), rows.left_out) == ("unlabelled", count, 0)
    with pytest.raises(XtkError, match="these rows have no labels"):
        labels_or_error(rows)


def test_a_language_is_read_from_its_own_rows():
    assert len(read("xnli", VALIDATION, "th", FIXTURES).examples) == 3
    assert len(read("xnli", VALIDATION, "ar", FIXTURES).examples) == 1
