"""Each kind from rows to a trained run, a submission file and its score, on official fixtures."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer

from support import FP32, HEAD, CharacterTokenizer
from xtk.core.settings import Settings
from xtk.data.sources import Rows
from xtk.kinds.kind import RETRIEVAL, SPAN_EXTRACTION, TOKEN_CLASSIFICATION
from xtk.kinds.span import SpanExample, best_spans, decode
from xtk.modules.model import Composition, Head, build
from xtk.scoring.cells import Place, cells_of
from xtk.scoring.scheme import Context
from xtk.scoring.schemes.answers import ANSWERS, ANSWERS_MLQA, ANSWERS_OR_NONE
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.tasks.catalogue import find
from xtk.tasks.reading import read_split
from xtk.training.inference import scores
from xtk.workflows.evaluate import On, evaluate
from xtk.workflows.gold import gold_of
from xtk.workflows.outputs import no_answer_threshold
from xtk.workflows.predict import predict
from xtk.workflows.recipe import Options
from xtk.workflows.scores import known_cells, read_predictions
from xtk.workflows.tasks_of_run import task_of
from xtk.workflows.train import finetune, train_adapter

FIXTURES = Path(__file__).parents[1] / "tasks" / "fixtures"
SMALL = Options(source="local", epochs=2, precision="fp32", max_length=60)
SPLITS = [
    ("snli", "train", "en"), ("xnli", "validation", "th"), ("pawsx", "validation", "ko"),
    ("xcopa", "validation", "th"), ("udpos", "validation", "ar"), ("panx", "validation", "zh"),
    ("squad", "validation", "en"), ("squad2", "validation", "en"), ("xquad", "test", "th"),
    ("tydiqa", "test", "te"), ("mlqa", "validation", "ar"), ("tatoeba", "test", "th"),
    ("bucc2018", "test", "ru"), ("lareqa", "test", "th"), ("mewslix", "test", "fa"),
]  # fmt: skip


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Fixtures, with the Thai one of XQuAD-R in the place of every language: they are one pool."""
    folder = tmp_path / "data" / "xquad-r"
    folder.mkdir(parents=True)
    for lang in find("lareqa").languages["xtreme-r"]:
        shutil.copy(FIXTURES / "xquad-r/th.json", folder / f"{lang}.json")
    roots = os.pathsep.join(map(str, (folder.parent, FIXTURES)))
    return Settings.of(home=tmp_path, environ={"XTK_DATA": roots})


def perfect(task, rows: Rows):
    """Gold in the form of predictions."""
    gold = gold_of(task, rows)
    if task.scheme in (ANSWERS, ANSWERS_MLQA, ANSWERS_OR_NONE):
        return {name: next(iter(q.answers), "") for name, q in gold.items()}
    if task.scheme is MULTI_RANKINGS:
        return {name: tuple(sorted(targets)) for name, targets in gold.items()}
    return gold


@pytest.mark.parametrize(("name", "split", "lang"), SPLITS, ids=lambda value: value)
def test_gold_makes_the_round_trip_and_scores_100(name, split, lang):
    task = find(name)
    rows = read_split(task, split, lang, source="local", roots=[FIXTURES])
    gold, names, scheme = gold_of(task, rows), task.label_names, task.scheme
    read_gold, problems = scheme.read_gold(scheme.write_gold(gold, names), names)
    assert not problems
    text = scheme.write_predictions(perfect(task, rows), names)
    predictions, problems = scheme.read_predictions(text, names)
    assert not problems
    place = Place(name, lang, split, rows.source, rows.sha256)
    for known in (gold, read_gold):
        cells = cells_of(place, scheme, known, predictions, names, task.metrics)
        assert {cell.metric: cell.value for cell in cells} == dict.fromkeys(task.metrics, 100.0)


