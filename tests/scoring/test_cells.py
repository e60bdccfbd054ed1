import json

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.scoring.cells import Place, cells_of, from_json
from xtk.scoring.schemes.labels import LABELS
from xtk.scoring.schemes.tags import TAGS

PLACE = Place("xnli", "th", "test", "XNLI-1.0", "0" * 64)
KEYS = [
    "task",
    "lang",
    "split",
    "metric",
    "value",
    "n",
    "interval",
    "source",
    "data_sha256",
    "collapsed",
    "how",
]
NAMES = ("entailment", "neutral", "contradiction")


def cells(labels, predictions, metrics):
    return cells_of(PLACE, LABELS, tuple(labels), tuple(predictions), NAMES, metrics)


def test_there_is_a_cell_a_metric_in_the_order_asked():
    found = cells([0, 1, 2], [0, 1, 1], ["macro_f1", "accuracy"])
    assert [cell.metric for cell in found] == ["macro_f1", "accuracy"]
    assert found[1].value == pytest.approx(200 / 3)
    assert found[0].value == pytest.approx(100 * (1 + 2 / 3 + 0) / 3)
    for cell in found:
        assert cell.n == 3
        assert cell.interval[0] <= cell.value <= cell.interval[1]
        assert Place(cell.task, cell.lang, cell.split, cell.source, cell.data_sha256) == PLACE


def test_json_has_the_stable_keys_in_order_and_four_decimals():
    (cell,) = cells([0, 1, 2], [0, 1, 1], ["accuracy"])
    fields = cell.as_json()
    assert list(fields) == KEYS
    assert fields["value"] == 66.6667
    assert fields["interval"] == [0.0, 100.0]
    again = from_json(json.loads(json.dumps(fields)))
    assert again.as_json() == fields
    assert isinstance(again.interval, tuple)


@pytest.mark.parametrize(
    ("labels", "predictions", "collapsed"),
    [
        ([0, 1, 2], [1, 1, 1], True),
        ([0, 1, 2], [1, 1, 2], False),
        ([1, 1], [1, 1], True),  # all right, yet of one class: a person should look
        ([1], [1], False),  # one prediction cannot be of two classes
    ],
)
def test_predictions_of_one_class_are_marked(labels, predictions, collapsed):
    (cell,) = cells(labels, predictions, ["accuracy"])
    assert cell.collapsed is collapsed


def test_an_unknown_metric_names_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'accuracy'"):
        cells([0], [0], ["acuracy"])


@pytest.mark.parametrize(
    ("labels", "predictions", "words"),
    [([0, 1], [0], "xnli test th: 1 lines of predictions for 2"), ([], [], "nothing to score")],
)
def test_what_cannot_be_scored_gives_no_cell(labels, predictions, words):
    with pytest.raises(XtkError, match=words):
        cells(labels, predictions, ["accuracy"])


def test_sentences_are_resampled_and_counted():
    gold, predictions = ((1, 2), (0,), (1,)), ((1, 2), (0,), (0,))
    (cell,) = cells_of(PLACE, TAGS, gold, predictions, ("O", "B-A", "I-A"), ["f1"])
    assert cell.value == pytest.approx(100 * 2 / 3)
    assert cell.n == 3
    assert cell.interval == (0.0, 100.0)
