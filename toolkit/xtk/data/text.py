"""Plain text for masked words: a file with a text a line, or a data set on the Hub."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from xtk.core.errors import UsageError, XtkError
from xtk.data.files import decoded, named
from xtk.data.formats import Item
from xtk.data.hub import first_line
from xtk.data.rows import Record, RowError, text_at
from xtk.data.sources import Rows, collect
from xtk.kinds.masked import TextExample

TEXT = "text"  # the column that data sets of plain text have
HUB_TEXTS = 100_000  # of a data set on the Hub: the first ones, streamed


@dataclass(frozen=True)
class TextColumns:
    """A row that is one text."""

    def example(self, record: Record) -> TextExample:
        return TextExample(text_at(record, TEXT))

    def paths(self) -> tuple[str, ...]:
        return (TEXT,)


def read_text(name: str) -> Rows:
    """The texts of a file, or of a data set on the Hub: `owner/name:config@commit`.

    Blank lines separate documents and are no texts; of a data set the first 100,000 rows are read.
    """
    is_file = Path(name).exists() or "@" not in name
    items = _lines(Path(name)) if is_file else _on_the_hub(name)
    return collect(items, TextColumns(), source="text", files=(name,), skip_bad_rows=0)


def _lines(path: Path) -> Iterator[Item]:
    try:
        file = named(path)
    except XtkError as error:
        raise XtkError(f"{error} A data set on the Hub is named owner/name@COMMIT.") from error
    for number, line in file.lines():
        try:
            text = decoded(file, number, line).strip()
        except RowError as error:
            yield error
            continue
        if text:
            yield Record(str(file), number, {TEXT: text})


def _on_the_hub(name: str) -> Iterator[Item]:
    import datasets

    place, _, revision = name.partition("@")
    dataset, _, config = place.partition(":")
    if not revision or dataset.count("/") != 1:
        raise UsageError(
            f"--mlm {name}: there is no such file, and a data set on the Hub is named as "
            "owner/name@COMMIT or owner/name:config@COMMIT, so that a run can be repeated."
        )
    try:
        rows = datasets.load_dataset(
            dataset, config or None, split="train", revision=revision, streaming=True
        )
        for number, row in enumerate(islice(rows, HUB_TEXTS), start=1):
            if str(row.get(TEXT) or "").strip():
                yield Record(name, f"row {number}", row)
    except (OSError, ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        raise XtkError(
            f"Cannot read {name}: {first_line(error)} Connect once, or name a file of text."
        ) from error
