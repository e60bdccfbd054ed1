"""The rows of a training or an evaluation, and their encoded form."""

from collections.abc import Mapping
from pathlib import Path

from tokenizers import Tokenizer

from xtk.backbones.backbone import Backbone
from xtk.core.errors import UsageError
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.encoded import EncodedKey, encoded_once
from xtk.data.sources import Rows, first, labels_or_error
from xtk.data.text import read_text
from xtk.kinds.encoded import Encoded
from xtk.kinds.kind import Kind
from xtk.tasks.reading import read_files, read_split
from xtk.tasks.task import TRAIN, VALIDATION, Task
from xtk.workflows.recipe import Options


def training_rows(
    task: Task, options: Options, settings: Settings, report: Reporter
) -> Mapping[str, Rows]:
    """The labelled training rows by language: the user's own files, or the task's."""
    rows = unchecked_training_rows(task, options, settings)
    several = len(rows) > 1 or bool(options.train_files)
    return {
        lang: _told(one, f"training ({lang})" if several else "training", report)
        for lang, one in rows.items()
    }


def unchecked_training_rows(task: Task, options: Options, settings: Settings) -> dict[str, Rows]:
    """The training rows by language, whether they have labels or not."""
    by_language: dict[str, list[Path]] = {}
    for lang, path in options.train_files:
        by_language.setdefault(lang or task.train_language, []).append(path)
    if not by_language:
        rows = _read(task, TRAIN, options, settings)
        return {task.train_language: first(rows, options.limit)}
    own = {}
    for lang, paths in by_language.items():
        rows = read_files(task, paths, lang=lang, skip_bad_rows=options.skip_bad_rows)
        own[lang] = first(rows, options.limit)
    return own


def dev_rows(task: Task, options: Options, settings: Settings, report: Reporter) -> Rows:
    """The labelled rows by which the best epoch is chosen, in the training language."""
    if options.dev_files:
        rows = read_files(task, options.dev_files, skip_bad_rows=options.skip_bad_rows)
    else:
        rows = _read(task, VALIDATION, options, settings)
    return _told(first(rows, options.dev_limit), "dev", report)


def masked_rows(options: Options, report: Reporter) -> Rows:
    """The texts whose words are masked."""
    if not options.mlm:
        raise UsageError("--mlm is empty; it takes a file of text, or OWNER/NAME@COMMIT.")
    if not 0 < options.mlm_ratio < 1:
        raise UsageError(f"--mlm-ratio is {options.mlm_ratio}; expected more than 0, less than 1.")
    rows = read_text(options.mlm)
    report.note(f"  {len(rows.examples):,} texts for masked words from {', '.join(rows.files)}")
    return rows


def encode(
    rows: Rows,
    kind: Kind,
    backbone: Backbone,
    max_length: int,
    settings: Settings,
    *,
    for_training: bool = False,
) -> Encoded:
    """The rows as token ids, from the cache where they are there."""
    length = min(max_length, backbone.max_length)
    make_arrays, what = kind.encode, kind.name
    if for_training and kind.encode_training:
        make_arrays, what = kind.encode_training, f"{kind.name}, training"
    key = EncodedKey(rows.sha256, backbone.fingerprint, what, length)

    def make() -> Encoded:
        tokenizer = Tokenizer.from_file(str(backbone.folder / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return make_arrays(rows.examples, tokenizer, length)

    return encoded_once(settings.cache / "encoded", key, make)


def _read(task: Task, split: str, options: Options, settings: Settings) -> Rows:
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
