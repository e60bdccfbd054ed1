"""Answers are cut by characters, whatever the script; a loop over all spans is the reference."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tokenizers import Tokenizer
from tokenizers.models import Unigram
from tokenizers.normalizers import NFKC
from tokenizers.pre_tokenizers import Metaspace
from tokenizers.processors import TemplateProcessing

from support import STEADY, CharacterTokenizer
from xtk.kinds.encoded import NO_LABEL, Encoded
from xtk.kinds.kind import SPAN_EXTRACTION
from xtk.kinds.span import ANSWER_LENGTH, QUERY_LENGTH, SpanExample, best_spans, decode

CONTEXTS = (
    "1941年12月7日，日本偷襲珍珠港，美國隨即對日宣戰。",
    "東京タワーは、高さ332.6メートルの電波塔である。ガガ",
    "แม่น้ำเจ้าพระยาไหลผ่านกรุงเทพมหานครลงสู่อ่าวไทย ยาว 372 กิโลเมตร",
    "Die Stra\u00dfe fu\u0308hrt nach Mu\u0308nchen; cafe\u0301s \u2014 \u201czwo\u0308lf\u201d.",
    "حَدَّثَنَا \u200fعبد الله\u200e عام ١٩٢٢",
    "नमस्ते दुनिया, यह हिन्दी है।",
)
TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=60)


@pytest.fixture(scope="module")
def pieces() -> Tokenizer:
    """Pieces of several letters, and a normaliser that changes the number of characters."""
    known = ["<s>", "<pad>", "</s>", "<unk>", "▁", "▁the", "19", "年", "ไทย", "Mu", "東京", "ns"]
    known += [*"abcdefghinorstu0123456789"]
    made = Tokenizer(Unigram([(piece, -1.0) for piece in known], unk_id=3))
    made.normalizer = NFKC()
    made.pre_tokenizer = Metaspace()
    made.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    return made


def example(context: str, start: int, end: int, *, name: str = "q", passage: int = 0):
    return SpanExample(name, "wo?", context, ((start, context[start:end]),), passage)


def gold_scores(encoded: Encoded) -> np.ndarray:
    """1 at the tokens that the labels of each window name, 0 elsewhere."""
    scores = np.zeros((len(encoded.ids), 2), dtype=np.float32)
    for side in (0, 1):
        scores[encoded.offsets[:-1] + encoded.labels[:, side], side] = 1.0
    return scores


@st.composite
def answered(draw) -> tuple[str, int, int]:
    context = draw(st.one_of(st.sampled_from(CONTEXTS), TEXT))
    start = draw(st.integers(0, len(context) - 1))
    end = draw(st.integers(start + 1, min(len(context), start + 25)))
    return context, start, end


@STEADY
@given(answered(), st.integers(64, 90))
def test_a_tokenizer_of_characters_gives_the_answer_itself(place, max_length):
    context, start, end = place
    asked = [example(context, start, end)]
    encoded = SPAN_EXTRACTION.encode(asked, CharacterTokenizer(), max_length)
    assume((encoded.labels > 0).any())  # an answer of marks alone has no token
    found = decode(gold_scores(encoded), encoded, asked)["q"]
    held = CharacterTokenizer().encode_batch([context[start:end]], add_special_tokens=False)[0]
    first, last = held.offsets[0][0], held.offsets[-1][1]
    assert found == context[start + first : start + last].strip()


@STEADY
@given(answered(), st.integers(64, 90))
def test_pieces_of_several_letters_give_a_text_with_the_answer(pieces, place, max_length):
    context, start, end = place
    asked = [example(context, start, end)]
    encoded = SPAN_EXTRACTION.encode(asked, pieces, max_length)
    inside = (encoded.labels > 0).all(axis=1)
    assume(inside.any())
    found = decode(gold_scores(encoded), encoded, asked)["q"]
    assert found in context
    labels = encoded.offsets[:-1, None] + encoded.labels
    first, last = labels[inside][0]
    reach = encoded.places[first, 0], encoded.places[last, 1]
    answer = context[max(start, reach[0]) : min(end, reach[1])].strip()
    assert answer in found


@pytest.mark.parametrize("context", CONTEXTS)
def test_answers_of_many_scripts_come_back_whole(context, pieces):
    for start in range(0, len(context) - 8, 3):
        answer = context[start : start + 7].strip()
        asked = [example(context, start, start + 7)]
        encoded = SPAN_EXTRACTION.encode(asked, pieces, 128)
        assert answer in decode(gold_scores(encoded), encoded, asked)["q"]


@STEADY
@given(st.integers(0, 400), st.integers(0, 90), st.integers(8, 400))
def test_every_token_is_in_a_window_and_no_window_is_too_long(length, question, max_length):
    asked = [SpanExample("q", "w" * question, "a" * length, (), 0)]
    encoded = SPAN_EXTRACTION.encode(asked, CharacterTokenizer(), max_length)
    assert np.diff(encoded.offsets).max() <= max_length
    windows = np.split(encoded.places[:, 0], encoded.offsets[1:-1])
    inside = [window[window != NO_LABEL] for window in windows]
    assert set(np.concatenate(inside).tolist()) == set(range(length))
    for window in inside:
        assert (np.diff(window) == 1).all()
    for one, other in pairwise(inside):
        assert one[0] < other[0] and other[-1] > one[-1]
        assert len(one) < 2 or other[0] <= one[len(one) // 2]  # they overlap by half or more
    assert encoded.truncated == (question > min(QUERY_LENGTH, (max_length - 4) // 2))


def test_the_windows_of_the_official_lengths():
    """384 tokens, a stride of 128 (xtreme, scripts/train_qa.sh), a question of 10."""
    asked = [SpanExample("q", "w" * 10, "a" * 900, None, 0)]
    encoded = SPAN_EXTRACTION.encode(asked, CharacterTokenizer(), 384)
    windows = np.split(encoded.places[:, 0], encoded.offsets[1:-1])
    inside = [window[window != NO_LABEL] for window in windows]
    assert [(w[0], w[-1] + 1) for w in inside] == [
        (0, 370), (128, 498), (256, 626), (384, 754), (512, 882), (640, 900)
    ]  # fmt: skip
    assert (encoded.labels == NO_LABEL).all()


def test_an_answer_that_a_window_lacks_is_its_first_token():
    asked = [example("abcdefghijklmnopqrst", 2, 4)]
    encoded = SPAN_EXTRACTION.encode(asked, CharacterTokenizer(), 14)  # 7 tokens of text
    assert encoded.labels.tolist()[:2] == [[8, 9], [0, 0]]
    nothing = [SpanExample("q", "w", "abc", (), 0)]
    assert SPAN_EXTRACTION.encode(nothing, CharacterTokenizer(), 14).labels.tolist() == [[0, 0]]


def by_hand(scores: np.ndarray, encoded: Encoded, n: int) -> list[list[tuple[float, int, int]]]:
    """The n best spans of each example, by a loop over all pairs of tokens."""
    result = []
    for first, last in pairwise(encoded.groups):
        best: dict[tuple[int, int], float] = {}
        for window in range(first, last):
            tokens = range(encoded.offsets[window], encoded.offsets[window + 1])
            inside = [t for t in tokens if encoded.places[t, 0] != NO_LABEL]
            for begin in inside:
                for end in inside:
                    if begin <= end < begin + ANSWER_LENGTH:
                        span = int(encoded.places[begin, 0]), int(encoded.places[end, 1])
                        total = float(scores[begin, 0] + scores[end, 1])
                        best[span] = max(total, best.get(span, -np.inf))
        ranked = sorted(best, key=lambda span: -best[span])[:n]
        result.append([(best[span], *span) for span in ranked])
    return result


@STEADY
@given(
    st.lists(st.integers(0, 70), min_size=1, max_size=6),
    st.integers(10, 80),
    st.sampled_from([1, 5, 20]),
    st.integers(0, 9),
)
def test_the_best_spans_are_those_of_a_loop(lengths, max_length, n, seed):
    asked = [SpanExample(str(i), "w", "a" * length, (), i) for i, length in enumerate(lengths)]
    encoded = SPAN_EXTRACTION.encode(asked, CharacterTokenizer(), max_length)
    scores = np.random.default_rng(seed).normal(size=(len(encoded.ids), 2)).astype(np.float32)
    spans = best_spans(scores, encoded, n)
    for i, expected in enumerate(by_hand(scores, encoded, n)):
        count = int(np.isfinite(spans.scores[i]).sum())
        assert count == len(expected)
        assert spans.scores[i, :count].tolist() == pytest.approx([e[0] for e in expected])
        found = [tuple(place) for place in spans.characters[i, :count].tolist()]
        assert found == [e[1:] for e in expected]
        windows = slice(encoded.groups[i], encoded.groups[i + 1])
        starts = encoded.offsets[:-1][windows]
        assert spans.null[i] == pytest.approx((scores[starts, 0] + scores[starts, 1]).min())


def test_no_answer_is_given_where_it_scores_more_than_the_threshold():
    asked = [example("abc", 0, 1)]
    encoded = SPAN_EXTRACTION.encode(asked, CharacterTokenizer(), 20)
    scores = np.zeros((len(encoded.ids), 2), dtype=np.float32)
    scores[0] = 2.0  # null 4
    scores[encoded.places[:, 0] == 1] = 1.0  # "b" 2
    assert decode(scores, encoded, asked) == {"q": "b"}
    assert decode(scores, encoded, asked, 2.0) == {"q": "b"}
    assert decode(scores, encoded, asked, 1.9) == {"q": ""}


def test_a_text_without_a_token_has_no_answer():
    asked = [SpanExample("q", "w", "\u200b", (), 0)]
    encoded = SPAN_EXTRACTION.encode(asked, CharacterTokenizer(), 20)
    scores = np.ones((len(encoded.ids), 2), dtype=np.float32)
    assert decode(scores, encoded, asked) == {"q": ""}
