"""Rows of a data set on the Hugging Face Hub."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xtk.core.errors import XtkError
from xtk.data.formats import Item
from xtk.data.rows import Record, RowError
from xtk.data.sources import HubSource, arranged

Row = Mapping[str, Any]

_SECONDS = 4  # to find out that there is no network; `datasets` retries for 23
_POOL = re.compile(r"ConnectionPool\(host=\\?'([^'\\]+)")  # urllib3, in whatever quotes it
_SAID = 200  # characters of what a library says


def hub_name(source: HubSource, lang: str) -> str:
    """Data set, configuration and commit, as errors and results name them."""
    return f"{source.dataset}:{source.config_of(lang)}@{source.revision[:7]}"


def hub_items(source: HubSource, split: str, lang: str) -> Iterator[Item]:
    """The rows of a split, as examples want them."""
    return arranged(_counted(source, split, lang), source.arrange, lang)


def _counted(source: HubSource, split: str, lang: str) -> Iterator[Item]:
    """The rows as they are; an error if they are not as many as the owner published."""
    config, name, count = source.config_of(lang), hub_name(source, lang), 0
    for part in source.splits[split]:
        rows = records(load(source, config, part), f"{name}/{part}")
        for item in in_language(rows, source, lang):
            count += 1
            yield item
    expected = source.count(split, lang)
    if expected is not None and count != expected:
        raise XtkError(
            f"{name} gave {count} rows for {split}, and its owner published {expected}; remove it "
            "from the cache of `datasets` and fetch it again."
        )


def in_language(items: Iterable[Item], source: HubSource, lang: str) -> Iterator[Item]:
    """The rows of one language, where a split mixes several; a row that is bad stays."""
    beginnings = source.beginnings(lang)
    for item in items:
        if isinstance(item, RowError) or all(
            str(item.values.get(column, "")).startswith(text) for column, text in beginnings.items()
        ):
            yield item


def records(rows: Iterable[Row], name: str) -> Iterator[Record]:
    """Rows of the Hub's shape as records."""
    return (Record(name, f"row {number}", row) for number, row in enumerate(rows, start=1))


def load(source: HubSource, config: str, split: str) -> Iterable[Row]:
    """One split: from the cache of `datasets` if this very commit is there, else from the Hub."""
    if source.dataset.count("/") != 1:
        raise XtkError(
            f"The Hub knows no '{source.dataset}' without an owner; write it as owner/name."
        )
    from datasets.packaged_modules.cache.cache import Cache

    builder = Cache(
        dataset_name=source.dataset.split("/")[-1],
        repo_id=source.dataset,
        config_name=config,
        version="0.0.0",
        hash=source.revision,
    )
    try:
        rows: Iterable[Row] = builder.as_dataset(split=split)
    except FileNotFoundError:
        rows = _fetch(source, config, split)
    return rows


def _fetch(source: HubSource, config: str, split: str) -> Iterable[Row]:
    import datasets
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    name = f"{source.dataset}:{config} at {source.revision}"
    try:
        info = HfApi().dataset_info(source.dataset, revision=source.revision, timeout=_SECONDS)
        _refuse_parts([file.rfilename for file in info.siblings or ()], name, config, split)
        rows: Iterable[Row] = datasets.load_dataset(
            source.dataset, config, split=split, revision=source.revision
        )
    except HfHubHTTPError as error:
        raise XtkError(f"The Hub refused {name}: {error}") from error
    except (ConnectionError, OSError) as error:
        raise XtkError(
            f"Cannot fetch {name}: {first_line(error)} Connect once to fetch it, or use the "
            "official files with --source local and XTK_DATA."
        ) from error
    except (ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        raise XtkError(f"Cannot read {name}: {first_line(error)}") from error
    return rows


def _refuse_parts(files: Iterable[str], name: str, config: str, split: str) -> None:
    """The Hub's own parquet copies of large sets are cut, in folders named partial-SPLIT."""
    for file in files:
        folders = file.split("/")[:-1]
        is_of_config = config in folders or config == "default" or len(folders) == 1
        if f"partial-{split}" in folders and is_of_config:
            raise XtkError(
                f"{name} holds only a part of {split} ({file}); take another data set or revision."
            )


def first_line(error: Exception) -> str:
    """What a library says was wrong, or of its report of a connection the host alone."""
    line = str(error).partition("\n")[0]
    pool = _POOL.search(line)
    if pool:
        return f"{pool[1]} does not answer."
    return f"{line[:_SAID]}..." if len(line) > _SAID else line
