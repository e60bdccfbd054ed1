"""Where rows come from, and what is told of them: their place, their hash, what was left out."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

from xtk.core.errors import XtkError
from xtk.core.files import canonical_json
from xtk.data.files import DataFile, find_all
from xtk.data.formats import AS_IT_SAYS, Form, Item, read_table
from xtk.data.rows import Columns, Example, Record, RowError
from xtk.kinds.retrieval import RetrievalExample
from xtk.kinds.span import SpanExample

SAMPLES = Path(__file__).parent / "samples"
EVERY = "*"  # in a column that says the language: a row of every language

LABELLED, UNLABELLED, PLACEHOLDER = "labelled", "unlabelled", "placeholder"
Arrange = Callable[[Iterable[Record], str], Iterator[Item]]
Counts = Mapping[str, int | Mapping[str, int]]
_PLACEHOLDER_ROWS = 20  # as many rows of one label are no accident: XTREME's XCOPA test is all 0


@dataclass(frozen=True)
class LocalSource:
    """One layout of official files below a data root.

    `files` are templates with `{lang}`, or with `{name}` for what `called` calls the language; a
    split's files are read one after the other, those of a pattern with `*` in the order of their
    names. Files whose name holds neither are in `language`, unless `where` picks the rows of one. A
    layout with a `root` of its own is looked for there and nowhere else.
    """

    folders: tuple[str, ...]  # tried in this order; "" is the root itself
    files: Mapping[str, tuple[str, ...]]  # by split
    columns: Columns
    form: Form = AS_IT_SAYS
    read: Callable[[DataFile, Form], Iterator[Item]] = read_table
    where: Mapping[str, str] = field(default_factory=dict)  # only rows with these values
    parts: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # rows of the file, by split
    called: Mapping[str, str] = field(default_factory=dict)  # by language; others are not there
    language: str = "en"
    root: Path | None = None
    # the official number of rows by split: of each language, or by language; if it is unlike the
    # Hub's
    rows: Counts = field(default_factory=dict)
    is_whole: bool = False  # another number of rows than that is an error, not a remark
    arrange: Arrange | None = None  # as that of HubSource

    def serves(self, split: str, lang: str) -> bool:
        names = " ".join((*self.files.get(split, ()), *self.where.values()))
        if "{name}" in names:
            return lang in self.called
        return split in self.files and ("{lang}" in names or lang == self.language)

    def names(self, split: str, lang: str) -> list[list[str]]:
        """The files of a split below a root, for each folder in which they may be."""
        called = self.called.get(lang, "")
        files = [name.format(lang=lang, name=called) for name in self.files[split]]
        return [
            [f"{folder}/{name}" if folder else name for name in files] for folder in self.folders
        ]

    def places(self, roots: Sequence[Path]) -> Sequence[Path]:
        """Where the layout is looked for."""
        return roots if self.root is None else (self.root,)

    def count(self, split: str, lang: str) -> int | None:
        """The rows that the owner published in this layout, where it has its own number."""
        return _count(self.rows, split, lang)

    def find(self, split: str, lang: str, roots: Sequence[Path]) -> tuple[DataFile, ...]:
        """All files of the split from the first place that has them, or none."""
        for root in self.places(roots):
            for names in self.names(split, lang):
                found = [find_all(root, name) for name in names]
                if all(found):
                    return tuple(file for files in found for file in files)
        return ()

    def absent(self, split: str, lang: str, roots: Sequence[Path]) -> tuple[Path, ...]:
        """The files that are not beside the others of the split, where only some are there."""
        for root in self.places(roots):
            for names in self.names(split, lang):
                absent = [root / name for name in names if not find_all(root, name)]
                if len(absent) < len(names):
                    return tuple(absent)
        return ()

    def items(self, files: Sequence[DataFile], split: str, lang: str) -> Iterator[Item]:
        """The rows of a split, from the files that `find` gave."""
        return arranged(self._counted(files, split, lang), self.arrange, lang)

    def _counted(self, files: Sequence[DataFile], split: str, lang: str) -> Iterator[Item]:
        total = 0
        for item in self._items(files, split, lang):
            total += 1
            yield item
        expected = self.count(split, lang)
        if self.is_whole and expected not in (None, total):
            raise XtkError(
                f"{', '.join(map(str, files))}: {total:,} rows for {split} in '{lang}', and their "
                f"owner published {expected:,}; fetch them again."
            )

    def _items(self, files: Sequence[DataFile], split: str, lang: str) -> Iterator[Item]:
        chosen = {column: value.format(lang=lang) for column, value in self.where.items()}
        start, stop = self.parts.get(split, (0, None))
        # of many files one may hold nothing but sentences that its reader leaves out
        is_pattern = any("*" in name for name in self.files.get(split, ()))
        for file in files:
            count = 0
            for item in islice(self.read(file, self.form), start, stop):
                count += 1
                if isinstance(item, RowError) or _is_chosen(item, chosen):
                    yield item
            if stop is not None and count < stop - start:
                raise XtkError(
                    f"{file} has fewer rows than the {stop:,} of which {split} is a part; fetch it "
                    "again."
                )
            if not count and not (is_pattern and any(file.lines())):
                raise XtkError(f"{file} has no rows; fetch it again.")


def arranged(items: Iterable[Item], arrange: Arrange | None, lang: str) -> Iterator[Item]:
    """The examples' rows; where they are made of all rows together, none of these may be bad."""
    return iter(items) if arrange is None else arrange(map(_record, items), lang)


