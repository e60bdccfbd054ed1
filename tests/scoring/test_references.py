"""The metrics against the libraries of the field and against definitions written plainly."""

import json

import numpy as np
import pytest
import seqeval.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from seqeval.metrics.sequence_labeling import end_of_chunk, start_of_chunk
from sklearn.metrics import accuracy_score, f1_score
from tag_names import NER, UPOS

from xtk.core.errors import XtkError
from xtk.scoring.scheme import Context
from xtk.scoring.schemes.answers import ANSWERS, ANSWERS_MLQA
from xtk.scoring.schemes.labels import LABELS
from xtk.scoring.schemes.multi_rankings import MULTI_RANKINGS
from xtk.scoring.schemes.pairs import PAIRS
from xtk.scoring.schemes.tags import TAGS

IOBES = (*(f"{letter}-{kind}" for letter in "BIES" for kind in ("A", "B")), "O")

LABEL = st.integers(0, 4)
quietly = settings(deadline=None, derandomize=True)


@pytest.mark.filterwarnings("ignore:A single label was found")
@quietly
@given(st.lists(st.tuples(LABEL, LABEL), min_size=1, max_size=40))
def test_classification_is_scored_as_by_scikit_learn(scored):
    labels, predictions = zip(*scored, strict=True)
    context = Context(tuple("abcde"), "en")
    found = {name: of(labels, predictions, context).value for name, of in LABELS.metrics.items()}
    f1 = f1_score(labels, predictions, average="macro", zero_division=0)
    assert found["macro_f1"] == pytest.approx(100 * f1)
    assert found["accuracy"] == pytest.approx(100 * accuracy_score(labels, predictions))


def tagged(names):
    token = st.tuples(*[st.integers(0, len(names) - 1)] * 2)
    return st.lists(st.lists(token, min_size=1, max_size=8), min_size=1, max_size=5)


@st.composite
def tagging(draw):
    names = draw(st.sampled_from([UPOS, NER, IOBES]))
    some = draw(st.sampled_from([names, names[:3], names[-4:]]))
    sentences = draw(tagged(some))
    shift = names.index(some[0])
    return names, *(
        tuple(tuple(pair[side] + shift for pair in sentence) for sentence in sentences)
        for side in (0, 1)
    )


@pytest.mark.filterwarnings("ignore::UserWarning")
@quietly
@given(tagging())
def test_the_newer_rule_is_that_of_seqeval(case):
    names, gold, predictions = case
    words = [[[names[tag] for tag in s] for s in side] for side in (gold, predictions)]
    expected = seqeval.metrics.f1_score(*words, zero_division=0)
    found = TAGS.metrics["f1_seqeval1"](gold, predictions, Context(names, "en")).value
    assert found == pytest.approx(100 * expected, abs=1e-9)
    accuracy = seqeval.metrics.accuracy_score(*words)
    found = TAGS.metrics["token_accuracy"](gold, predictions, Context(names, "en")).value
    assert found == pytest.approx(100 * accuracy, abs=1e-9)


def spans_of_2020(sentences, names):
    """seqeval 0.0.12's loop, told with the chunk rules of the newer one, which are the same."""
    tags = [names[tag] for sentence in sentences for tag in (*sentence, names.index("O"))]
    spans, before, kind_before, begin = set(), "O", "", 0
    for place, tag in enumerate(tags):
        letter, kind = tag[0], tag.split("-")[-1]
        if end_of_chunk(before, letter, kind_before, kind):
            spans.add((kind_before, begin, place - 1))
        if start_of_chunk(before, letter, kind_before, kind):
            begin = place
        before, kind_before = letter, kind
    return spans


@quietly
@given(tagging())
def test_the_official_rule_is_that_of_seqeval_in_2020(case):
    names, gold, predictions = case
    known, found = (spans_of_2020(side, (*names, "O")) for side in (gold, predictions))
    right = len(known & found)
    expected = {
        "f1": 200 * right / (len(known) + len(found)) if known or found else 0.0,
        "precision": 100 * right / len(found) if found else 0.0,
        "recall": 100 * right / len(known) if known else 0.0,
    }
    for name, value in expected.items():
        score = TAGS.metrics[name](gold, predictions, Context(names, "en")).value
        assert score == pytest.approx(value, abs=1e-9)


