"""MultiCheckList's cases: its templates with words put in.

A case is one choice of words. It is asked about in every context of its test with every question,
and passed only if all answers are right (google-research/xtreme, multichecklist: 2 to 12 pairs a
case). The official generator has rules for single languages; here one rule stands for them: words
are chosen in English, and of the alternatives of a text those are taken that go with the words.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xtk.core.errors import XtkError
from xtk.data.checklist import Alternative, Entry, Template
from xtk.data.checklist_names import names

CASES = 200  # of each test in each language; generate_tests.py, num_test_samples
PROPERTY = "property"

_VARIABLES = {"state": "s", f"{PROPERTY}1": "p.p1", f"{PROPERTY}2": "p.p2"}
_DRAWS = 50  # for each case that is wanted
_MEN_ONLY = ("comp", "intense", "profession_nationality")  # templates are declined for men
_PARTS = re.compile(r"[,،，၊]\s*")  # what stands between the forms of a word
_VARIABLE = re.compile(r"\{(?:a:)?([^{}]+)\}")


@dataclass(frozen=True)
class Asked:
    """One question of a case."""

    context: str
    question: str
    answer: str


@dataclass(frozen=True)
class Case:
    """What is asked with one choice of words."""

    test: str
    lang: str
    asked: tuple[Asked, ...]


@dataclass(frozen=True)
class _Choice:
    """Words of a case: as put into the text, and their English by field."""

    texts: Mapping[str, str]
    english: Mapping[str, str]


def cases(template: Template, count: int = CASES, *, seed: int = 42) -> tuple[Case, ...]:
    """Different cases of a test, always the same for a seed; fewer where there are no more."""
    rng = np.random.default_rng([seed, *map(_number, (template.test, template.lang))])
    made: dict[Case, None] = {}
    for _ in range(_DRAWS * count):
        if len(made) == count:
            break
        case = _case(template, rng)
        if case is not None:
            made[case] = None
    if not made:
        raise XtkError(f"No words go with '{template.test}' in '{template.lang}'.")
    return tuple(made)


def _number(name: str) -> int:
    return zlib.crc32(name.encode())


def _case(template: Template, rng: np.random.Generator) -> Case | None:
    """A case, or none where no alternative goes with the words that were drawn."""
    choice = _choice(template, rng)
    if choice is None:
        return None
    in_contexts = dict(choice.texts)
    if "obj[1]" in in_contexts:  # it begins a sentence; generate_test_utils.py has {c:obj[1]}
        begins = in_contexts["obj[1]"]
        in_contexts["obj[1]"] = begins[:1].title() + begins[1:]
    asked = []
    for place, context in enumerate(template.contexts):
        for number, (question, answer) in enumerate(template.questions, start=1):
            told = _fitting(context, template, choice, rng)
            asks = _fitting(question, template, choice, rng, asks=number)
            if told is None or asks is None:
                return None
            asked.append(
                Asked(
                    _filled(told, in_contexts),
                    _filled(_of_its_property(asks, number), choice.texts),
                    _filled(_answer(answer, place), choice.texts),
                )
            )
    return Case(template.test, template.lang, tuple(asked))


def _choice(template: Template, rng: np.random.Generator) -> _Choice | None:
    """Different people and a word of each field; none where a word has no form for the others."""
    men, women = names(template.lang)
    people = men if template.test in _MEN_ONLY else (*men, *women)
    drawn = [people[i] for i in rng.permutation(len(people))[:3]]
    texts = dict(zip(("first_name", "first_name1", "first_name2"), drawn, strict=True))
    words = _words(template, rng)
    english = {field: entry.english for field, entry in words.items()}
    for field, entry in words.items():
        text = _fitting(entry, template, _Choice(texts, english), rng)
        if text is None:
            return None
        texts.update(_forms(field, text))
    return _Choice(texts, english)


def _words(template: Template, rng: np.random.Generator) -> dict[str, Entry]:
    """An entry of each field, and of two different properties a name and a value."""
    properties = {entry.english: entry for entry in template.words.get(PROPERTY, ())}
    words = {
        field: _one(entries, rng)
        for field, entries in template.words.items()
        if field != PROPERTY and field not in properties
    }
    known = [name for name in properties if name in template.words]
    for number, place in enumerate(rng.permutation(len(known))[:2], start=1):
        words[f"{PROPERTY}{number}"] = properties[known[place]]
        words[f"p.v{number}"] = _one(template.words[known[place]], rng)
    return words


def _one(entries: Sequence[Entry], rng: np.random.Generator) -> Entry:
    return entries[int(rng.integers(len(entries)))]


def _forms(field: str, text: str) -> Iterator[tuple[str, str]]:
    """The variables that a word fills: one, or one for each of its forms."""
    if field not in ("adj", "obj"):
        yield _VARIABLES.get(field, field), text
        return
    forms = [form for form in _PARTS.split(text) if form]
    for number, form in enumerate(forms if len(forms) > 1 else text.split()):
        yield f"{field}[{number}]", form


def _fitting(
    entry: Entry, template: Template, choice: _Choice, rng: np.random.Generator, *, asks: int = 1
) -> str | None:
    """One of the alternatives that go with the words; `asks` is the property asked about."""
    fitting = [
        alternative.text
        for alternative in entry.alternatives
        if not alternative.goes_with or _goes(alternative, template, choice, asks)
    ]
    return fitting[int(rng.integers(len(fitting)))] if fitting else None


def _goes(alternative: Alternative, template: Template, choice: _Choice, asks: int) -> bool:
    """Whether an alternative goes with the words: with each kind of which it names any."""
    if "{" in alternative.goes_with:  # it names contexts
        return any(context.english in alternative.goes_with for context in template.contexts)
    for field, entries in template.words.items():
        drawn = choice.english.get(f"{PROPERTY}{asks}" if field == PROPERTY else field)
        named = {entry.english for entry in entries if entry.forms & alternative.phrases}
        if named and drawn is not None and drawn not in named:
            return False
    return True


def _of_its_property(question: str, number: int) -> str:
    """A question asks for the property of its answer; by a slip two have the other (de, gu)."""
    return re.sub(r"\{p\.p[12]\}", f"{{p.p{number}}}", question)


def _answer(entry: Entry, place: int) -> str:
    """The answer; in Quechua the second context has its own, in the column of conditions."""
    alternative = entry.alternatives[0]
    return alternative.goes_with if place and alternative.goes_with else alternative.text


def _filled(text: str, words: Mapping[str, str]) -> str:
    def word(found: re.Match[str]) -> str:
        if found[1] not in words:
            raise XtkError(f"Nothing to put in for {found[0]} in '{text}'.")
        return words[found[1]]

    return _VARIABLE.sub(word, text)
