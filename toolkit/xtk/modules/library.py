"""The one place that touches the internals of `adapters` 1.3.0 and `transformers` 4.57.

The library builds modules from a checked configuration; it is never asked to load a folder, for it
loads many damaged ones in silence.
"""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from adapters import AdapterConfig, XLMRobertaAdapterModel
from adapters.composition import Stack
from safetensors import safe_open
from torch import Tensor, nn
from transformers.models.xlm_roberta.modeling_xlm_roberta import XLMRobertaLMHead

from xtk.core.errors import UsageError, XtkError, unknown
from xtk.kinds.kind import (
    MULTIPLE_CHOICE,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
    Kind,
)

# Those whose weights carry the adapter's name and nothing else's: what is checked when loaded.
ADAPTER_CONFIGS = ("seq_bn", "double_seq_bn", "par_bn", "lora")
# dense, tanh, dense for a sequence, one matrix for a token: the defaults of the library, and what
# XLM-R's own heads are
HEAD_LAYERS = 2
SPAN_ENDS = ("start", "end")  # the two outputs of a head for spans


def load_backbone(folder: Path, *, name: str, attention: str) -> Any:
    """An XLMRobertaAdapterModel in fp32 out of a folder that `backbones.checks` has passed.

    The pooler is dropped: no head reads it, and no XLM-R checkpoint has a trained one; so is the
    head that the library makes of a checkpoint's head of masked words.
    """
    try:
        with _quiet():  # it would announce the pooler as new
            model = XLMRobertaAdapterModel.from_pretrained(
                folder, attn_implementation=attention, torch_dtype=torch.float32
            )
    except RuntimeError as error:
        raise XtkError(f"{folder}: its weights cannot be loaded ({error}).") from error
    for head in list(model.heads):
        model.delete_head(head)
    model.config.name_or_path = name  # written into adapter_config.json: no path of this machine
    model.roberta.pooler = None
    return model


def check_adapter_config(config: str) -> None:
    """Refuse a configuration that the library cannot read, or whose weights xtk would not know."""
    base = config.partition("[")[0]
    if base not in ADAPTER_CONFIGS:
        raise unknown("adapter configuration", base, ADAPTER_CONFIGS)
    try:
        loaded = AdapterConfig.load(config)
        if "reduction_factor" in loaded and not loaded["reduction_factor"] > 0:
            raise ValueError("its reduction factor is not above 0")
    except (ValueError, TypeError, AttributeError) as error:
        raise UsageError(
            f"The adapter configuration '{config}' cannot be read ({error}); write it as "
            "seq_bn[reduction_factor=4]."
        ) from error


def add_adapter(model: Any, name: str, config: str | dict[str, Any]) -> None:
    """Add a new adapter with random weights (torch's global generator).

    Its tensors are known by its name, so no other module on their path may have it.
    """
    if any(f".{name}." in f".{parameter}" for parameter, _ in model.named_parameters()):
        raise UsageError(f"'{name}' is the name of a part of XLM-R; name the task otherwise.")
    model.add_adapter(name, config=config)


def add_head(model: Any, name: str, kind: Kind, label_names: Sequence[str]) -> None:
    """Add the library's own head for a kind."""
    names = dict(enumerate(outputs_of(kind, label_names)))
    if kind is SEQUENCE_CLASSIFICATION:
        model.add_classification_head(
            name, num_labels=len(names), layers=HEAD_LAYERS, id2label=names
        )
    elif kind is MULTIPLE_CHOICE:
        model.add_multiple_choice_head(
            name, num_choices=len(names), layers=HEAD_LAYERS, id2label=names
        )
    elif kind is TOKEN_CLASSIFICATION:
        model.add_tagging_head(name, num_labels=len(names), id2label=names)
    elif kind is SPAN_EXTRACTION:
        model.add_qa_head(name, num_labels=len(names), id2label=names)
    elif kind.reads != "vector":  # retrieval has no head: the vector is the result
        raise ValueError(f"no head for the kind '{kind.name}'")


def outputs_of(kind: Kind, label_names: Sequence[str]) -> tuple[str, ...]:
    """What a head of a kind calls its outputs: a task of spans has no label names of its own."""
    return SPAN_ENDS if kind is SPAN_EXTRACTION else tuple(label_names)


