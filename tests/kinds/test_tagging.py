"""As many tags as tokens, whatever the tokens are; a token's first subword is what counts."""

from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from support import STEADY, CharacterTokenizer
from xtk.kinds.encoded import NO_LABEL, SPECIAL_TOKENS, UNKNOWN, Encoded
from xtk.kinds.kind import TOKEN_CLASSIFICATION
from xtk.kinds.tagging import TaggedExample
from xtk.scoring.schemes.tags import TAGS

NAMES = ("O", "B-PER", "I-PER", "B-LOC")
# marks alone, signs that cannot be seen, and words longer than any sequence among the others
TOKEN = st.one_of(
    st.text(min_size=1, max_size=6).filter(lambda text: text.split() == [text]),
    st.sampled_from(["\u0301", "\u200b", "\u0e34\u0e4c", "e\u0301", "ไทย", "中文", "x" * 300]),
)
SENTENCES = st.lists(st.lists(TOKEN, min_size=1, max_size=12), min_size=1, max_size=5)


def tagged(sentences: list[list[str]]) -> list[TaggedExample]:
    """Sentences whose tags go round, so that each token knows its place."""
    return [
        TaggedExample(tuple(tokens), tuple(i % len(NAMES) for i in range(len(tokens))))
        for tokens in sentences
    ]


def sequences(encoded: Encoded) -> list[list[int]]:
    return [part.tolist() for part in np.split(encoded.ids, encoded.offsets[1:-1])]


@STEADY
@given(SENTENCES, st.integers(8, 40), st.integers(0, 99))
def test_there_are_as_many_tags_as_tokens(sentences, max_length, seed):
    examples = tagged(sentences)
    encoded = TOKEN_CLASSIFICATION.encode(examples, CharacterTokenizer(), max_length)
    assert np.diff(encoded.offsets).max() <= max_length
    scores = np.random.default_rng(seed).normal(size=(len(encoded.ids), len(NAMES)))
    predictions = TOKEN_CLASSIFICATION.decode(scores.astype(np.float32), encoded, examples)
    assert [len(tags) for tags in predictions] == [len(tokens) for tokens in sentences]


@STEADY
@given(SENTENCES, st.integers(8, 40))
def test_what_the_first_subwords_say_comes_back_in_order(sentences, max_length):
    """Gold, as scores of its own tags, through decoding and the file to a score of 100."""
    examples = tagged(sentences)
    encoded = TOKEN_CLASSIFICATION.encode(examples, CharacterTokenizer(), max_length)
    scores = np.eye(len(NAMES), dtype=np.float32)[np.maximum(encoded.labels, 0)]
    predictions = TOKEN_CLASSIFICATION.decode(scores, encoded, examples)
    assert predictions == tuple(example.tags for example in examples)
    read, problems = TAGS.read_predictions(TAGS.write_predictions(predictions, NAMES), NAMES)
    assert read == predictions and not problems


@STEADY
@given(SENTENCES, st.integers(8, 40))
def test_each_token_has_one_label_at_its_first_subword(sentences, max_length):
    examples = tagged(sentences)
    encoded = TOKEN_CLASSIFICATION.encode(examples, CharacterTokenizer(), max_length)
    words = encoded.places[:, 0]
    assert (words != NO_LABEL).sum() == sum(map(len, sentences))
    assert ((encoded.labels != NO_LABEL) == (words != NO_LABEL)).all()
    ends = encoded.offsets[encoded.groups]
    for example, start, end in zip(examples, ends[:-1], ends[1:], strict=True):
        own = words[start:end]
        assert own[own != NO_LABEL].tolist() == list(range(len(example.tokens)))


def split_by_xtreme(lengths: list[int], most: int) -> list[list[int]]:
    """The tokens of each line group of utils_preprocess.py, udpos_preprocess."""
    parts: list[list[int]] = [[]]
    counter = 0
    for token, length in enumerate(lengths):
        if counter + length > most:
            parts.append([token])
            counter = length
        else:
            parts[-1].append(token)
            counter += length
    return parts


@STEADY
@given(
    st.lists(st.integers(1, 6), min_size=1, max_size=40).map(lambda ls: ["a" * n for n in ls]),
    st.integers(8, 30),
)
def test_a_sentence_is_split_where_xtreme_splits_it(tokens, max_length):
    encoded = TOKEN_CLASSIFICATION.encode(tagged([tokens]), CharacterTokenizer(), max_length)
    words = np.split(encoded.places[:, 0], encoded.offsets[1:-1])
    found = [part[part != NO_LABEL].tolist() for part in words]
    assert found == split_by_xtreme([len(t) for t in tokens], max_length - SPECIAL_TOKENS)


def test_a_token_without_subwords_is_the_unknown_one_and_a_long_one_is_cut():
    examples = tagged([["ab", "\u0301", "x" * 300, "c"]])
    encoded = TOKEN_CLASSIFICATION.encode(examples, CharacterTokenizer(), 8)
    a, b, x, c = (4 + ord(letter) % 40 for letter in "abxc")
    assert sequences(encoded) == [[0, a, b, UNKNOWN, 2], [0, *[x] * 6, 2], [0, c, 2]]
    assert encoded.groups.tolist() == [0, 3]
    assert encoded.truncated == 1


def test_the_pieces_of_a_token_are_those_of_the_token_alone(tokenizer):
    examples = tagged([["ab", "ไทย", "a"]])
    encoded = TOKEN_CLASSIFICATION.encode(examples, tokenizer, 40)
    parts = [tokenizer.encode(token, add_special_tokens=False).ids for token in ("ab", "ไทย", "a")]
    assert sequences(encoded) == [[0, *chain.from_iterable(parts), 2]]


@pytest.mark.parametrize("known", [None, (0, NO_LABEL, 2)])
def test_tags_that_are_not_known_are_not_learned_from(known):
    examples = [TaggedExample(("a", "b", "c"), known)]
    encoded = TOKEN_CLASSIFICATION.encode(examples, CharacterTokenizer(), 8)
    expected = [NO_LABEL] * 3 if known is None else [0, NO_LABEL, 2]
    assert encoded.labels.tolist() == [NO_LABEL, *expected, NO_LABEL]
    scores = np.zeros((5, 4), dtype=np.float32)
    assert TOKEN_CLASSIFICATION.decode(scores, encoded, examples) == ((0, 0, 0),)
