"""MultiCheckList's templates: six tests of question answering in fifty languages.

The file is google-research/xtreme, multichecklist/checklist_templates.tsv: a test after the other,
a blank line between them; each line has a field (Context, Question, Answer, or a kind of word), the
English text, and in each language one or more alternatives, an `xx` column each. Where a column
`xx-placeholders` stands after it, it names, in English, the words with which the alternative goes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from xtk.core.errors import XtkError, unknown
from xtk.data.files import DataFile, decoded
from xtk.data.rows import RowError, shown

ENGLISH = "en"
# test_models.py, TEST_NAME2SHORT
SHORT_NAMES = {
    "A is COMP than B. Who is more / less COMP?": "comp",
    "Intensifiers (very, super, extremely) and reducers (somewhat, kinda, etc)?": "intense",
    "size, shape, age, color": "props",
    "Profession vs nationality": "profession_nationality",
    "Animal vs Vehicle": "animal_vehicle",
    "Animal vs Vehicle v2": "animal_vehicle_v2",
}
ANIMALS, MORE_ANIMALS = "animal_vehicle", "animal_vehicle_v2"  # the second has the first's words

_FIELD, _NAME, _CAPABILITY = "Field", "Name", "Capability"
_CONTEXT, _QUESTION, _ANSWER = "Context", "Question", "Answer"
_CONDITION = "-placeholders"
_ARTICLE = re.compile("^(?:an?|the) ", re.IGNORECASE)
_BRACES = re.compile(r"\{[^{}]*\}")
_VARIABLE = re.compile(
    r"\{(?:a:)?(?:first_name[12]?|(?:adj|obj)\[[0-2]\]|very|somewhat|s|p\.[pv][12]"
    r"|profession|nationality|animal|vehicle)\}"
)


@dataclass(frozen=True)
class Alternative:
    """A text in one language, and the English words with which it goes; "" for all."""

    text: str
    goes_with: str = ""

    @cached_property
    def phrases(self) -> frozenset[str]:
        """The English words that it goes with, without articles."""
        return _bare(self.goes_with)


@dataclass(frozen=True)
class Entry:
    """One line of the file in one language."""

    english: str
    alternatives: tuple[Alternative, ...]

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms of the English word, as "older, old", without articles."""
        return _bare(self.english)


@dataclass(frozen=True)
class Template:
    """One test in one language."""

    test: str  # its short name
    lang: str
    contexts: tuple[Entry, ...]
    questions: tuple[tuple[Entry, Entry], ...]  # each with its answer
    words: Mapping[str, tuple[Entry, ...]]  # by field


def _bare(text: str) -> frozenset[str]:
    return frozenset(_ARTICLE.sub("", part.strip()).lower() for part in text.split(","))


@dataclass(frozen=True)
class _Line:
    number: int
    field: str
    cells: tuple[str, ...]  # after the field


def read_templates(file: DataFile) -> dict[str, tuple[Template, ...]]:
    """The templates of each language, in the order of the file."""
    lines = list(_lines(file))
    if not lines:
        raise XtkError(f"{file} has no templates; fetch it again.")
    columns = _columns(file, lines[0])
    blocks = [_block(file, block) for block in _blocks(lines[1:])]
    if not blocks:
        raise XtkError(f"{file} has no templates; fetch it again.")
    names = [name for name, _ in blocks]
    for name in names:
        if names.count(name) > 1:
            raise XtkError(f"{file} has the test '{name}' twice; fetch it again.")
    found: dict[str, tuple[Template, ...]] = {}
    for lang in columns:
        made = [_template(file, name, block, lang, columns) for name, block in blocks]
        found[lang] = _with_words(tuple(template for template in made if template.contexts))
    return found


_Columns = Mapping[str, Sequence[tuple[int, int | None]]]  # text and condition of each alternative


def _lines(file: DataFile) -> Iterator[_Line]:
    width = 0
    for number, line in file.lines():
        fields = decoded(file, number, line).split("\t")
        width = width or len(fields)
        if len(fields) != width and any(fields):
            raise RowError(str(file), number, "", f"{width} columns", f"{len(fields)}")
        yield _Line(number, fields[0].strip(), tuple(field.strip() for field in fields[1:]))


