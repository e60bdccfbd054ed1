"""Runs of several tasks and of several languages, from training to predictions."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.core.settings import Settings
from xtk.tasks.benchmarks import PAPER
from xtk.workflows.evaluate import On, evaluate
from xtk.workflows.predict import predict
from xtk.workflows.recipe import Options
from xtk.workflows.train import finetune, stack, tasks_of, train_adapter

SMALL = Options(source="sample", limit=24, dev_limit=16, epochs=1, precision="fp32")
TEXT = "the rain in spain\n\nstays mainly in the plain\nde regen valt\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.of(home=tmp_path, environ={})


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(TEXT * 5, encoding="utf-8")
    return path


def test_two_tasks_share_an_adapter(settings, tiny_folder, tmp_path):
    run = train_adapter("siqa, snli", size=str(tiny_folder), options=SMALL, settings=settings)
    assert run.name.startswith("siqa+snli-tiny-seq_bn-")
    assert run.identity.tasks == ("siqa", "snli")
    assert run.identity.mixing == {"sampling": "proportional", "languages": "en,en"}
    values = run.identity.hyperparameters
    assert (values["siqa.batch_size"], values["snli.batch_size"]) == (16, 32)
    assert run.identity.train_rows == 48 and run.result["n"] == 32
    assert set(run.result["tasks"]) == set(run.details["heads"]) == {"siqa", "snli"}
    each = [result["dev"] for result in run.result["tasks"].values()]
    assert run.result["dev"] == pytest.approx(sum(each) / 2)
    assert 'load_head("adapter/heads/TASK"' in (run.path / "README.md").read_text("utf-8")

    on = On(source="sample", limit=16)
    cells = evaluate(run.name, on, settings=settings)
    assert [(c.task, c.metric) for c in cells] == [
        (task, metric) for task in ("siqa", "snli") for metric in ("accuracy", "macro_f1")
    ]
    # the same rows as dev: the restored run gives the scores that training ended with
    assert [c.value for c in cells[::2]] == pytest.approx(each, abs=1e-4)
    assert evaluate(run.name, replace(on, task="snli"), settings=settings) == cells[2:]
    choices = replace(on, task="xcopa", languages=("sw",))
    assert {c.task for c in evaluate(run.name, choices, settings=settings)} == {"xcopa"}

    rows = tmp_path / "rows.jsonl"
    rows.write_text(json.dumps({"first": "a dog", "second": "an animal"}) + "\n")
    (one,) = predict(run.name, rows, task="snli", settings=settings)
    assert one["label"] in ("entailment", "neutral", "contradiction")
    with pytest.raises(UsageError, match="several heads; --task is one of siqa, snli"):
        list(predict(run.name, rows, settings=settings))
    with pytest.raises(UsageError, match="did you mean 'snli'"):
        list(predict(run.name, rows, task="snil", settings=settings))

    above = stack(run.name, "xcopa", options=SMALL, settings=settings)
    assert above.name.startswith("xcopa-on-siqa+snli-tiny-")
    assert (above.path / "intermediate" / "adapter.safetensors").is_file()
    assert evaluate(above.name, choices, settings=settings)


@pytest.mark.parametrize("method", ["adapter", "finetune"])
def test_masked_words_beside_a_task(method, settings, tiny_folder, text):
    options = replace(SMALL, mlm=str(text), mlm_ratio=0.5)
    train = train_adapter if method == "adapter" else finetune
    run = train("siqa", size=str(tiny_folder), options=options, settings=settings)
    assert run.identity.mixing["mlm_ratio"] == 0.5
    assert len(run.identity.mixing["mlm_sha256"]) == 64
    alone = train("siqa", size=str(tiny_folder), options=SMALL, settings=settings)
    assert alone.identity.mixing == {} and alone.name != run.name
    assert run.result["steps"] == 2 * alone.result["steps"]
    assert evaluate(run.name, On(source="sample", limit=16), settings=settings)
    files = {path.name for path in run.modules.rglob("*.safetensors")}
    kept = {"adapter.safetensors"} if method == "adapter" else {"encoder.safetensors"}
    assert files == kept | {"model_head.safetensors"}


def rows_of_siqa(path: Path, count: int) -> Path:
    row = {"context": "c", "question": "q", "answerA": "a", "answerB": "b", "answerC": "c"}
    lines = [json.dumps(row | {"context": f"{path.stem} {i}", "label": str(i % 3 + 1)})
             for i in range(count)]  # fmt: skip
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_translated_rows_are_streams_of_their_own(settings, tiny_folder, tmp_path):
    german, english, more = (rows_of_siqa(tmp_path / f"{n}.jsonl", 12) for n in ("de", "en", "de2"))
    files = (("de", german), (None, english), ("de", more))
    runs = {}
    for how in ("proportional", "temperature", "uniform"):
        options = replace(SMALL, train_files=files, limit=None, sampling=how, temperature=5.0)
        runs[how] = train_adapter("siqa", size=str(tiny_folder), options=options, settings=settings)
    mixing = {"sampling": "proportional", "languages": "de,en"}
    assert runs["proportional"].identity.mixing == mixing
    assert runs["temperature"].identity.mixing == {
        "sampling": "temperature", "languages": "de,en", "temperature": 5.0
    }  # fmt: skip
    assert len({run.name for run in runs.values()}) == 3
    run = runs["proportional"]
    assert run.identity.train_rows == 36
    assert run.details["train_files"] == [str(german), str(more), str(english)]
    assert run.details["options"]["train_files"] == [f"de={german}", str(english), f"de={more}"]


def test_all_names_every_task_that_lacks_rows(settings, tiny_folder):
    assert tasks_of("all") == PAPER
    options = replace(SMALL, source="local")
    with pytest.raises(XtkError) as caught:
        train_adapter("all", size=str(tiny_folder), options=options, settings=settings)
    message = str(caught.value)
    assert message.startswith("9 of 9 tasks lack rows. ")
    for task in PAPER:
        assert f"\n{task}: " in message or f" {task}: " in message
    with pytest.raises(XtkError, match=r"1 of 2 tasks lack rows. mnli: "):
        train_adapter(
            "siqa,mnli",
            size=str(tiny_folder),
            options=replace(SMALL, source="sample"),
            settings=settings,
        )


def test_a_task_that_cannot_be_learned_is_named_beside_others(settings, tiny_folder):
    with pytest.raises(UsageError, match="tatoeba is not trained"):
        train_adapter("siqa,tatoeba", size=str(tiny_folder), options=SMALL, settings=settings)