def _count(rows: Counts, split: str, lang: str) -> int | None:
    count = rows.get(split)
    return count if count is None or isinstance(count, int) else count.get(lang)


def _same_splits() -> dict[str, tuple[str, ...]]:
    return {split: (split,) for split in ("train", "validation")}


@dataclass(frozen=True, kw_only=True)
class HubSource:
    """A data set on the Hugging Face Hub, at one commit.

    `config` and `begins` are templates with `{lang}`, or with `{name}` for what `names` calls the
    language. A source whose templates have neither is in `language`.
    """

    dataset: str
    config: str = "default"
    revision: str
    # the Hub's splits, read one after the other
    splits: Mapping[str, tuple[str, ...]] = field(default_factory=_same_splits)
    columns: Columns
    # the official number of rows by split: of each language, or by language
    rows: Counts = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)  # by language; others are not there
    begins: Mapping[str, str] = field(default_factory=dict)  # only rows whose columns begin so
    # for rows that do not hold an example each: given the rows and the language, the examples' rows
    arrange: Arrange | None = None
    language: str = "en"

    def serves(self, split: str, lang: str) -> bool:
        """Whether the split is there in a language."""
        count = self.rows.get(split, 0)
        if split not in self.splits or (not isinstance(count, int) and lang not in count):
            return False
        templates = " ".join((self.config, *self.begins.values()))
        if "{name}" in templates:
            return lang in self.names
        return "{lang}" in templates or lang == self.language

    def config_of(self, lang: str) -> str:
        """The configuration that holds a language."""
        return self.config.format(lang=lang, name=self.names.get(lang, ""))

    def beginnings(self, lang: str) -> dict[str, str]:
        """What the columns of a language's rows begin with, where languages are mixed."""
        name = self.names.get(lang, "")
        return {column: text.format(lang=lang, name=name) for column, text in self.begins.items()}

    def count(self, split: str, lang: str) -> int | None:
        """The rows that the owner published, where that is known."""
        return _count(self.rows, split, lang)


Source = LocalSource | HubSource


@dataclass(frozen=True)
class Rows:
    """The examples of a split, and what a reader of the scores must know about them."""

    examples: tuple[Example, ...]
    source: str  # hub, local, sample or file
    files: tuple[str, ...]
    sha256: str  # of the examples, so that equal rows from two sources have one hash
    labels: str  # LABELLED, UNLABELLED or PLACEHOLDER
    skipped: tuple[RowError, ...] = ()  # bad rows, as many as were allowed
    left_out: int = 0  # rows whose owners gave no label in a labelled split, as "-" in SNLI

    @property
    def rows_read(self) -> int:
        """As many as were read, without the candidates of a search."""
        return sum(map(_has_label, self.examples)) + len(self.skipped) + self.left_out


