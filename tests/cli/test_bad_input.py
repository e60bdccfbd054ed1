"""Every mistake is one sentence, with the exit status that says whose it is."""

import json
import os
from pathlib import Path

import pytest

TRAIN = ("train-adapter", "--task", "siqa", "--source", "sample")

# what was typed -> exit status and words of the one line
MISTAKES = {
    "a task": (("train-adapter", "--task", "hellaswg"), 2, "did you mean 'hellaswag'?"),
    "a size": (("train-adapter", "--task", "siqa", "--size", "larg"), 2, "did you mean 'large'?"),
    "a source": (("train-adapter", "--task", "siqa", "--source", "sampel"), 2, "'sample'?"),
    "a role": (("tasks", "--role", "targets"), 2, "did you mean 'target'?"),
    "a benchmark": (("tasks", "--benchmark", "xtrem"), 2, "did you mean 'xtreme'?"),
    "an option": (("train-adapter", "--taks", "siqa"), 2, "--task"),
    "a command": (("trainadapter",), 2, "No such command"),
    "no task": (("train-adapter",), 2, "Missing option '--task'"),
    "an adapter": ((*TRAIN, "--adapter", "seqbn"), 2, "did you mean 'seq_bn'?"),
    "an adapter's field": ((*TRAIN, "--adapter", "seq_bn[factor=4]"), 2, "cannot be read"),
    "an adapter's value": ((*TRAIN, "--adapter", "seq_bn[reduction_factor=0]"), 2, "not above 0"),
    "epochs": ((*TRAIN, "--epochs", "0"), 2, "--epochs is 0; expected 1 to"),
    "a rate": ((*TRAIN, "--learning-rate", "-1"), 2, "--learning-rate is -1.0"),
    "not a number": ((*TRAIN, "--learning-rate", "nan"), 2, "--learning-rate is nan"),
    "a limit": ((*TRAIN, "--limit", "0"), 2, "--limit"),
    "seeds": ((*TRAIN, "--seeds", "0,x"), 2, "expected numbers, as 0,1,2"),
    "a run": (("evaluate", "nothing"), 2, "has none yet"),
    "a run to predict": (("predict", "nothing", "--input", "x.jsonl"), 2, "has none yet"),
    "an intermediate": (("stack", "--intermediate", "snli", "--target", "xcopa"), 2,
                        "Train it first: xtk train-adapter"),
    "no sample": (("train-adapter", "--task", "mnli", "--source", "sample"), 1, "not in source"),
    "no files": (("train-adapter", "--task", "mnli", "--source", "local"), 1, "XTK_DATA"),
    "a missing file": ((*TRAIN, "--train-file", "nowhere.jsonl"), 1, "There is no file"),
    "a sampling": ((*TRAIN, "--sampling", "unifrom"), 2, "'unifrom' is not one of 'proportional'"),
    "a temperature": ((*TRAIN, "--temperature", "0"), 2, "--temperature"),
    "a cap": ((*TRAIN, "--cap", "0"), 2, "--cap"),
    "masked words of no file": ((*TRAIN, "--mlm", "nowhere.txt"), 1, "nowhere.txt"),
    "masked words of no name": ((*TRAIN, "--mlm", ""), 2, "--mlm is empty"),
    "masked words of no commit": ((*TRAIN, "--mlm", "owner/texts:de"), 1,
                                  "no file owner/texts:de. A data set on the Hub is named"),
    "a task twice": (("train-adapter", "--task", "siqa,snli,siqa"), 2, "A task is named twice"),
    "an empty task": (("train-adapter", "--task", "siqa,"), 2, "Unknown task ''"),
    "all among others": (("train-adapter", "--task", "siqa,all"), 2, "it stands alone"),
    "a task of several": (("train-adapter", "--task", "siqa,snil"), 2, "did you mean 'snli'?"),
    "files of several tasks": (("train-adapter", "--task", "siqa,snli", "--train-file", "a.jsonl"),
                               2, "--train-file and --dev-file are for one task"),
    "a task without training": (("train-adapter", "--task", "tatoeba"), 2,
                                "tatoeba is not trained: it has no training rows"),
    "one of several without training": (("train-adapter", "--task", "siqa,bucc2018"), 2,
                                        "bucc2018 is not trained"),
    "no language file": ((*TRAIN, "--train-file", "de=nowhere.jsonl"), 1, "nowhere.jsonl"),
    "nothing to evaluate": (("evaluate",), 2, "or a backbone with --size"),
    "a backbone without a head": (("evaluate", "--size", "TINY", "--task", "siqa"), 2,
                                  "it has none at all"),
    "a backbone without a task": (("evaluate", "--size", "TINY"), 2, "name one with --task"),
    "a measure": (("evaluate", "--size", "TINY", "--task", "tatoeba", "--measure", "cosin"), 2,
                  "'cosin' is not one of"),
    "large": (("train-adapter", "--task", "hellaswag", "--size", "large"), 1, "or name a folder"),
}  # fmt: skip


