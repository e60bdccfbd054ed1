"""Answers to questions by id: XQuAD, MLQA and TyDiQA, and SQuAD 2.0 with its unanswerable ones.

Gold is SQuAD JSON, predictions are an object {question id: answer}.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from types import MappingProxyType
from typing import Any

import numpy as np

from xtk.scoring.normalise import mlqa_tokens, overlap, squad_tokens
from xtk.scoring.scheme import Context, Problem, Scheme
from xtk.scoring.schemes.by_id import compare, read_by_id
from xtk.scoring.tally import Tally, share_of
from xtk.scoring.texts import capped, described, kind_of, line_of, read_json, shown


@dataclass(frozen=True)
class Question:
    """The gold answers of a question, () where it has none, and the number of its passage."""

    answers: tuple[str, ...]
    passage: int


Gold = Mapping[str, Question]
Predictions = Mapping[str, str]
Tokens = Callable[[str, str], list[str]]
Score = Callable[[Sequence[str], Sequence[Sequence[str]]], float]


class _NotSquadError(Exception):
    """What is not in SQuAD's form; never leaves this module."""


def read_gold(
    text: str, names: tuple[str, ...], *, unanswerable: bool = False
) -> tuple[Gold, list[Problem]]:
    """SQuAD JSON, with or without the top-level `data`; questions need an answer or are reported.

    The questions of a paragraph share a passage.
    """
    value, problems = read_json(text)
    if problems:
        return {}, capped(problems)
    gold: dict[str, Question] = {}
    try:
        for passage, name, answers in _questions(value):
            if name in gold:
                what = f"the question '{shown(name)}' is there twice."
                problems.append(Problem(line_of(text, name, 2), what))
            elif not answers and not unanswerable:
                what = f"the question '{shown(name)}' has no gold answer."
                problems.append(Problem(line_of(text, name), what))
            gold[name] = Question(answers, passage)
    except _NotSquadError as error:
        return {}, [Problem(None, f"not in SQuAD's form: {error}")]
    if not gold:
        problems.append(Problem(1, "there is no question."))
    elif not unanswerable and not any(any(question.answers) for question in gold.values()):
        what = f"all {len(gold):,} gold answers are empty: they are withheld."
        return gold, [Problem(None, what)]
    return gold, capped(problems)


def read_predictions(text: str, names: tuple[str, ...]) -> tuple[Predictions, list[Problem]]:
    """{question id: answer}, with or without a top-level `data`."""
    return read_by_id(text, _answer)


def _answer(value: Any) -> tuple[str, str | None]:
    if isinstance(value, str):
        return value, None
    return "", f"the answer is {described(value)}; expected a text"


def write_predictions(predictions: Predictions, names: tuple[str, ...]) -> str:
    """The object that is read; "" is no answer."""
    return json.dumps(dict(predictions), indent=1, ensure_ascii=True) + "\n"


def write_gold(gold: Gold, names: tuple[str, ...]) -> str:
    """SQuAD JSON without the texts that no score needs."""
    paragraphs = [
        {
            "context": "",
            "qas": [
                {
                    "id": name,
                    "question": "",
                    "answers": [{"text": text, "answer_start": 0} for text in question.answers],
                }
                for name, question in members
            ],
        }
        for _, members in groupby(gold.items(), key=lambda item: item[1].passage)
    ]
    article = {"title": "", "paragraphs": paragraphs}
    return json.dumps({"version": "1.1", "data": [article]}, indent=1) + "\n"


def collapsed(predictions: Predictions) -> bool:
    """The same answer, or none, to every question."""
    return not predictions or (len(predictions) > 1 and len(set(predictions.values())) == 1)


def exact(prediction: Sequence[str], golds: Sequence[Sequence[str]]) -> float:
    """1 where a gold answer has the same tokens."""
    return float(any(prediction == gold for gold in golds))


def best_overlap(prediction: Sequence[str], golds: Sequence[Sequence[str]]) -> float:
    """The highest token F1 with a gold answer."""
    return max(overlap(prediction, gold) for gold in golds)