@pytest.mark.parametrize("size", [1, 60, 4096])
@pytest.mark.parametrize(
    ("name", "split", "lang"),
    [
        ("snli", "train", "en"), ("xcopa", "validation", "th"), ("udpos", "validation", "ar"),
        ("panx", "validation", "zh"), ("squad", "validation", "en"), ("xquad", "test", "th"),
    ],
    ids=lambda value: value,
)  # fmt: skip
def test_predictions_do_not_depend_on_order_and_batches(name, split, lang, size, tiny, monkeypatch):
    monkeypatch.setattr("xtk.training.inference.TOKENS_PER_PASS", size)
    task = find(name)
    rows = read_split(task, split, lang, source="local", roots=[FIXTURES])
    heads = (Head(HEAD, task.kind, task.label_names),)
    model = build(Composition(tiny, heads, "seq_bn"), seed=0, attention="eager", dropout=0.0)
    tokenizer = Tokenizer.from_file(str(tiny.folder / "tokenizer.json"))

    def predicted(examples):
        encoded = task.kind.encode(examples, tokenizer, 40)
        return task.kind.decode(scores(model, encoded, FP32, HEAD), encoded, examples)

    forwards, backwards = predicted(rows.examples), predicted(rows.examples[::-1])
    if task.kind is SPAN_EXTRACTION:
        assert forwards == backwards
    else:
        assert forwards == backwards[::-1]


# a task, the files it is trained on, and where it is evaluated
TRAINED = {
    "tags": ("udpos", "udpos/dev-en.tsv", "validation", ("ar", "hi")),
    "supertags": ("ccg", "ccg/dev.tsv", "validation", ()),
    "answers": ("tydiqa", "squad/train-v1.1.json", "test", ("te",)),
    "answers or none": ("squad2", "squad/dev-v2.0.json", "validation", ()),
    "answer sentences": ("lareqa", "squad/train-v1.1.json", "test", ("th",)),
}


@pytest.mark.parametrize("case", TRAINED)
@pytest.mark.parametrize("method", [train_adapter, finetune], ids=lambda m: m.__name__)
def test_a_run_of_each_kind_is_trained_restored_and_scored(method, case, settings, tiny_folder):
    name, file, split, languages = TRAINED[case]
    path = FIXTURES / file
    options = replace(SMALL, train_files=((None, path),), dev_files=(path,))
    run = method(name, size=str(tiny_folder), options=options, settings=settings)
    assert set(run.result["tasks"]) == {name}
    threshold = run.result["tasks"][name]["no_answer_threshold"]
    assert (threshold is not None) == (name == "squad2")

    task = task_of(run, name)
    layer = {"layer": "2"} if task.kind is RETRIEVAL else {}
    on = On(split=split, languages=languages, source="local", **layer)
    cells = evaluate(run.name, on, settings=settings)
    asked = languages or ("en",)
    main = [c for c in cells if c.metric in task.metrics]
    assert [(c.lang, c.metric) for c in main] == [(n, m) for n in asked for m in task.metrics]
    for lang in asked:
        rows = read_split(task, split, lang, source="local", roots=[FIXTURES])
        found = read_predictions(run.path, task, split, lang, task.label_names)
        if task.kind is TOKEN_CLASSIFICATION:
            assert [len(t) for t in found] == [len(e.tokens) for e in rows.examples]
        elif task.kind is SPAN_EXTRACTION:
            assert set(found) == {e.id for e in rows.examples}
            assert all(found[e.id] in e.context for e in rows.examples)
    assert evaluate(run.name, on, settings=settings) == cells


