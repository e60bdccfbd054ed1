import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score

from xtk.core.errors import XtkError
from xtk.scoring.metrics import METRICS, accuracy, confusion, macro_f1, majority_rate

LABEL = st.integers(0, 4)
SCORED = st.lists(st.tuples(LABEL, LABEL), min_size=1, max_size=40)


@pytest.mark.filterwarnings("ignore:A single label was found")
@given(SCORED)
def test_metrics_are_those_of_scikit_learn(scored):
    labels, predictions = map(list, zip(*scored, strict=True))
    table = confusion(labels, predictions)
    f1 = f1_score(labels, predictions, average="macro", zero_division=0)
    assert accuracy(table) == pytest.approx(100 * accuracy_score(labels, predictions))
    assert macro_f1(table) == pytest.approx(100 * f1)
    # scikit-learn warns of a matrix of one class, so it is always asked for five
    expected = confusion_matrix(labels, predictions, labels=range(5))
    assert np.pad(table, (0, 5 - len(table))).tolist() == expected.tolist()


@given(st.lists(SCORED, min_size=1, max_size=5))
def test_many_tables_are_scored_as_each_alone(many):
    tables = np.zeros((len(many), 5, 5), dtype=np.int64)
    for table, scored in zip(tables, many, strict=True):
        for gold, predicted in scored:
            table[gold, predicted] += 1
    for metric in METRICS.values():
        assert metric.of(tables).tolist() == [float(metric.of(table)) for table in tables]


def test_a_label_that_does_not_occur_is_not_averaged():
    # By hand: label 0 has F1 2/3, label 2 has 4/5, label 1 occurs nowhere.
    table = confusion([0, 0, 2, 2], [0, 2, 2, 2])
    assert macro_f1(table) == pytest.approx(100 * (2 / 3 + 4 / 5) / 2)


@pytest.mark.parametrize(
    ("labels", "predictions", "message"),
    [
        ([0, 1], [0], "2 labels and 1 predictions"),
        ([], [], "nothing to score"),
        ([0, -1], [0, 0], "below 0"),
        ([0, 0], [0, -1], "below 0"),
    ],
)
def test_what_cannot_be_scored_is_an_error(labels, predictions, message):
    with pytest.raises(XtkError, match=message):
        confusion(labels, predictions)


def test_the_metrics_cannot_be_changed():
    with pytest.raises(TypeError):
        METRICS["accuracy"] = METRICS["macro_f1"]


def test_the_majority_rate_is_that_of_the_most_frequent_label():
    assert majority_rate([2, 0, 2, 1]) == 50.0
