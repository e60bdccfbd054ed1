"""Reading adapter and head folders: configuration first, then exactly the tensors it implies.

The library itself loads a folder with a weight missing, an adapter of another depth, or tensors of
the backbone, without a word; here each is an error that names the file.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor, nn

from xtk.core.errors import XtkError
from xtk.kinds.kind import Kind
from xtk.modules import library

ADAPTER_CONFIG, ADAPTER_WEIGHTS = "adapter_config.json", "adapter.safetensors"
HEAD_CONFIG, HEAD_WEIGHTS = "head_config.json", "model_head.safetensors"


def load_adapter(model: Any, folder: Path, name: str) -> None:
    """Add the adapter in `folder` to the model under `name`, every tensor checked."""
    config = read_config(folder / ADAPTER_CONFIG, model.config)
    library.add_adapter(model, name, config["config"])
    fill(folder / ADAPTER_WEIGHTS, library.adapter_parameters(model, name), config["name"], name)


def load_head(model: Any, folder: Path, name: str, kind: Kind, labels: tuple[str, ...]) -> None:
    """Add the head in `folder` under `name`; its labels must be those of the task, in order."""
    expected = library.outputs_of(kind, labels)
    config = read_config(folder / HEAD_CONFIG, model.config)
    found = (config["config"] or {}).get("label2id")
    if found != {label: i for i, label in enumerate(expected)}:
        raise XtkError(f"{folder / HEAD_CONFIG}: its labels are {found}; expected {expected}.")
    library.add_head(model, name, kind, labels)
    fill(folder / HEAD_WEIGHTS, library.head_parameters(model, name), config["name"], name)


def read_config(path: Path, backbone: Any) -> dict[str, Any]:
    """A configuration file of the library, compared with the backbone's shape."""
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        hidden, model_type, name = config["hidden_size"], config["model_type"], config["name"]
        if not isinstance(config["config"], dict) or not isinstance(name, str):
            raise TypeError("config and name")
    except FileNotFoundError as error:
        raise XtkError(f"{path} is missing; the folder is not whole.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise XtkError(f"{path} is not a configuration of adapters 1.x ({error}).") from error
    if (hidden, model_type) != (backbone.hidden_size, backbone.model_type):
        raise XtkError(
            f"{path} is for {model_type} of hidden size {hidden}; the backbone is "
            f"{backbone.model_type} of {backbone.hidden_size}."
        )
    return {**config}


def fill(
    path: Path, parameters: Iterable[tuple[str, nn.Parameter]], old_name: str, new_name: str
) -> None:
    """Copy the tensors of a file into the parameters: all of them, nothing else, all finite."""
    expected = {n.replace(f".{new_name}.", f".{old_name}."): p for n, p in parameters}
    found = read_tensors(path)
    for name in sorted(expected.keys() | found.keys()):
        if name not in found:
            raise XtkError(f"{path}: {name} is missing; the file is not whole or of another depth.")
        if name not in expected:
            raise XtkError(f"{path}: {name} does not belong there; the configuration has no place.")
        if found[name].shape != expected[name].shape:
            raise XtkError(
                f"{path}: {name} is {tuple(found[name].shape)}; expected "
                f"{tuple(expected[name].shape)}."
            )
        if not found[name].is_floating_point() or not torch.isfinite(found[name]).all():
            raise XtkError(f"{path}: {name} holds values that are no finite numbers.")
    with torch.no_grad():
        for name, parameter in expected.items():
            parameter.copy_(found[name])


def read_tensors(path: Path) -> dict[str, Tensor]:
    """All tensors of a safetensors file, or an error that names it."""
    try:
        tensors: dict[str, Tensor] = load_file(path)
    except FileNotFoundError as error:
        raise XtkError(f"{path} is missing; the folder is not whole.") from error
    except (SafetensorError, OSError) as error:
        raise XtkError(f"{path} cannot be read ({error}).") from error
    return tensors
