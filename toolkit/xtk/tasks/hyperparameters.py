"""How long and how fast to train, where a task's declaration says nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Hyperparameters:
    """The values of one method; each can be set by a flag."""

    learning_rate: float
    epochs: int
    batch_size: int  # examples per step
    warmup: float  # fraction of all steps
    weight_decay: float
    patience: int  # epochs without a better dev score before stopping; 0: never stop early
    dropout: float  # of the encoder; heads have their own


# Poth et al. 2021 (adapter-hub/efficient-task-transfer, run_configs/*.json, itrain/arguments.py).
# No dropout in the frozen encoder is our choice (docs/decisions.md, 3).
ADAPTER = Hyperparameters(
    learning_rate=1e-4,
    epochs=15,
    batch_size=32,
    warmup=0.0,
    weight_decay=0.0,
    patience=4,
    dropout=0.0,
)

# google-research/xtreme, scripts/train_{pawsx,xnli,xcopa}.sh, for base models; for XLM-R Large they
# have 3e-5 on XNLI and XCOPA
FINETUNE_TARGET = Hyperparameters(
    learning_rate=2e-5,
    epochs=5,
    batch_size=32,
    warmup=0.0,
    weight_decay=0.0,
    patience=0,
    dropout=0.1,
)
# The X-STILTs guide of nyu-mll/jiant for XLM-R Large, there for MNLI; jiant's common warm-up and
# decay. We take it for the other English tasks too, for which no value of theirs is known.
FINETUNE_INTERMEDIATE = Hyperparameters(
    learning_rate=1e-5,
    epochs=2,
    batch_size=32,
    warmup=0.1,
    weight_decay=0.01,
    patience=0,
    dropout=0.1,
)
# google-research/xtreme, scripts/train_{udpos,panx}.sh
FINETUNE_TAGGING = replace(FINETUNE_TARGET, epochs=10)
# google-research/xtreme, scripts/train_qa.sh; its 500 steps of warm-up are this share of the steps
# on SQuAD 1.1
FINETUNE_QA = replace(FINETUNE_TARGET, learning_rate=3e-5, epochs=3, warmup=0.06, weight_decay=1e-4)
# as FINETUNE_INTERMEDIATE; the guide has smaller batches for SQuAD
FINETUNE_INTERMEDIATE_QA = replace(FINETUNE_INTERMEDIATE, batch_size=16)


def defaults(
    finetune: Hyperparameters, *, adapter_batch: int = 32
) -> Mapping[str, Hyperparameters]:
    """Values by method; Poth et al. use batches of 16 for multiple choice, QA and NER."""
    adapter = replace(ADAPTER, batch_size=adapter_batch)
    return {"adapter": adapter, "stack": adapter, "finetune": finetune}