@pytest.mark.parametrize("case", MISTAKES, ids=str)
def test_a_mistake_is_one_sentence(case, xtk, home, tiny_folder, monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    words, code, message = MISTAKES[case]
    words = tuple(str(tiny_folder) if word == "TINY" else word for word in words)
    if "train-adapter" in words and "--size" not in words:
        words = (*words, "--size", str(tiny_folder))
    said = xtk(*words)
    assert said.code == code, said.err
    assert message in said.err
    assert "Traceback" not in said.err and "bug" not in said.err
    assert said.out == ""
    assert not [p for p in home.glob("runs/*/run.json") if "untrained" not in str(p)]


@pytest.mark.parametrize("ratio", ["0", "1", "-0.5", "1.5", "nan"])
def test_a_share_of_masked_words_is_between_0_and_1(ratio, xtk, home, tiny_folder, tmp_path):
    (tmp_path / "text.txt").write_text("some text\n")
    words = ("--size", tiny_folder, "--mlm", tmp_path / "text.txt", "--mlm-ratio", ratio)
    said = xtk(*TRAIN, *words)
    assert said.code == 2 and f"--mlm-ratio is {float(ratio)}; expected more than 0" in said.err
    assert not list(home.glob("runs/*/run.json"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "no row was left to read"),
        (b"\n \n", "no row was left to read"),
        (b"good\n\xff\n", "line 2: expected text in UTF-8"),
        (None, "is a folder"),
    ],
)
def test_a_damaged_text_for_masked_words_is_named(
    content, message, xtk, home, tiny_folder, tmp_path
):
    path = tmp_path / "text.txt"
    path.mkdir() if content is None else path.write_bytes(content)
    said = xtk(*TRAIN, "--size", tiny_folder, "--mlm", path)
    assert said.code == 1 and message in said.err and str(path) in said.err, said.err
    assert "Traceback" not in said.err and "bug" not in said.err


@pytest.mark.parametrize("layer", ["99", "x", "-1", "1.5", ""])
def test_a_layer_that_is_none(layer, xtk, home, tiny_folder, monkeypatch):
    monkeypatch.setenv("XTK_DATA", str(Path(__file__).parents[1] / "tasks/fixtures"))
    words = ("--size", tiny_folder, "--task", "tatoeba", "--languages", "th", "--source", "local")
    said = xtk("evaluate", *words, "--layer", layer)
    assert said.code == 2, said.err
    assert f"--layer is '{layer}'; expected auto, all, or 0 to 2" in said.err
    assert xtk("evaluate", *words, "--layer", "1").code == 0


GOOD = {"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c"}
LINE = json.dumps(GOOD | {"label": "1"}) + "\n"
# the content of a training file -> words of the error
FILES = {
    "empty": (b"", "has no rows"),
    "wrong columns": (b'{"a": 1}\n', "line 1, column '"),
    "label out of range": (json.dumps(GOOD | {"label": "4"}).encode(), "expected one of 1, 2, 3"),
    "label of a wrong type": (json.dumps(GOOD | {"label": True}).encode(), "found true"),
    "truncated JSON": (LINE.encode() + b'{"context": "c', "line 2: expected a JSON object"),
    "not UTF-8": (LINE.encode() + b'{"context": "\xff"}\n', "line 2: expected text in UTF-8"),
    "a blank line": ((LINE + "\n" + LINE).encode(), "line 2: expected a row, found a blank line"),
    "a number for text": (
        json.dumps(GOOD | {"context": 3, "label": "1"}).encode(),
        "column 'context'",
    ),
}


@pytest.mark.parametrize("case", FILES, ids=str)
def test_a_damaged_file_is_named_with_its_line(case, xtk, home, tiny_folder, tmp_path):
    content, message = FILES[case]
    path = tmp_path / "rows.jsonl"
    path.write_bytes(content)
    said = xtk(*TRAIN, "--size", tiny_folder, "--train-file", path)
    assert said.code == 1, said.err
    assert message in said.err and str(path) in said.err
    assert not list(home.glob("runs/*/run.json"))


