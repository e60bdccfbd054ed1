import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from transformers import PreTrainedTokenizerFast

from support import STEADY
from xtk.kinds.choice import ChoiceExample
from xtk.kinds.classification import PairExample
from xtk.kinds.encoded import NO_LABEL
from xtk.kinds.kind import KINDS, MULTIPLE_CHOICE, SEQUENCE_CLASSIFICATION


@STEADY
@given(
    # transformers takes an empty second text for a single sentence; here a pair is always a pair
    pairs=st.lists(
        st.tuples(st.text("abc ไทย"), st.text("ghij ", min_size=1)), min_size=1, max_size=5
    ),
    max_length=st.integers(4, 24),
)
def test_pairs_are_encoded_and_cut_as_transformers_does(tokenizer, pairs, max_length):
    reference = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer.from_str(tokenizer.to_str()), pad_token="<pad>"
    )
    examples = [PairExample(a, b, None) for a, b in pairs]
    encoded = SEQUENCE_CLASSIFICATION.encode(examples, tokenizer, max_length)
    for i, (a, b) in enumerate(pairs):
        expected = reference(a, b, truncation="longest_first", max_length=max_length).input_ids
        assert encoded.ids[encoded.offsets[i] : encoded.offsets[i + 1]].tolist() == expected
    assert encoded.examples == len(pairs)
    assert encoded.labels.tolist() == [NO_LABEL] * len(pairs)


def test_each_choice_is_a_sequence_of_its_example(tokenizer):
    examples = [ChoiceExample("ab", ("c", "d", "ef"), 2), ChoiceExample("a", ("b", "c"), 0)]
    encoded = MULTIPLE_CHOICE.encode(examples, tokenizer, 64)
    assert encoded.groups.tolist() == [0, 3, 5]
    assert encoded.labels.tolist() == [2, 0]
    assert encoded.truncated == 0
    lengths = np.diff(encoded.offsets)
    assert encoded.lengths().tolist() == [lengths[:3].max(), lengths[3:].max()]


def test_the_best_choice_is_found_inside_its_example(tokenizer):
    examples = [ChoiceExample("a", ("b", "c", "d"), None), ChoiceExample("a", ("b", "c"), None)]
    encoded = MULTIPLE_CHOICE.encode(examples, tokenizer, 64)
    scores = np.array([[0.1], [0.9], [0.3], [5.0], [7.0]], dtype=np.float32)
    assert MULTIPLE_CHOICE.decode(scores, encoded, examples) == (1, 1)


def test_a_text_alone_is_one_sequence_without_a_second_part(tokenizer):
    examples = [PairExample("abc", None, 1), PairExample("abc", "", 0), PairExample("", None, 0)]
    encoded = SEQUENCE_CLASSIFICATION.encode(examples, tokenizer, 64)
    (alone, with_empty, empty) = np.split(encoded.ids, encoded.offsets[1:-1])
    assert alone.tolist() == tokenizer.encode("abc").ids
    assert with_empty.tolist() == tokenizer.encode("abc", "").ids
    assert empty.tolist() == [0, 2]
    assert encoded.labels.tolist() == [1, 0, 0]


def test_the_best_label_is_the_prediction(tokenizer):
    examples = [PairExample("a", "b", None)] * 3
    encoded = SEQUENCE_CLASSIFICATION.encode(examples, tokenizer, 64)
    scores = np.array([[0.1, 0.2, 0.0], [3.0, 1.0, 2.0], [-3.0, -2.0, -1.0]], dtype=np.float32)
    assert SEQUENCE_CLASSIFICATION.decode(scores, encoded, examples) == (1, 0, 2)


def test_every_kind_is_found_by_its_name():
    assert all(KINDS[name].name == name for name in KINDS)
    assert len(KINDS) == 6
