import numpy as np
from sklearn.metrics import f1_score

from xtk.scoring.scheme import Context
from xtk.scoring.schemes.labels import BINARY_LABELS


def test_f1_is_that_of_the_last_label():
    rng = np.random.default_rng(0)
    gold, predictions = (tuple(rng.integers(2, size=50).tolist()) for _ in range(2))
    tally = BINARY_LABELS.metrics["f1"](gold, predictions, Context(("0", "1"), "en"))
    assert abs(tally.value - 100 * f1_score(gold, predictions)) < 1e-9
    low, high = tally.interval()
    assert low < tally.value < high
