"""The rows of a training or an evaluation, and their encoded form."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from xtk.backbones.backbone import Backbone
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.encoded import EncodedKey, encoded_once
from xtk.data.sources import Rows, first, labels_or_error
from xtk.kinds.encoded import Encoded
from xtk.tasks.reading import read_files, read_split
from xtk.tasks.task import TRAIN, VALIDATION, Task
from xtk.workflows.recipe import Options


def training_rows(task: Task, options: Options, settings: Settings, report: Reporter) -> Rows:
    """The labelled training rows: the user's own files, or the task's."""
    rows = _read(task, TRAIN, options.train_files, options, settings)
    return _told(first(rows, options.limit), "training", report)


def dev_rows(task: Task, options: Options, settings: Settings, report: Reporter) -> Rows:
    """The labelled rows by which the best epoch is chosen, in the training language."""
    rows = _read(task, VALIDATION, options.dev_files, options, settings)
    return _told(first(rows, options.dev_limit), "dev", report)


def encode(
    rows: Rows, task: Task, backbone: Backbone, max_length: int, settings: Settings
) -> Encoded:
    """The rows as token ids, from the cache where they are there."""
    length = min(max_length, backbone.max_length)
    key = EncodedKey(rows.sha256, backbone.fingerprint, task.kind.name, length)

    def make() -> Encoded:
        tokenizer = Tokenizer.from_file(str(backbone.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return task.kind.encode(rows.examples, tokenizer, length)

    return encoded_once(settings.cache / "encoded", key, make)


def _read(
    task: Task, split: str, files: Sequence[Path], options: Options, settings: Settings
) -> Rows:
    if files:
        return read_files(task, files, skip_bad_rows=options.skip_bad_rows)
    return read_split(
        task,
        split,
        task.train_language,
        source=options.source,
        roots=settings.data_roots,
        skip_bad_rows=options.skip_bad_rows,
    )


def _told(rows: Rows, what: str, report: Reporter) -> Rows:
    """Say what was left out; an error where there are no labels to learn or to score."""
    labels_or_error(rows)
    if rows.left_out:
        report.note(f"  {rows.left_out} {what} rows without a gold label were left out")
    for error in rows.skipped:
        report.note(f"  skipped: {error}")
    return rows