def head_labels(kind: Kind, label_names: Sequence[str]) -> tuple[str, ...]:
    """What the outputs of a head are called: a head for spans has their two ends."""
    return SPAN_ENDS if kind is SPAN_EXTRACTION else tuple(label_names)


def masked_lm_head(model: Any, backbone: Path) -> Any:
    """XLM-R's head of masked words, its output tied to the embeddings.

    With the checkpoint's own weights where it has them (`lm_head.*`), else drawn at random: mini
    was published without a head.
    """
    head: Any = XLMRobertaLMHead(model.config)  # type: ignore[no-untyped-call]
    head.apply(model._init_weights)
    own: dict[str, Tensor] = {}
    path = backbone / "model.safetensors"
    with safe_open(path, framework="pt") as file:
        for name in file.keys():  # noqa: SIM118 - it is no dict
            if name.startswith("lm_head.") and "decoder" not in name:
                own[name.removeprefix("lm_head.")] = file.get_tensor(name)
    if own:
        for name, parameter in head.named_parameters():
            if "decoder" not in name and getattr(own.get(name), "shape", None) != parameter.shape:
                expected = tuple(parameter.shape)
                raise XtkError(f"{path}: lm_head.{name} is not there in its shape, {expected}.")
        head.load_state_dict(own, strict=False)  # without the matrix that is tied
    head.decoder.weight = model.roberta.embeddings.word_embeddings.weight
    head.decoder.bias = head.bias
    return head


def head_scores(head: nn.Sequential, vectors: Tensor) -> Tensor:
    """The head's layers alone, (..., hidden) -> (..., outputs).

    The library's forward would reshape multiple choice to a fixed number of choices.
    """
    scores: Tensor = nn.Sequential.forward(head, vectors)  # type: ignore[no-untyped-call]
    return scores


def train_only(model: Any, stack: Sequence[str], trained: Sequence[str]) -> None:
    """Freeze all but the adapters and heads in `trained`; run through `stack`, lowest first."""
    with _quiet():  # on its way to activate them it remarks that none is active yet
        model.train_adapter(Stack(*stack))
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(any(_belongs(name, module) for module in trained))


def set_dropout(model: Any, probability: float) -> None:
    """Set the dropout of the encoder, not of heads; adapters of the library have their own."""
    for module in model.roberta.modules():
        if isinstance(module, nn.Dropout):
            module.p = probability
        if hasattr(module, "dropout_prob"):  # sdpa attention reads a number
            module.dropout_prob = probability


def adapter_parameters(model: Any, name: str) -> Iterator[tuple[str, nn.Parameter]]:
    """The parameters of one adapter, by the names that the library saves."""
    for parameter_name, parameter in model.roberta.named_parameters():
        if f".{name}." in parameter_name:
            yield f"roberta.{parameter_name}", parameter


def head_parameters(model: Any, name: str) -> Iterator[tuple[str, nn.Parameter]]:
    """The parameters of one head, by the names that the library saves."""
    for parameter_name, parameter in model.heads[name].named_parameters():
        yield f"heads.{name}.{parameter_name}", parameter


def save_adapter(model: Any, name: str, folder: Path) -> None:
    """Write an adapter, and the head of its name if there is one, in the library's own layout."""
    folder.mkdir(parents=True, exist_ok=True)
    with _quiet():
        has_head = name in model.heads
        model.save_adapter(str(folder), name, with_head=has_head, use_safetensors=True)


def save_head(model: Any, name: str, folder: Path) -> None:
    """Write the head alone in the library's own layout."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_head(str(folder), name, use_safetensors=True)


def _belongs(parameter: str, module: str) -> bool:
    """Whether a parameter is of the adapter or of the head of that name."""
    return f".{module}." in parameter


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the libraries' remarks off the terminal; what matters is checked by xtk itself."""
    logs = [
        logging.getLogger(name)
        for name in ("transformers", "transformers.modeling_utils", "adapters")
    ]
    levels = [log.level for log in logs]
    for log in logs:
        log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for log, level in zip(logs, levels, strict=True):
            log.setLevel(level)
