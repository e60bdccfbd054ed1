"""What goes with a kind, for tasks of one's own: columns, readers, scoring and defaults."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xtk.data.conllu import read_conllu
from xtk.data.files import DataFile
from xtk.data.formats import Form, Item, read_table
from xtk.data.rows import ChoiceColumns, PairColumns
from xtk.data.squad import SpanColumns, read_squad
from xtk.data.supertags import read_ccgbank, read_supertags
from xtk.data.tags import TagColumns, read_prefixed, read_tagged
from xtk.kinds.kind import (
    MULTIPLE_CHOICE,
    SEQUENCE_CLASSIFICATION,
    SPAN_EXTRACTION,
    TOKEN_CLASSIFICATION,
    Kind,
)
from xtk.scoring.scheme import Scheme
from xtk.scoring.schemes.answers import ANSWERS, ANSWERS_MLQA, ANSWERS_OR_NONE
from xtk.scoring.schemes.choices import CHOICES
from xtk.scoring.schemes.labels import BINARY_LABELS, LABELS
from xtk.scoring.schemes.tags import TAGS
from xtk.tasks.hyperparameters import (
    FINETUNE_QA,
    FINETUNE_TAGGING,
    FINETUNE_TARGET,
    Hyperparameters,
    defaults,
)

Reader = Callable[[DataFile, Form], Iterator[Item]]

_TABLES: Mapping[str, Reader] = dict.fromkeys((".csv", ".tsv", ".jsonl", ".json"), read_table)


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a kind reads and how it is scored where a declaration says nothing else."""

    kind: Kind
    columns: Any  # the class
    schemes: tuple[Scheme, ...]  # the first is the default
    of_two_labels: Scheme | None = None  # the default where there are two
    metrics: tuple[str, ...]
    benchmark_metrics: tuple[str, ...] = ()
    has_label_names: bool = True
    may_be_open: bool = False  # no label names stand for those of the training rows
    readers: Mapping[str, Reader]  # by ending of the file; "" is any other
    other_readers: Mapping[str, Reader]  # those that have to be named
    max_length: int = 128  # google-research/xtreme, scripts/train_*.sh; 384 in train_qa.sh
    hyperparameters: Mapping[str, Hyperparameters]


SHAPES = (
    Shape(
        kind=SEQUENCE_CLASSIFICATION,
        columns=PairColumns,
        schemes=(LABELS,),
        of_two_labels=BINARY_LABELS,
        metrics=("accuracy", "macro_f1"),
        readers=_TABLES,
        other_readers={},
        hyperparameters=defaults(FINETUNE_TARGET),
    ),
    Shape(
        kind=MULTIPLE_CHOICE,
        columns=ChoiceColumns,
        schemes=(CHOICES,),
        metrics=("accuracy", "macro_f1"),
        readers=_TABLES,
        other_readers={},
        hyperparameters=defaults(FINETUNE_TARGET, adapter_batch=16),
    ),
    Shape(
        kind=TOKEN_CLASSIFICATION,
        columns=TagColumns,
        may_be_open=True,
        schemes=(TAGS,),
        metrics=("f1", "precision", "recall", "token_accuracy"),
        readers={".jsonl": read_table, ".conllu": read_conllu, "": read_tagged},
        other_readers={
            "tagged": read_tagged,
            "prefixed": read_prefixed,
            "supertags": read_supertags,
            "ccgbank": read_ccgbank,
        },
        hyperparameters=defaults(FINETUNE_TAGGING, adapter_batch=16),
    ),
    Shape(
        kind=SPAN_EXTRACTION,
        columns=SpanColumns,
        schemes=(ANSWERS, ANSWERS_MLQA, ANSWERS_OR_NONE),
        metrics=("f1", "exact_match"),
        benchmark_metrics=("exact_match", "f1"),
        has_label_names=False,
        readers={".json": read_squad, ".jsonl": read_table},
        other_readers={},
        max_length=384,
        hyperparameters=defaults(FINETUNE_QA, adapter_batch=16),
    ),
)


def shape_of(kind: str) -> Shape | None:
    """The shape of that kind's name."""
    return next((shape for shape in SHAPES if shape.kind.name == kind), None)