def _tally(tokens: Tokens, score: Score, gold: Gold, given: Predictions, context: Context) -> Tally:
    """Points and questions of each passage; a question without prediction has no points."""
    points = [
        score(
            tokens(given[name], context.lang),
            [tokens(answer, context.lang) for answer in question.answers],
        )
        if name in given
        else 0.0
        for name, question in gold.items()
    ]
    return _by_passage(gold, points)


def _no_answer_tally(score: Score, gold: Gold, given: Predictions, context: Context) -> Tally:
    """SQuAD's evaluate-v2.0.py: no answer is an answer; a gold one of punctuation only is none."""
    points = []
    for name, question in gold.items():
        golds = [squad_tokens(answer, context.lang) for answer in question.answers]
        golds = [answer for answer in golds if answer] or [[]]
        if name not in given:
            points.append(0.0)
            continue
        prediction = squad_tokens(given[name], context.lang)
        empty = not prediction or not all(golds)
        points.append(exact(prediction, golds) if empty else score(prediction, golds))
    return _by_passage(gold, points)


def _by_passage(gold: Gold, points: list[float]) -> Tally:
    _, passage = np.unique([q.passage for q in gold.values()], return_inverse=True)
    units = np.stack([np.bincount(passage, weights=points), np.bincount(passage)], axis=1)
    return Tally(units.astype(float), share_of, len(gold))


def _questions(value: Any) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Passage number, id and gold answers of each question."""
    articles = value["data"] if isinstance(value, dict) and "data" in value else value
    passage = 0
    for article in _list(articles, "the articles"):
        for paragraph in _list(_field(article, "paragraphs"), "paragraphs"):
            for question in _list(_field(paragraph, "qas"), "qas"):
                name = _text(_field(question, "id"), "a question's id")
                answers = _list(_field(question, "answers"), f"answers of '{shown(name)}'")
                texts = (_text(_field(a, "text"), f"an answer of '{shown(name)}'") for a in answers)
                yield passage, name, tuple(texts)
            passage += 1


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise _NotSquadError(f"{what} are {kind_of(value)}, expected a list.")
    return value


def _field(value: Any, name: str) -> Any:
    if not isinstance(value, dict) or name not in value:
        raise _NotSquadError(f"expected an object with '{name}', found {shown(value)}.")
    return value[name]


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise _NotSquadError(f"{what} is {kind_of(value)}, expected a text.")
    return value


_SQUAD = {
    "exact_match": partial(_tally, squad_tokens, exact),
    "f1": partial(_tally, squad_tokens, best_overlap),
}
_MLQA = {
    "exact_match": partial(_tally, mlqa_tokens, exact),
    "f1": partial(_tally, mlqa_tokens, best_overlap),
}

ANSWERS = Scheme(
    name="answers",
    suffix="json",
    read_gold=read_gold,
    read_predictions=read_predictions,
    write_gold=write_gold,
    write_predictions=write_predictions,
    compare=partial(compare, what="question"),
    metrics=MappingProxyType(_SQUAD | {f"mlqa_{name}": metric for name, metric in _MLQA.items()}),
    collapsed=collapsed,
)

ANSWERS_MLQA = Scheme(
    name="answers by MLQA's rule",
    suffix="json",
    read_gold=read_gold,
    read_predictions=read_predictions,
    write_gold=write_gold,
    write_predictions=write_predictions,
    compare=partial(compare, what="question"),
    metrics=MappingProxyType(_MLQA),
    collapsed=collapsed,
)

ANSWERS_OR_NONE = Scheme(
    name="answers or none",
    suffix="json",
    read_gold=partial(read_gold, unanswerable=True),
    read_predictions=read_predictions,
    write_gold=write_gold,
    write_predictions=write_predictions,
    compare=partial(compare, what="question"),
    metrics=MappingProxyType(
        {
            "exact_match": partial(_no_answer_tally, exact),
            "f1": partial(_no_answer_tally, best_overlap),
        }
    ),
    collapsed=collapsed,
)
