"""Encoded splits on disk: made once for a backbone, memory-mapped afterwards."""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.core.errors import XtkError
from xtk.core.files import canonical_json, sha256_file, sha256_text, whole_folder, write_json
from xtk.kinds.encoded import Encoded

_FORMAT = 2  # one more whenever the same key would mean other arrays
_ARRAYS = ("ids", "offsets", "groups", "labels", "places")
_ENTRY = "entry.json"

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class EncodedKey:
    """All that decides what an encoded split holds."""

    data_sha256: str
    backbone: str  # its fingerprint
    kind: str
    max_length: int

    def name(self) -> str:
        return sha256_text(canonical_json(asdict(self) | {"format": _FORMAT}))


def encoded_once(folder: Path, key: EncodedKey, make: Callable[[], Encoded]) -> Encoded:
    """The encoded split from below `folder`, made there by `make` if it is missing or damaged."""
    place = folder / key.name()
    if place.exists():
        try:
            return _load(place)
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("%s is damaged (%s) and is made again.", place, error)
    made = make()
    try:
        _save(place, key, made)
        return _load(place)
    except XtkError:
        if place.exists():  # another process was faster
            return _load(place)
        raise


def _save(place: Path, key: EncodedKey, encoded: Encoded) -> None:
    with whole_folder(place) as draft:
        for name in _ARRAYS:
            np.save(draft / f"{name}.npy", getattr(encoded, name), allow_pickle=False)
        sums = {name: sha256_file(draft / f"{name}.npy") for name in _ARRAYS}
        counts = {"truncated": encoded.truncated, "level": encoded.level}
        entry = {"key": asdict(key), **counts, "sha256": sums}
        write_json(draft / _ENTRY, entry)


def _load(place: Path) -> Encoded:
    entry = json.loads((place / _ENTRY).read_text(encoding="utf-8"))
    for name in _ARRAYS:
        if sha256_file(place / f"{name}.npy") != entry["sha256"][name]:
            raise ValueError(f"{name}.npy is not what was written")
    return Encoded(
        ids=_mapped(place / "ids.npy"),
        offsets=_mapped(place / "offsets.npy"),
        groups=_mapped(place / "groups.npy"),
        labels=_mapped(place / "labels.npy"),
        truncated=int(entry["truncated"]),
        level=entry["level"],
        places=_mapped(place / "places.npy"),
    )


def _mapped(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return array
