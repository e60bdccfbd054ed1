"""The card of a run: what it is, how it came about, how to load it without xtk."""

from collections.abc import Mapping
from typing import Any

from xtk.workflows.recipe import FINETUNE
from xtk.workflows.resolved import Resolved

_LOAD = """
## Loading it without xtk

```python
from adapters import AutoAdapterModel

model = AutoAdapterModel.from_pretrained({backbone!r})
{below}model.load_adapter("adapter", use_safetensors=True)
model.active_adapters = {active}
```
"""
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
    below = resolved.below
    load_below = 'model.load_adapter("intermediate", use_safetensors=True, load_as="below")\n'
    active = f'adapters.composition.Stack("below", {name!r})' if below else repr(name)
    text = _LOAD.format(
        backbone=identity.backbone, below=load_below if below else "", active=active
    )
    return text + (_MEAN.format(task=name) if identity.pooling == "mean" else "")
