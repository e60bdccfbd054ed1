"""The card of a run: what it is, how it came about, how to load it without xtk."""

from collections.abc import Mapping
from typing import Any

from xtk.backbones.backbone import HUB_IDS
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


def card(resolved: Resolved, result: Mapping[str, Any]) -> str:
    """Markdown, all of it from what really happened."""
    identity, task = resolved.identity, resolved.task
    low, high = result["interval"]
    rows = {
        "method": identity.method,
        "task": f"{task.title} ({task.licence})",
        "backbone": f"{identity.backbone}, fingerprint `{identity.backbone_fingerprint[:12]}`",
        "stands on": identity.intermediate,
        "adapter": identity.adapter,
        "trainable parameters": f"{result['trainable_parameters']:,}",
        "training rows": f"{identity.train_rows:,} from {resolved.train.source}",
        "hyperparameters": ", ".join(f"{k} {v}" for k, v in identity.hyperparameters.items()),
        "seed": identity.seed,
        f"dev {result['metric']}": f"{result['dev']:.1f} (95 % interval {low:.1f} to {high:.1f}, "
        f"n = {result['n']:,}; most frequent label {result['majority']:.1f})",
        "collapsed": "yes: no better than the most frequent label" if result["collapsed"] else None,
    }
    table = "".join(f"| {key} | {value} |\n" for key, value in rows.items() if value is not None)
    return f"# {identity.name()}\n\n| | |\n|---|---|\n{table}\nCite: {task.citation}\n" + _loading(
        resolved
    )


def _loading(resolved: Resolved) -> str:
    identity = resolved.identity
    if identity.method == FINETUNE:
        return "\n`adapter/encoder.safetensors` holds every weight of the encoder.\n"
    name = resolved.task.name
    below = resolved.below is not None
    text = _LOAD.format(
        backbone=_where(identity.backbone),
        below=_LOAD_BELOW if below else "",
        active=f'Stack("below", {name!r})' if below else f"Stack({name!r})",
    )
    return text + (_MEAN.format(task=name) if identity.pooling == "mean" else "")


def _where(backbone: str) -> str:
    """The Hub id; a backbone that was a folder is named without its path on this machine."""
    name = HUB_IDS.get(backbone, backbone)
    return f"{name!r})" if "/" in name else f'"...")  # the folder of {name}'
