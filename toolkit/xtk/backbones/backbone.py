"""A backbone by its name: the embedded mini, base, large, a Hub id or a folder."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock

from xtk.backbones import mini
from xtk.backbones.checks import (
    CONFIG,
    RESERVED_POSITIONS,
    TOKENIZER,
    WEIGHTS,
    check_config,
    check_tokenizer,
    check_weights,
)
from xtk.core.errors import UsageError, XtkError, unknown
from xtk.core.files import sha256_file, sha256_text

Pooling = Literal["first", "mean"]

HUB_IDS = {"base": "FacebookAI/xlm-roberta-base", "large": "FacebookAI/xlm-roberta-large"}
SIZES = ("mini", *HUB_IDS)
FILES = (CONFIG, WEIGHTS, TOKENIZER)
HUB_TIMEOUT = 2.0  # seconds for an answer; without network the error must come at once
MINI_FORMAT = "mini-1"  # of the converted checkpoint; a new conversion takes a new name


@dataclass(frozen=True)
class Backbone:
    """A frozen encoder in a checked folder.

    `fingerprint` hashes config, weights and tokenizer: equal fingerprints give equal features.
    `pooling` makes one vector of a sequence for sequence heads: XLM-R's first token, or the mean,
    which is what multilingual-e5 was trained with.
    """

    name: str
    folder: Path
    revision: str | None
    fingerprint: str
    pooling: Pooling
    max_length: int
    hidden_size: int
    layers: int


def resolve(name: str, *, cache: Path, pooling: Pooling | None = None) -> Backbone:
    """Find, check and fingerprint a backbone; no torch is loaded.

    Raises UsageError for a name that is none, XtkError for what is missing or does not fit.
    """
    revision = None
    if name == "mini":
        folder = _mini_folder(cache)
    elif name and Path(name).is_dir():
        folder = Path(name).resolve()
    elif name in HUB_IDS or name.count("/") == 1:
        folder, revision = _hub_folder(HUB_IDS.get(name, name), asked=name)
    else:
        raise unknown("size", name, SIZES)
    config = check_config(folder)
    check_tokenizer(folder, config)
    check_weights(folder, config)
    return Backbone(
        name=name if name in SIZES or revision else folder.name,
        folder=folder,
        revision=revision,
        fingerprint=_fingerprint(folder),
        pooling=pooling or ("mean" if name == "mini" else "first"),
        max_length=config["max_position_embeddings"] - RESERVED_POSITIONS,
        hidden_size=config["hidden_size"],
        layers=config["num_hidden_layers"],
    )


def _mini_folder(cache: Path) -> Path:
    folder = cache / "backbones" / MINI_FORMAT
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{folder}.lock"):  # two first commands at once convert it once
            if not folder.is_dir():
                mini.convert(folder)
    return folder


def _hub_folder(repository: str, *, asked: str) -> tuple[Path, str]:
    """The snapshot of a Hub repository and its commit, from the Hub's own cache or the Hub."""
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    try:
        HfApi().model_info(repository, timeout=HUB_TIMEOUT)
        is_reachable = True
    except HFValidationError as error:
        raise UsageError(f"'{asked}' is neither a size, a folder nor a Hub id.") from error
    except HfHubHTTPError as error:
        if error.response is not None and error.response.status_code < 500:
            raise XtkError(f"The Hub does not give {repository}: {error}") from error
        is_reachable = False
    except (OSError, RuntimeError):
        is_reachable = False  # no network, or offline by wish: the Hub's cache may have it
    try:
        # by branch: asked for by commit, the cache would not know what `main` is without network
        folder = snapshot_download(
            repository, allow_patterns=list(FILES), local_files_only=not is_reachable
        )
    except (LocalEntryNotFoundError, OSError) as error:
        raise XtkError(
            f"The backbone '{asked}' ({repository}) is not on this machine and the Hub cannot be "
            f"reached; with network run: huggingface-cli download {repository} {' '.join(FILES)} "
            "- or name a folder that holds these files in place of the size."
        ) from error
    return Path(folder), Path(folder).name


def _fingerprint(folder: Path) -> str:
    """One hash over the three files: a second or two for the largest."""
    return sha256_text("".join(sha256_file(folder / name) for name in FILES))
