import numpy as np
import pytest

from support import CharacterTokenizer
from xtk.core.errors import XtkError
from xtk.kinds.kind import RETRIEVAL
from xtk.kinds.retrieval import RetrievalExample

ROWS = [
    RetrievalExample("q1", "wo", is_query=True, targets=("c2", "c1")),
    RetrievalExample("c1", "hier", is_query=False),
    RetrievalExample("c2", "ここ", is_query=False),
    RetrievalExample("q2", "wer", is_query=True, targets=()),
    RetrievalExample("q3", "wann", is_query=True, targets=None),
    RetrievalExample("q4", "was", is_query=True, targets=("c1",)),
]


def sequences(encoded) -> list[list[int]]:
    return [part.tolist() for part in np.split(encoded.ids, encoded.offsets[1:-1])]


def ids(text: str) -> list[int]:
    return CharacterTokenizer().encode_batch([text])[0].ids


def test_each_text_is_a_sequence_of_its_own():
    encoded = RETRIEVAL.encode(ROWS, CharacterTokenizer(), 8)
    assert sequences(encoded) == [ids(row.text) for row in ROWS]
    assert encoded.examples == len(ROWS)
    assert RETRIEVAL.encode(ROWS, CharacterTokenizer(), 5).truncated == 2


def test_training_lays_each_query_beside_the_first_of_its_candidates():
    encoded = RETRIEVAL.encode_training(ROWS, CharacterTokenizer(), 8)
    assert sequences(encoded) == [ids("wo"), ids("ここ"), ids("was"), ids("hier")]
    assert encoded.groups.tolist() == [0, 2, 4]
    assert encoded.level == "pair"


def test_a_candidate_that_is_missing_is_named():
    lost = [RetrievalExample("q", "wo", is_query=True, targets=("gone",))]
    with pytest.raises(XtkError, match="candidate gone of query q is missing"):
        RETRIEVAL.encode_training(lost, CharacterTokenizer(), 8)