def test_bad_rows_are_skipped_up_to_a_number_and_told(xtk, home, tiny_folder, tmp_path):
    path = tmp_path / "rows.jsonl"
    path.write_text(LINE * 9 + "{}\n" + LINE.replace('"1"', '"2"'))
    words = (*TRAIN, "--size", tiny_folder, "--train-file", path, "--dev-limit", "10")
    said = xtk(*words, "--epochs", "1", "--skip-bad-rows", "1", "--json")
    assert said.code == 0, said.err
    assert "skipped: " in said.err and "line 10, column '" in said.err
    shown = json.loads(xtk("runs", "show", json.loads(said.out)["run"], "--json").out)
    assert shown["details"]["skipped_rows"] == 1
    assert shown["identity"]["train_rows"] == 10


def small_run(xtk, tiny_folder: Path) -> Path:
    words = (*TRAIN, "--size", tiny_folder, "--limit", "10", "--dev-limit", "10", "--epochs", "1")
    return Path(json.loads(xtk(*words, "--json").out)["path"])


def test_languages_and_tasks_that_do_not_fit(xtk, home, tiny_folder):
    name = small_run(xtk, tiny_folder).name
    for words, message in (
        (("--task", "xcopa", "--languages", "sv"), "Unknown language of xcopa 'sv'"),
        (("--task", "xnli"), "has no head for xnli (sequence classification: entailment, neutral"),
        (("--task", "udpos"), "it has siqa (multiple choice: A, B, C)"),
        (("--split", "tests"), "Unknown split of siqa 'tests'"),
        (("--source", "lokal"), "did you mean 'local'?"),
    ):
        said = xtk("evaluate", name, *words)
        assert said.code == 2 and message in said.err, said.err


def test_placeholder_labels_are_never_scored(xtk, home, tiny_folder, tmp_path, monkeypatch):
    name = small_run(xtk, tiny_folder).name
    row = {"premise": "p", "choice1": "a", "choice2": "b", "question": "cause", "label": 0}
    (tmp_path / "xcopa").mkdir()
    (tmp_path / "xcopa/test-et.jsonl").write_text((json.dumps(row) + "\n") * 30)
    monkeypatch.setenv("XTK_DATA", str(tmp_path))
    said = xtk("evaluate", name, "--task", "xcopa", "--languages", "et", "--source", "local")
    assert said.code == 1
    assert "all 30 rows have the label 0, a placeholder" in said.err


def test_a_run_of_another_version_is_refused(xtk, home, tiny_folder):
    path = small_run(xtk, tiny_folder)
    content = json.loads((path / "run.json").read_text())
    (path / "run.json").write_text(json.dumps(content | {"format": 99}))
    said = xtk("evaluate", path.name)
    assert said.code == 1 and "written in format 99 by another version" in said.err
    (path / "run.json").write_text("{")
    said = xtk("evaluate", path.name)
    assert said.code == 1 and f"xtk runs rm {path.name}" in said.err


def test_an_unfinished_run_is_never_used(xtk, home, tiny_folder):
    path = small_run(xtk, tiny_folder)
    (path / "status.json").write_text(json.dumps({"status": "running", "result": {}}))
    said = xtk("evaluate", path.name)
    assert said.code == 1 and "is running, not finished" in said.err
    assert xtk("runs", "gc").out.strip() == path.name
    assert not path.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_forbidden_home_is_one_sentence(xtk, tiny_folder, tmp_path):
    forbidden = tmp_path / "forbidden"
    forbidden.mkdir(mode=0o500)
    said = xtk(*TRAIN, "--size", tiny_folder, "--home", forbidden / "home")
    assert said.code == 1 and "Cannot write" in said.err


@pytest.mark.parametrize("home_at", ["a file", "/proc/xtk"])
def test_a_home_that_cannot_be_written_is_one_sentence(home_at, xtk, home, tiny_folder, tmp_path):
    (tmp_path / "a file").write_text("")
    said = xtk(*TRAIN, "--size", tiny_folder, "--home", tmp_path / home_at)
    assert said.code == 1 and "Cannot write" in said.err and "--home" in said.err, said.err


def test_a_full_disk_leaves_nothing_finished(xtk, home, tiny_folder):
    """A limit on the size of files stands for the disk: it is met where weights are written."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (30_000, hard))  # small files fit, weights do not
    try:
        said = xtk(*TRAIN, "--size", tiny_folder, "--limit", "10", "--epochs", "1",
                   "--dev-limit", "10")  # fmt: skip
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert said.code == 1 and "Traceback" not in said.err
    assert "bug" not in said.err, said.err
    assert not [p for p in home.glob("runs/*/status.json") if "finished" in p.read_text()]
    said = xtk(*TRAIN, "--size", tiny_folder, "--limit", "10", "--epochs", "1", "--dev-limit", "10")
    assert said.code == 0, said.err
