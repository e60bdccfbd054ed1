"""The card of a run: what it is, how it came about, how to load it without xtk."""

from collections.abc import Mapping
from typing import Any

from xtk.backbones.backbone import HUB_IDS
from xtk.modules.model import SHARED
from xtk.workflows.recipe import FINETUNE
from xtk.workflows.resolved import Resolved

_LOAD = """
## Loading it without xtk

```python
from adapters import AutoAdapterModel
from adapters.composition import Stack

model = AutoAdapterModel.from_pretrained({backbone}
{below}model.load_adapter("adapter", use_safetensors=True)
model.active_adapters = {active}
```
"""
_LOAD_BELOW = 'model.load_adapter("intermediate", use_safetensors=True, load_as="below")\n'
_MEAN = """
This run reads the mean over the tokens, not the first token:

```python
hidden = model.roberta(ids, attention_mask=mask)[0] * mask.unsqueeze(-1)
vectors = hidden.sum(1) / mask.sum(1, keepdim=True)
logits = torch.nn.Sequential.forward(model.heads[{task!r}], vectors)
```
"""

_HEADS = """
Each task has its head below `adapter/heads`: `model.load_head("adapter/heads/TASK",
use_safetensors=True)`.
"""


def card(resolved: Resolved, result: Mapping[str, Any]) -> str:
    """Markdown, all of it from what really happened."""
    identity, tasks = resolved.identity, [part.task for part in resolved.parts]
    rows = {
        "method": identity.method,
        "task": "; ".join(f"{task.title} ({task.licence})" for task in tasks),
        "backbone": f"{identity.backbone}, fingerprint `{identity.backbone_fingerprint[:12]}`",
        "stands on": identity.intermediate,
        "adapter": identity.adapter,
        "trainable parameters": f"{result['trainable_parameters']:,}",
        "training rows": f"{identity.train_rows:,} from {resolved.train[0].source}",
        "hyperparameters": ", ".join(f"{k} {v}" for k, v in identity.hyperparameters.items()),
        "mixing": ", ".join(f"{k} {v}" for k, v in identity.mixing.items()) or None,
        "seed": identity.seed,
    }
    for name, scores in result["tasks"].items():
        rows[f"{name}, dev {scores['metric']}"] = _dev(scores)
    table = "".join(f"| {key} | {value} |\n" for key, value in rows.items() if value is not None)
    cites = "".join(f"\nCite: {task.citation}\n" for task in tasks)
    return f"# {identity.name()}\n\n| | |\n|---|---|\n{table}{cites}{_loading(resolved)}"


def _dev(scores: Mapping[str, Any]) -> str:
    low, high = scores["interval"]
    text = f"{scores['dev']:.1f} (95 % interval {low:.1f} to {high:.1f}, n = {scores['n']:,})"
    if scores["majority"] is not None:
        text += f"; most frequent label {scores['majority']:.1f}"
    return text + ("; COLLAPSED" if scores["collapsed"] else "")


def _loading(resolved: Resolved) -> str:
    identity = resolved.identity
    if identity.method == FINETUNE:
        return "\n`adapter/encoder.safetensors` holds every weight of the encoder.\n"
    name = resolved.parts[0].task.name if len(resolved.parts) == 1 else SHARED
    below = resolved.below is not None
    text = _LOAD.format(
        backbone=_where(identity.backbone),
        below=_LOAD_BELOW if below else "",
        active=f'Stack("below", {name!r})' if below else f"Stack({name!r})",
    )
    if name == SHARED:
        return text + _HEADS
    reads_mean = resolved.parts[0].task.kind.reads == "sequence" and identity.pooling == "mean"
    return text + (_MEAN.format(task=name) if reads_mean else "")


def _where(backbone: str) -> str:
    """The Hub id; a backbone that was a folder is named without its path on this machine."""
    name = HUB_IDS.get(backbone, backbone)
    return f"{name!r})" if "/" in name else f'"...")  # the folder of {name}'
