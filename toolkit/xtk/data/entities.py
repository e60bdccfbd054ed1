"""Mewsli-X: mentions of entities in the news, and the descriptions among which they are searched.

The text of a mention and of an entity is made as google-research/xtreme, third_party/
utils_mewslix.py (preprocess_mention, preprocess_entity_description) says: a mention stands before
the one sentence around it, in which braces mark it; a description is its sentences.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from xtk.data.files import DataFile
from xtk.data.formats import Form, Item, read_table
from xtk.data.retrieval import candidate, each_once, query
from xtk.data.rows import Record, RowError, text_at, value_at
from xtk.data.sources import EVERY

LANGUAGE = "language"  # of a mention; a candidate belongs to every language

_BRACES = re.compile(r"\{(.*?)\}")


def read_mentions(file: DataFile, form: Form) -> Iterator[Item]:
    """A file of mentions (documents with several each) or of entities; a million of them stream."""
    yield from each_once(_mentions_and_entities(file))


def read_pairs(file: DataFile, form: Form) -> Iterator[Item]:
    """Mentions that come with their entities: first all mentions, then each entity once."""
    entities: dict[str, Record] = {}
    for line in read_table(file, form):
        if isinstance(line, RowError):
            yield line
            continue
        try:
            mention = _mention(_part(line, "contextual_mention"))
            entity = _entity(_part(line, "entity"))
            named = entity.values["id"]
            if mention.values["targets"] != [named]:
                raise line.error("entity.entity_id", "the mention's entity", named)
            if entities.setdefault(named, entity).values != entity.values:
                raise line.error("entity.description", "one text for an entity", named)
        except RowError as error:
            yield error
        else:
            yield mention
    yield from entities.values()


def _mentions_and_entities(file: DataFile) -> Iterator[Item]:
    for line in read_table(file, Form()):
        if isinstance(line, RowError):
            yield line
        elif "mentions" in line.values:
            yield from _mentions(line)
        else:
            try:
                yield _entity(line)
            except RowError as error:
                yield error


def _mentions(line: Record) -> Iterator[Item]:
    mentions = line.values["mentions"]
    if not isinstance(mentions, list) or not all(isinstance(m, Mapping) for m in mentions):
        yield line.error("mentions", "a list of mentions", mentions)
        return
    for mention in mentions:
        try:
            yield _mention(Record(line.file, line.place, {**line.values, "mention": mention}))
        except RowError as error:
            yield error


def _mention(line: Record) -> Record:
    """The query for one mention; an entity id of "" says that XTREME took it away."""
    text = text_at(line, "context.text")
    start, end = _span(line, "mention.mention_span", value_at(line, "mention.mention_span"), text)
    marked = text_at(line, "mention.mention_span.text")
    if text[start:end] != marked:
        raise line.error("mention.mention_span", f"the place of '{marked[:40]}'", text[start:end])
    left, right = _sentence(line, text, start, end)
    before, after = (_BRACES.sub(r"(\1)", part) for part in (text[left:start], text[end:right]))
    entity = text_at(line, "mention.entity_id").strip()
    made = query(
        line.file,
        line.place,
        text_at(line, "mention.example_id"),
        _on_one_line(f"{marked}: {before} {{ {marked} }} {after}"),
        [entity] if entity else None,
    )
    return Record(
        made.file, made.place, {**made.values, LANGUAGE: text_at(line, "context.language")}
    )


def _sentence(line: Record, text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds the mention."""
    for left, right in _spans(line, "context.sentence_spans", text):
        if left <= start and end <= right:
            return left, right
    raise line.error("mention.mention_span", "a mention inside one sentence", [start, end])


def _entity(line: Record) -> Record:
    text = text_at(line, "description")
    sentences = (text[a:b] for a, b in _spans(line, "sentence_spans", text))
    made = candidate(
        line.file, line.place, text_at(line, "entity_id"), _on_one_line(" ".join(sentences))
    )
    return Record(made.file, made.place, {**made.values, LANGUAGE: EVERY})


def _part(line: Record, column: str) -> Record:
    part = value_at(line, column)
    if not isinstance(part, Mapping):
        raise line.error(column, "an object", part)
    return Record(line.file, line.place, part)


def _spans(line: Record, column: str, text: str) -> list[tuple[int, int]]:
    spans = value_at(line, column)
    if not isinstance(spans, list):
        raise line.error(column, "a list of spans", spans)
    return [_span(line, column, span, text) for span in spans]


def _span(line: Record, column: str, span: Any, text: str) -> tuple[int, int]:
    start, end = (span.get("start"), span.get("end")) if isinstance(span, Mapping) else (None, None)
    if type(start) is int and type(end) is int and 0 <= start < end <= len(text):
        return start, end
    raise line.error(column, f"start and end within {len(text)} characters", span)


def _on_one_line(text: str) -> str:
    """Every pair of blanks one blank, once over, as the official code does it."""
    return " ".join(text.splitlines()).replace("  ", " ").strip()
