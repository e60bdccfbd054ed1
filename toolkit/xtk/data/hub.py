"""Rows of a data set on the Hugging Face Hub."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from xtk.core.errors import XtkError
from xtk.data.formats import Item
from xtk.data.rows import Record
from xtk.data.sources import HubSource

Row = Mapping[str, Any]

_SECONDS = 4  # to find out that there is no network; `datasets` retries for 23


def hub_name(source: HubSource, lang: str) -> str:
    """Data set, configuration and commit, as errors and results name them."""
    return f"{source.dataset}:{source.config_of(lang)}@{source.revision[:7]}"


def hub_items(source: HubSource, split: str, lang: str) -> Iterator[Item]:
    """The rows of a split; an error if they are not as many as the owner published."""
    config, name, count = source.config_of(lang), hub_name(source, lang), 0
    beginnings = source.beginnings(lang)
    for part in source.splits[split]:
        for record in records(load(source, config, part), f"{name}/{part}"):
            if all(str(record.values.get(c, "")).startswith(b) for c, b in beginnings.items()):
                count += 1
                yield record
    expected = source.count(split, lang)
    if expected is not None and count != expected:
        raise XtkError(
            f"{name} gave {count} rows for {split}, and its owner published {expected}; remove it "
            "from the cache of `datasets` and fetch it again."
        )


def records(rows: Iterable[Row], name: str) -> Iterator[Record]:
    """Rows of the Hub's shape as records."""
    return (Record(name, f"row {number}", row) for number, row in enumerate(rows, start=1))


def load(source: HubSource, config: str, split: str) -> Iterable[Row]:
    """One split: from the cache of `datasets` if this very commit is there, else from the Hub."""
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
        HfApi().dataset_info(source.dataset, revision=source.revision, timeout=_SECONDS)
        rows: Iterable[Row] = datasets.load_dataset(
            source.dataset, config, split=split, revision=source.revision
        )
    except HfHubHTTPError as error:
        raise XtkError(f"The Hub refused {name}: {error}") from error
    except (ConnectionError, OSError) as error:
        raise XtkError(
            f"Cannot fetch {name}: {_first_line(error)} Connect once to fetch it, or use the "
            "official files with --source local and XTK_DATA."
        ) from error
    except (ValueError, RuntimeError, datasets.exceptions.DatasetsError) as error:
        raise XtkError(f"Cannot read {name}: {_first_line(error)}") from error
    return rows


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0][:200]
