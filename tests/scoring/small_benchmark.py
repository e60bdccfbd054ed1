"""A benchmark with a task of each form, and its files."""

import json

from tag_names import UPOS

from xtk.scoring.benchmark import Benchmark, Entry
from xtk.scoring.folder import score_folder
from xtk.scoring.schemes.answers import ANSWERS
from xtk.scoring.schemes.choices import CHOICES
from xtk.scoring.schemes.labels import LABELS
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.scoring.schemes.pairs import PAIRS
from xtk.scoring.schemes.pointers import POINTERS
from xtk.scoring.schemes.rankings import RANKINGS
from xtk.scoring.schemes.tags import TAGS

NLI = ("entailment", "neutral", "contradiction")
SMALL = Benchmark(
    name="small",
    entries=(
        Entry("nli", LABELS, NLI, ("en", "de", "th"), ("accuracy",)),
        Entry("copa", CHOICES, ("0", "1"), ("et", "th"), ("accuracy",)),
        Entry("pos", TAGS, UPOS, ("en", "de"), ("f1",)),
        Entry("qa", ANSWERS, (), ("en", "zh"), ("exact_match", "f1")),
        Entry("rows", POINTERS, (), ("de", "th"), ("accuracy",)),
        Entry("mined", PAIRS, (), ("de",), ("f1",)),
        Entry("linked", RANKINGS, (), ("en",), ("map@20",)),
        Entry("found", MULTI_RANKINGS, (), ("en",), ("map@20",)),
    ),
    groups={"classification": ("nli", "copa"), "tagging": ("pos",), "choice": ("copa",)},
)


def squad(*answers):
    questions = [
        {"id": f"q{i}", "question": "?", "answers": [{"text": answer, "answer_start": 0}]}
        for i, answer in enumerate(answers)
    ]
    return json.dumps({"data": [{"paragraphs": [{"context": "", "qas": questions}]}]}, indent=1)


# task: (suffix, labels, predictions of which half is right or so)
FILES = {
    "nli": ("tsv", "entailment\nneutral\n", "entailment\ncontradiction\n"),
    "copa": ("jsonl", '{"label": 0}\n{"label": 1}\n', '{"label": 0}\n{"label": 0}\n'),
    "pos": ("tsv", "DET\nNOUN\n\nVERB\n", "DET\nVERB\n\nVERB\n"),
    "qa": ("json", squad("blue house", "red"), '{"q0": "blue",\n "q1": "red"}\n'),
    "rows": ("tsv", "1\n0\n2\n3\n", "1\n0\n3\n2\n"),
    "mined": ("tsv", "de-1\ten-1\nde-2\ten-2\n", "de-1\ten-1\nde-2\ten-1\n"),
    "linked": ("json", '{"m": ["Q1"], "n": ["Q2"]}', '{"m": ["Q1"],\n "n": ["Q3"]}'),
    "found": ("json", '{"q": ["a", "b"]}', '{"q": ["a", "c"]}'),
}


def found(trees, **flags):
    scored = score_folder(SMALL, *trees, **flags)
    return scored, scored.as_json()


def errors(fields):
    return [p for p in fields["problems"] if p["level"] == "error"]