def _columns(file: DataFile, header: _Line) -> _Columns:
    columns: dict[str, list[tuple[int, int | None]]] = {}
    names = header.cells
    if header.field != _FIELD or ENGLISH not in names:
        raise RowError(
            str(file), header.number, "", f"'{_FIELD}' and a column a language", header.field
        )
    for place, (name, after) in enumerate(pairwise((*names, ""))):
        lang = name.removesuffix(_CONDITION)
        if lang == name:
            condition = place + 1 if after == f"{name}{_CONDITION}" else None
            columns.setdefault(name, []).append((place, condition))
        elif place == 0 or names[place - 1] != lang:
            raise RowError(str(file), header.number, name, f"'{lang}' before it", names[place - 1])
    return columns


def _blocks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    block: list[_Line] = []
    for line in lines:
        if line.field or any(line.cells):
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _block(file: DataFile, lines: Sequence[_Line]) -> tuple[str, Sequence[_Line]]:
    """The name of a test and its lines without the name, checked."""
    first = lines[0]
    if first.field != _NAME:
        raise RowError(str(file), first.number, "", f"'{_NAME}' of a test", shown(first.field))
    if first.cells[0] not in SHORT_NAMES:
        error = unknown("test", first.cells[0], SHORT_NAMES)
        raise XtkError(f"{file}, line {first.number}: {error}")
    body = [line for line in lines[1:] if line.field != _CAPABILITY]
    fields = [line.field for line in body]
    if _CONTEXT not in fields or _QUESTION not in fields:
        raise RowError(str(file), first.number, "", "a test with a context and a question", "none")
    for line, after in zip(body, [*body[1:], None], strict=True):
        has_answer = after is not None and after.field == _ANSWER
        if (line.field == _QUESTION) != has_answer:
            found = f"{line.field} before {'the end' if after is None else after.field}"
            raise RowError(str(file), line.number, "", "each question before its answer", found)
        _check_texts(file, line)
    return first.cells[0], body


def _check_texts(file: DataFile, line: _Line) -> None:
    if not line.field or not line.cells[0]:
        raise RowError(str(file), line.number, "", "a field and its English text", "a blank")
    if line.field in (_CONTEXT, _QUESTION, _ANSWER):
        for cell in line.cells:
            left = _VARIABLE.sub("", cell)
            if _BRACES.search(left) or "{" in left or "}" in left:
                raise RowError(str(file), line.number, "", "known words in braces", shown(cell))


def _template(
    file: DataFile, name: str, lines: Sequence[_Line], lang: str, columns: _Columns
) -> Template:
    contexts, questions, answers = [], [], []
    words: dict[str, list[Entry]] = {}
    for line in lines:
        entry = Entry(line.cells[0], _alternatives(line, lang, columns))
        if line.field == _CONTEXT:
            contexts.append(entry)
        elif line.field == _QUESTION:
            questions.append(entry)
        elif line.field == _ANSWER:
            answers.append(entry)
        elif entry.alternatives:
            words.setdefault(line.field, []).append(entry)
    template = Template(
        SHORT_NAMES[name],
        lang,
        tuple(entry for entry in contexts if entry.alternatives),
        tuple(zip(questions, answers, strict=True)),
        {field: tuple(entries) for field, entries in words.items()},
    )
    asked = [entry.alternatives for pair in template.questions for entry in pair]
    if template.contexts and not all(asked):
        raise XtkError(f"{file}: '{name}' has a context but no question or answer in '{lang}'.")
    return template


def _alternatives(line: _Line, lang: str, columns: _Columns) -> tuple[Alternative, ...]:
    found = []
    for place, condition in columns[lang]:
        goes_with = "" if condition is None else line.cells[condition]
        if line.cells[place]:
            found.append(Alternative(line.cells[place], goes_with))
    return tuple(found)


def _with_words(templates: tuple[Template, ...]) -> tuple[Template, ...]:
    """The second test of animals takes its words from the first."""
    first = next((template for template in templates if template.test == ANIMALS), None)
    if first is None:
        return templates
    return tuple(
        Template(t.test, t.lang, t.contexts, t.questions, {**first.words, **t.words})
        if t.test == MORE_ANIMALS
        else t
        for t in templates
    )
