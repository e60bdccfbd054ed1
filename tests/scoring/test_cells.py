import json

import pytest

from xtk.core.errors import UsageError, XtkError
from xtk.scoring.cells import Place, classification_cells, from_json

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
]


def test_there_is_a_cell_a_metric_in_the_order_asked():
    cells = classification_cells(PLACE, [0, 1, 2], [0, 1, 1], ["macro_f1", "accuracy"])
    assert [cell.metric for cell in cells] == ["macro_f1", "accuracy"]
    assert cells[1].value == pytest.approx(200 / 3)
    assert cells[0].value == pytest.approx(100 * (1 + 2 / 3 + 0) / 3)
    for cell in cells:
        assert cell.n == 3
        assert cell.interval[0] <= cell.value <= cell.interval[1]
        assert Place(cell.task, cell.lang, cell.split, cell.source, cell.data_sha256) == PLACE


def test_json_has_the_stable_keys_in_order_and_four_decimals():
    (cell,) = classification_cells(PLACE, [0, 1, 2], [0, 1, 1], ["accuracy"])
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
    (cell,) = classification_cells(PLACE, labels, predictions, ["accuracy"])
    assert cell.collapsed is collapsed


def test_an_unknown_metric_names_the_nearest():
    with pytest.raises(UsageError, match="did you mean 'accuracy'"):
        classification_cells(PLACE, [0], [0], ["acuracy"])


@pytest.mark.parametrize(("labels", "predictions"), [([0, 1], [0]), ([], []), ([0], [-1])])
def test_what_cannot_be_scored_gives_no_cell(labels, predictions):
    with pytest.raises(XtkError):
        classification_cells(PLACE, labels, predictions, ["accuracy"])