def test_your_own_rows_are_tagged_and_answered(settings, tiny_folder, tmp_path):
    path = tmp_path / "rows.jsonl"
    file = FIXTURES / "udpos/dev-en.tsv"
    options = replace(SMALL, train_files=((None, file),), dev_files=(file,))
    tagger = train_adapter("udpos", size=str(tiny_folder), options=options, settings=settings)
    sentences = [["แมว", "\u0301", "x" * 300], ["one"]]
    path.write_text("".join(json.dumps({"tokens": s}) + "\n" for s in sentences))
    found = list(predict(tagger.name, path, settings=settings))
    assert [len(one["tags"]) for one in found] == [3, 1]

    file = FIXTURES / "squad/train-v1.1.json"
    options = replace(SMALL, train_files=((None, file),), dev_files=(file,))
    reader = train_adapter("squad", size=str(tiny_folder), options=options, settings=settings)
    context = "แม่น้ำยาว 10 กิโลเมตร"
    rows = [{"id": f"q{i}", "question": "ยาว?", "context": context * i} for i in (1, 5)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    for one, row in zip(predict(reader.name, path, settings=settings), rows, strict=True):
        assert one["id"] == row["id"] and 0 < one["probability"] <= 1
        assert one["answer"] == row["context"][one["start"] : one["end"]]

    file = FIXTURES / "squad/train-v1.1.json"
    options = replace(SMALL, train_files=((None, file),), dev_files=(file,))
    finder = train_adapter("lareqa", size=str(tiny_folder), options=options, settings=settings)
    path.write_text(json.dumps({"text": "where?"}) + "\n")
    (one,) = predict(finder.name, path, settings=settings)
    assert len(one["vector"]) == 64


def questions(count: int, seed: int) -> Rows:
    """Questions of which a third have no answer."""
    rng = np.random.default_rng(seed)
    examples = []
    for i in range(count):
        context = "".join(rng.choice(list("abcdefgh "), size=30))
        start = int(rng.integers(25))
        answer = context[start : start + 4]
        known = () if i % 3 == 0 or not answer.strip() else ((start, answer),)
        examples.append(SpanExample(f"q{i}", "wo", context, known, i // 2))
    return Rows(tuple(examples), "file", ("x",), "0" * 64, "labelled")


@pytest.mark.parametrize("seed", range(4))
def test_the_threshold_is_the_best_of_all_thresholds(seed):
    task, rows = find("squad2"), questions(25, seed)
    encoded = SPAN_EXTRACTION.encode(rows.examples, CharacterTokenizer(), 60)
    rng = np.random.default_rng(seed + 10)
    scores = rng.normal(size=(len(encoded.ids), 2)).astype(np.float32)
    for row, (begin, end) in enumerate(encoded.labels):  # half of the questions are understood
        if row % 2:
            scores[encoded.offsets[row] + begin, 0] += 4
            scores[encoded.offsets[row] + end, 1] += 4

    def f1(threshold: float) -> float:
        found = decode(scores, encoded, rows.examples, threshold)
        return task.scheme.metrics["f1"](gold_of(task, rows), found, Context((), "en")).value

    spans = best_spans(scores, encoded, 1)
    differences = (spans.null - spans.scores[:, 0]).tolist()
    every = sorted([min(differences) - 1, *differences])
    chosen = no_answer_threshold(scores, encoded, rows, task)
    best = max(map(f1, every))
    assert f1(chosen) == pytest.approx(best)
    assert chosen == pytest.approx(next(t for t in every if f1(t) >= best - 1e-9))
    assert best > f1(max(differences))  # to answer all would be worse


def test_of_two_equal_differences_both_are_answered():
    task, rows = find("squad2"), questions(6, 0)
    encoded = SPAN_EXTRACTION.encode(rows.examples, CharacterTokenizer(), 60)
    scores = np.zeros((len(encoded.ids), 2), dtype=np.float32)
    assert no_answer_threshold(scores, encoded, rows, task) in (-1.0, 0.0)


def test_damaged_predictions_are_made_again(settings, tiny_folder):
    file = FIXTURES / "udpos/dev-en.tsv"
    options = replace(SMALL, train_files=((None, file),), dev_files=(file,))
    run = train_adapter("udpos", size=str(tiny_folder), options=options, settings=settings)
    on = On(split="validation", languages=("ar",), source="local")
    cells = evaluate(run.name, on, settings=settings)
    path = run.path / "predictions/udpos/validation-ar.tsv"
    whole = path.read_bytes()
    task = find("udpos")
    rows = read_split(task, "validation", "ar", source="local", roots=[FIXTURES])
    place = Place("udpos", "ar", "validation", rows.source, rows.sha256)
    gold = gold_of(task, rows)
    for damage in (b"", whole[:-3], whole.replace(b"\n\n", b"\n"), b"\xff" + whole):
        path.write_bytes(damage)
        assert known_cells(run.path, task, place, gold, task.label_names) == []
        assert evaluate(run.name, on, settings=settings) == cells
        assert path.read_bytes() == whole