def test_sentences_of_unequal_length_are_never_scored():
    with pytest.raises(XtkError, match="unequal length"):
        TAGS.metrics["f1"](((0, 1),), ((0,),), Context(NER, "en"))


def average_precision(targets, ranking, cut):
    """LAReQA's, as third_party/utils_lareqa.py defines it, told again plainly."""
    hits, total, seen = 0, 0.0, set()
    for rank, one in enumerate(ranking[:cut], start=1):
        if one in targets and one not in seen:
            hits += 1
            total += hits / rank
        seen.add(one)
    return total / (min(len(targets), cut) if cut else len(targets))


CANDIDATE = st.integers(0, 40).map(str)


@quietly
@given(
    st.dictionaries(
        st.text("abc", min_size=1, max_size=2),
        st.tuples(st.sets(CANDIDATE, min_size=1, max_size=30), st.lists(CANDIDATE, max_size=50)),
        min_size=1,
        max_size=5,
    )
)
def test_average_precision_is_that_of_its_definition(questions):
    gold = {name: frozenset(targets) for name, (targets, _) in questions.items()}
    predictions = {name: tuple(ranking) for name, (_, ranking) in questions.items()}
    for metric, cut in (("map@20", 20), ("map", None)):
        expected = np.mean([average_precision(t, r, cut) for t, r in questions.values()])
        found = MULTI_RANKINGS.metrics[metric](gold, predictions, Context((), "en")).value
        assert found == pytest.approx(100 * expected, abs=1e-9)


def test_ranks_beside_the_top_give_the_score_of_the_whole_ranking():
    rng = np.random.default_rng(7)
    gold, whole, short = {}, {}, {}
    for question in map(str, range(20)):
        ranking = tuple(map(str, rng.permutation(200).tolist()))
        targets = frozenset(map(str, rng.choice(200, size=11, replace=False).tolist()))
        ranks = [rank for rank, one in enumerate(ranking, start=1) if one in targets]
        gold[question], whole[question] = targets, ranking
        short[question] = {"top": ranking[:20], "ranks": ranks}
    read, problems = MULTI_RANKINGS.read_predictions(json.dumps(short), ())
    assert problems == MULTI_RANKINGS.compare(gold, read) == []
    for metric in MULTI_RANKINGS.metrics.values():
        value = metric(gold, read, Context((), "en")).value
        assert value == pytest.approx(metric(gold, whole, Context((), "en")).value)


@quietly
@given(*[st.frozensets(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz")), min_size=1)] * 2)
def test_pairs_are_scored_as_sets(gold, predictions):
    right = len(gold & predictions)
    context = Context((), "de")
    found = {name: of(gold, predictions, context).value for name, of in PAIRS.metrics.items()}
    assert found["precision"] == pytest.approx(100 * right / len(predictions))
    assert found["recall"] == pytest.approx(100 * right / len(gold))
    assert found["f1"] == pytest.approx(200 * right / (len(gold) + len(predictions)))


@quietly
@given(
    st.text(max_size=12),
    st.text(max_size=12),
    st.sampled_from(["en", "ar", "de", "es", "hi", "vi", "zh", "th", "ja", "fi"]),
)
def test_answers_score_between_nothing_and_all(one, other, lang):
    """Whatever the texts: f1 is symmetric, and 100 wherever a non-empty match is exact."""
    for scheme in (ANSWERS, ANSWERS_MLQA):
        scores = []
        for gold, given_answer in ((one, other), (other, one)):
            questions, _ = scheme.read_gold(squad(gold), ())
            metrics = scheme.metrics
            scores.append(
                [
                    of(questions, {"q": given_answer}, Context((), lang)).value
                    for of in metrics.values()
                ]
            )
        assert scores[0] == pytest.approx(scores[1])
        for exact, f1 in zip(scores[0][::2], scores[0][1::2], strict=True):
            assert exact in (0.0, 100.0)
            assert 0.0 <= f1 <= 100.0
            assert f1 in (0.0, pytest.approx(100.0)) or exact == 0.0


def squad(answer):
    question = {"id": "q", "question": "", "answers": [{"text": answer, "answer_start": 0}]}
    return json.dumps({"data": [{"paragraphs": [{"context": "", "qas": [question]}]}]})
