"""Texts to search for and texts to be found, as rows."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xtk.data.formats import Item
from xtk.data.rows import Record, checked_text, text_at
from xtk.kinds.retrieval import RetrievalExample

ID, TEXT, TARGETS = "id", "text", "targets"


@dataclass(frozen=True)
class RetrievalColumns:
    """Where the name and the text of a query or of a candidate are.

    A row that has the column `targets` is a query: a list of candidates' ids, or null where they
    are not known. A row without that column is a candidate.
    """

    id: str = ID
    text: str = TEXT
    targets: str = TARGETS

    def example(self, record: Record) -> RetrievalExample:
        identity, text = text_at(record, self.id), text_at(record, self.text)
        if not identity.strip():
            raise record.error(self.id, "an id", identity)
        if self.targets not in record.values:
            return RetrievalExample(identity, text, is_query=False)
        if not text.strip():
            raise record.error(self.text, "a text to search for", text)
        return RetrievalExample(identity, text, is_query=True, targets=self._targets(record))

    def paths(self) -> tuple[str, ...]:
        return self.id, self.text

    def _targets(self, record: Record) -> tuple[str, ...] | None:
        targets = record.values[self.targets]
        if targets is None:
            return None
        if not isinstance(targets, Sequence) or isinstance(targets, str):
            raise record.error(self.targets, "a list of candidates' ids, or null", targets)
        return tuple(checked_text(record, self.targets, target) for target in targets)


def query(
    file: str, place: int | str, identity: str, text: str, targets: Sequence[str] | None
) -> Record:
    """A row that is searched for."""
    return Record(file, place, {ID: identity, TEXT: text, TARGETS: targets})


def candidate(file: str, place: int | str, identity: str, text: str) -> Record:
    """A row that is to be found."""
    return Record(file, place, {ID: identity, TEXT: text})


def each_once(items: Iterable[Item]) -> Iterator[Item]:
    """The items, with an error in the place of a row whose id an earlier one has."""
    seen: dict[bool, set[Any]] = {True: set(), False: set()}
    for item in items:
        if isinstance(item, Record):
            identity, ids = item.values[ID], seen[TARGETS in item.values]
            if identity in ids:
                yield item.error(ID, "an id that no earlier row has", identity)
                continue
            ids.add(identity)
        yield item
