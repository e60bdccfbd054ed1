"""Files and folders that are there whole or not at all."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from xtk.core.errors import XtkError


def canonical_json(value: Any) -> str:
    """The one JSON text of `value`: sorted keys, no blanks, UTF-8 letters as they are, no NaN."""
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def sha256_text(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def sha256_file(path: Path) -> str:
    """The SHA-256 of a file's bytes, as 64 hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_whole(path: Path, content: bytes | str) -> None:
    """Write a file beside its place, flush it to the disk and rename it there."""
    data = content.encode() if isinstance(content, str) else content
    with _said_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def write_json(path: Path, value: Any) -> None:
    """Write `value` as indented JSON, whole or not at all."""
    write_whole(path, json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n")


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Yield a temporary folder that becomes `path` when the block ends well and vanishes otherwise.

    A folder that stands at `path` is replaced; a reader sees the old one or the new one.
    """
    with _said_plainly(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
        try:
            yield draft
            for file in draft.rglob("*"):
                if file.is_file():
                    _sync(file)
            _sync_folder(draft)
            _replace_folder(draft, path)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        _sync_folder(path.parent)


def _replace_folder(draft: Path, path: Path) -> None:
    """Put `draft` at `path`; rename cannot replace a full folder, so the old one steps aside."""
    if not path.exists():
        draft.replace(path)
        return
    aside = path.parent / f".{path.name}.old"
    shutil.rmtree(aside, ignore_errors=True)
    path.replace(aside)
    draft.replace(path)
    shutil.rmtree(aside, ignore_errors=True)


def _sync(file: Path) -> None:
    with file.open("rb") as handle:
        os.fsync(handle.fileno())


def _sync_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    """Turn a full disk or a forbidden folder into one sentence."""
    try:
        yield
    except (OSError, SafetensorError) as error:
        reason = getattr(error, "strerror", None) or error
        raise XtkError(
            f"Cannot write {path}: {reason}; free some space there or choose another place with "
            "--home or XTK_HOME."
        ) from error
