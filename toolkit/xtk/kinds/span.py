"""Span extraction: the part of a text that answers a question."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from xtk.kinds.encoded import (
    NO_LABEL,
    SPECIAL_TOKENS_OF_A_PAIR,
    Encoded,
    Tokenized,
    Tokenizer,
    flatten,
    special_ids,
)

# google-research/xtreme: scripts/train_qa.sh (stride), third_party/run_squad.py (the others)
STRIDE = 128  # tokens from the beginning of a window to that of the next, at most
QUERY_LENGTH = 64  # tokens of a question
ANSWER_LENGTH = 30  # tokens of an answer
_CHUNK = 64  # windows decoded at once: bounds memory


@dataclass(frozen=True)
class SpanExample:
    """A question, the text that holds the answer, and the answers as (first character, text).

    `answers` is empty where the question has none (SQuAD 2.0), None where they are not known.
    `passage` is one for all questions of a context: they are resampled together.
    """

    id: str
    question: str
    context: str
    answers: tuple[tuple[int, str], ...] | None
    passage: int

    @property
    def label(self) -> tuple[tuple[int, str], ...] | None:
        return self.answers


@dataclass(frozen=True)
class Spans:
    """The best spans of each example, best first.

    A row has fewer spans than others where its scores end in -inf. `null` is the score of having
    no answer, the least of the example's windows (as run_squad.py takes it for SQuAD 2.0).
    """

    scores: NDArray[np.float32]  # (examples, n)
    characters: NDArray[np.int32]  # (examples, n, 2): where each begins and ends in its context
    null: NDArray[np.float32]  # (examples,)


def encode(examples: Sequence[SpanExample], tokenizer: Tokenizer, max_length: int) -> Encoded:
    """Windows over each context, `<s> question </s> </s> window </s>`, that overlap.

    A window's label are the tokens at which the first answer begins and ends; both are 0, the
    first token, where the answer is not wholly inside.
    """
    bos, eos = special_ids(tokenizer)
    questions = tokenizer.encode_batch([e.question for e in examples], add_special_tokens=False)
    texts = list(dict.fromkeys(e.context for e in examples))
    contexts = dict(
        zip(texts, tokenizer.encode_batch(texts, add_special_tokens=False), strict=True)
    )
    # at least half of a sequence is for the text, however short sequences are
    asked = min(QUERY_LENGTH, (max_length - SPECIAL_TOKENS_OF_A_PAIR) // 2)
    sequences, groups, labels, places, cut = [], [], [], [], 0
    for example, question in zip(examples, questions, strict=True):
        head = [bos, *question.ids[:asked], eos, eos]
        cut += len(question.ids) > asked
        context = contexts[example.context]
        room = max_length - SPECIAL_TOKENS_OF_A_PAIR - (len(head) - 3)
        windows = _windows(len(context.ids), room)
        groups.append(len(windows))
        answer = _answer_tokens(example, context)
        for start, end in windows:
            sequences.append([*head, *context.ids[start:end], eos])
            outside = np.full((len(head), 2), NO_LABEL, dtype=np.int32)
            inside = np.asarray(context.offsets[start:end], dtype=np.int32).reshape(-1, 2)
            places += [outside, inside, outside[:1]]
            labels.append(_window_label(example, answer, start, end, len(head)))
    return flatten(
        sequences,
        groups,
        np.asarray(labels, dtype=np.int64).reshape(-1, 2),
        cut,
        level="window",
        places=np.concatenate(places),
    )


def decode(
    scores: NDArray[np.float32],
    encoded: Encoded,
    examples: Sequence[SpanExample],
    threshold: float | None = None,
) -> dict[str, str]:
    """The answer of each question by its id; "" for none.

    `scores` is (tokens, 2). A question has no answer where having none scores more than `threshold`
    above its best span; with None every question is answered.
    """
    spans = best_spans(scores, encoded, 1)
    answers = {}
    for i, example in enumerate(examples):
        start, end = spans.characters[i, 0]
        text = example.context[start:end].strip()
        none = threshold is not None and spans.null[i] - spans.scores[i, 0] > threshold
        answers[example.id] = "" if none else text
    return answers


def best_spans(scores: NDArray[np.float32], encoded: Encoded, n: int) -> Spans:
    """The `n` best spans of each example over all its windows, of ANSWER_LENGTH tokens at most."""
    windows = len(encoded.offsets) - 1
    best = np.full((windows, n), -np.inf, dtype=np.float32)
    characters = np.zeros((windows, n, 2), dtype=np.int32)
    null = np.empty(windows, dtype=np.float32)
    for first in range(0, windows, _CHUNK):
        chosen = slice(first, min(first + _CHUNK, windows))
        best[chosen], characters[chosen], null[chosen] = _spans_of_windows(
            scores, encoded, np.arange(chosen.start, chosen.stop), n
        )
    return _merged(best, characters, null, encoded.groups)


def _spans_of_windows(
    scores: NDArray[np.float32], encoded: Encoded, windows: NDArray[np.int64], n: int
) -> tuple[NDArray[np.float32], NDArray[np.int32], NDArray[np.float32]]:
    """Best spans of some windows: (windows, n) scores, (windows, n, 2) characters, null scores."""
    starts, ends = encoded.offsets[windows], encoded.offsets[windows + 1]
    columns = np.arange(int((ends - starts).max()))
    tokens = np.minimum(starts[:, None] + columns, ends[:, None] - 1)
    real = (columns < (ends - starts)[:, None]) & (encoded.places[tokens, 0] != NO_LABEL)
    begin = np.where(real, scores[tokens, 0], -np.inf)
    finish = np.where(real, scores[tokens, 1], -np.inf)
    width = min(ANSWER_LENGTH, len(columns))
    # (windows, length, width): the span from a token over as many more
    totals = np.full((*begin.shape, width), -np.inf, dtype=np.float32)
    for more in range(width):
        end = len(columns) - more
        totals[:, :end, more] = begin[:, :end] + finish[:, more:]
    flat = totals.reshape(len(windows), -1)
    kept = min(n, flat.shape[1])
    places = np.argsort(-flat, axis=1, kind="stable")[:, :kept] if kept > 1 else None
    chosen = flat.argmax(axis=1)[:, None] if places is None else places
    first, last = chosen // width, chosen // width + chosen % width
    rows = np.arange(len(windows))[:, None]
    last = np.minimum(last, len(columns) - 1)
    characters = np.stack(
        [encoded.places[tokens[rows, first], 0], encoded.places[tokens[rows, last], 1]], axis=2
    )
    best = np.take_along_axis(flat, chosen, axis=1)
    characters[np.isneginf(best)] = 0  # no span: the text is shorter, or has no token
    null = scores[starts, 0] + scores[starts, 1]
    if kept < n:
        best = np.pad(best, ((0, 0), (0, n - kept)), constant_values=-np.inf)
        characters = np.pad(characters, ((0, 0), (0, n - kept), (0, 0)))
    return best, characters, null


def _merged(
    best: NDArray[np.float32],
    characters: NDArray[np.int32],
    null: NDArray[np.float32],
    groups: NDArray[np.int64],
) -> Spans:
    """The spans of each example out of those of its windows; one seen in two windows is one."""
    n = best.shape[1]
    scores = np.full((len(groups) - 1, n), -np.inf, dtype=np.float32)
    places = np.zeros((len(groups) - 1, n, 2), dtype=np.int32)
    for i, (start, end) in enumerate(pairwise(groups)):
        values, spans = best[start:end].ravel(), characters[start:end].reshape(-1, 2)
        order = np.argsort(-values, kind="stable")
        _, once = np.unique(spans[order], axis=0, return_index=True)
        order = order[np.sort(once)][:n]
        scores[i, : len(order)], places[i, : len(order)] = values[order], spans[order]
    return Spans(scores, places, np.minimum.reduceat(null, groups[:-1]))


def _windows(tokens: int, room: int) -> list[tuple[int, int]]:
    """The tokens of a context that each window has; the last one reaches the end.

    Windows too short for the stride overlap by half, so that no short answer is cut by all of them.
    """
    windows = [(0, min(room, tokens))]
    step = min(STRIDE, max(1, room // 2))
    while windows[-1][1] < tokens:
        start = windows[-1][0] + step
        windows.append((start, min(start + room, tokens)))
    return windows


def _answer_tokens(example: SpanExample, context: Tokenized) -> tuple[int, int] | None:
    """The first and last token that hold a part of the first answer."""
    if not example.answers:
        return None
    start, text = example.answers[0]
    offsets = np.asarray(context.offsets, dtype=np.int64).reshape(-1, 2)
    inside = np.flatnonzero((offsets[:, 1] > start) & (offsets[:, 0] < start + len(text)))
    return (int(inside[0]), int(inside[-1])) if len(inside) else None


def _window_label(
    example: SpanExample, answer: tuple[int, int] | None, start: int, end: int, before: int
) -> tuple[int, int]:
    """The answer's tokens within a window that has `before` tokens before the context's."""
    if example.answers is None:
        return NO_LABEL, NO_LABEL
    if answer is None or not start <= answer[0] <= answer[1] < end:
        return 0, 0
    return answer[0] - start + before, answer[1] - start + before
