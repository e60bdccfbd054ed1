"""What a task is: data, no behaviour. The behaviour belongs to its kind."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xtk.data.sources import Source
from xtk.kinds.kind import Kind
from xtk.kinds.retrieval import Search
from xtk.scoring.scheme import Scheme
from xtk.tasks.hyperparameters import Hyperparameters

INTERMEDIATE, TARGET = "intermediate", "target"
HUB, LOCAL, SAMPLE = "hub", "local", "sample"
TRAIN, VALIDATION, TEST = "train", "validation", "test"


@dataclass(frozen=True, kw_only=True)
class Task:
    """One data set with all that is needed to train on it, to score it and to cite it."""

    name: str
    title: str
    kind: Kind
    scheme: Scheme  # how its benchmark writes and scores predictions
    roles: tuple[str, ...]
    label_names: tuple[str, ...]  # in the order of the label indices, as predictions write them
    metrics: tuple[str, ...] = ("accuracy", "macro_f1")  # the first is the headline
    # the metrics whose mean is the task's value in its benchmark; none: the headline
    benchmark_metrics: tuple[str, ...] = ()
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # by benchmark
    train_language: str = "en"
    splits: tuple[str, ...] = (TRAIN, VALIDATION)
    eval_split: str = VALIDATION  # the split of which scores are reported
    sources: Mapping[str, tuple[Source, ...]] = field(default_factory=dict)  # HUB, LOCAL, SAMPLE
    parts: tuple[str, ...] = ()  # tasks whose rows, one after the other, are this task's
    licence: str
    citation: str
    homepage: str  # where the owner gives the official files
    max_length: int
    declaration: str = ""  # the text of the file that declares a task of one's own
    declared_in: Path | None = None  # that file; the files of rows are named relative to it
    search: Search | None = None  # of a retrieval task
    hyperparameters: Mapping[str, Hyperparameters]  # by method

    @property
    def benchmarks(self) -> tuple[str, ...]:
        return tuple(self.languages)

    @property
    def all_languages(self) -> tuple[str, ...]:
        """The training language, if there is one, and those of all benchmarks, each once."""
        trained = (self.train_language,) if TRAIN in self.splits else ()
        others = (lang for langs in self.languages.values() for lang in langs)
        return tuple(dict.fromkeys((*trained, *others)))


def per_split(**names: str) -> dict[str, tuple[str, ...]]:
    """File names, or names of the Hub's splits, by split; blanks stand between several."""
    return {split: tuple(several.split()) for split, several in names.items()}