def collect(
    items: Iterable[Item],
    columns: Columns,
    *,
    source: str,
    files: Sequence[str],
    skip_bad_rows: int,
) -> Rows:
    """Turn rows into examples; up to `skip_bad_rows` of them may be bad."""
    examples: list[Example] = []
    skipped: list[RowError] = []
    questions: set[str] = set()
    for item in items:
        try:
            record = _record(item)
            example = columns.example(record)
            _check_new(example, record, questions)
            examples.append(example)
        except RowError as error:
            skipped.append(error)
            if len(skipped) > skip_bad_rows:
                raise
    if not examples:
        raise XtkError(f"{', '.join(files)}: no row was left to read.")
    is_known = any(e.label is not None for e in examples if _has_label(e))
    kept = [e for e in examples if e.label is not None] if is_known else examples
    return Rows(
        examples=tuple(kept),
        source=source,
        files=tuple(files),
        sha256=_sha256(kept),
        labels=_label_state(kept),
        skipped=tuple(skipped),
        left_out=len(examples) - len(kept),
    )


def _check_new(example: Example, record: Record, questions: set[str]) -> None:
    """An error for a second question with the id of an earlier one: predictions are by id."""
    if isinstance(example, SpanExample):
        if example.id in questions:
            raise record.error("id", "each question once", example.id)
        questions.add(example.id)


def joined(parts: Sequence[Rows]) -> Rows:
    """Several splits as one, in this order."""
    examples = tuple(example for part in parts for example in part.examples)
    return Rows(
        examples=examples,
        source=parts[0].source,
        files=tuple(file for part in parts for file in part.files),
        sha256=_sha256(examples),
        labels=next((p.labels for p in parts if p.labels != LABELLED), LABELLED),
        skipped=tuple(error for part in parts for error in part.skipped),
        left_out=sum(part.left_out for part in parts),
    )


def first(rows: Rows, limit: int | None) -> Rows:
    """The first `limit` examples, all of them where it is None; and all candidates."""
    count = sum(map(_has_label, rows.examples))
    if limit is None or limit >= count:
        return rows
    ranks = accumulate(map(_has_label, rows.examples))
    examples = tuple(
        example
        for example, rank in zip(rows.examples, ranks, strict=True)
        if rank <= limit or not _has_label(example)
    )
    return replace(rows, examples=examples, sha256=_sha256(examples), labels=_label_state(examples))


def labels_or_error(rows: Rows) -> list[Any]:
    """The labels to train on or to score against; an error where there are none."""
    where = ", ".join(rows.files)
    if rows.labels == UNLABELLED:
        raise XtkError(
            f"{where}: these rows have no labels; take another split or source, or predict."
        )
    if rows.labels == PLACEHOLDER:
        raise XtkError(
            f"{where}: all {len(rows.examples)} rows have the label {rows.examples[0].label}, a "
            "placeholder; scores against it mean nothing. Take the owner's files or another source."
        )
    return [e.label for e in rows.examples if _has_label(e) and e.label is not None]


def _record(item: Item) -> Record:
    if isinstance(item, RowError):
        raise item
    return item


def _is_chosen(record: Record, chosen: Mapping[str, str]) -> bool:
    return all(str(record.values.get(column)) in (value, EVERY) for column, value in chosen.items())


def _has_label(example: Example) -> bool:
    """Whether an example is one that can be scored: a candidate of a search is not."""
    return not isinstance(example, RetrievalExample) or example.is_query


def _label_state(examples: Sequence[Example]) -> str:
    asked = [example for example in examples if _has_label(example)]
    labels = {example.label for example in asked}
    if labels <= {None}:
        return UNLABELLED
    return PLACEHOLDER if len(labels) == 1 and len(asked) >= _PLACEHOLDER_ROWS else LABELLED


def _sha256(examples: Iterable[Example]) -> str:
    digest = hashlib.sha256()
    for example in examples:
        digest.update(canonical_json(vars(example)).encode() + b"\n")
    return digest.hexdigest()
