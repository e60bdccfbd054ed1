"""Evaluation of retrieval: texts become vectors of a layer, and the nearest ones are found."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np
from numpy.typing import NDArray

from xtk.backbones.backbone import Pooling
from xtk.core.errors import UsageError
from xtk.core.files import sha256_text
from xtk.core.progress import Reporter
from xtk.core.settings import Settings
from xtk.data.sources import Rows
from xtk.kinds.kind import RETRIEVAL
from xtk.kinds.retrieval import RetrievalExample
from xtk.kinds.search import MeasureName, unit
from xtk.scoring.scheme import Context
from xtk.tasks.benchmarks import ENGLISH_SEARCH
from xtk.tasks.catalogue import find
from xtk.tasks.reading import read_split
from xtk.tasks.task import SAMPLE, Task
from xtk.workflows.gold import gold_of
from xtk.workflows.inputs import encode
from xtk.workflows.loaded import Loaded
from xtk.workflows.ranking import found, mined, search_of, sides, threshold_of, turned

Vectors = NDArray[np.float32]
_IN_MEMORY = 2**28  # bytes; larger arrays of vectors are kept on disk
_KEPT = 4  # sets of vectors: both sides of the rows and, in mining, of the dev rows
_CHUNK = 65_536  # vectors at once


@dataclass(frozen=True)
class How:
    """What decides which vectors are compared and how."""

    layer: int  # 0 are the embeddings
    pooling: Pooling
    measure: MeasureName

    def __str__(self) -> str:
        return f"layer {self.layer}, {self.pooling}, {self.measure}"


@dataclass(frozen=True)
class Retriever:
    """A run, or a bare backbone, that makes vectors; the last ones are kept."""

    loaded: Loaded
    settings: Settings
    folder: Path  # for vectors that are too large for memory
    layers: Sequence[int]  # all that will be asked for: they are made in one pass
    pooling: Pooling
    report: Reporter
    made: dict[tuple[str, int], Vectors] = field(default_factory=dict)

    def vectors(self, rows: Rows, length: int, layer: int) -> Vectors:
        """Unit vectors of all examples, (examples, hidden)."""
        key = (rows.sha256, length)
        if key in self.made:
            self.made[key] = self.made.pop(key)  # now the last one
        else:
            while len(self.made) >= _KEPT:
                self.made.pop(next(iter(self.made)))
            self.made[key] = self._make(rows, length)
        vectors: Vectors = self.made[key][list(self.layers).index(layer)]
        return vectors

    def _make(self, rows: Rows, length: int) -> Vectors:
        encoded = encode(rows, RETRIEVAL, self.loaded.backbone, length, self.settings)
        self.report.note(f"    {encoded.examples:,} texts, {len(encoded.ids):,} tokens")
        raw = self.loaded.vectors(encoded, self.layers, self.pooling, self._array)
        for layer in raw:
            for start in range(0, len(layer), _CHUNK):
                layer[start : start + _CHUNK] = unit(layer[start : start + _CHUNK])
        return raw

    def _array(self, shape: tuple[int, int, int]) -> Vectors:
        if np.prod(shape) * 4 < _IN_MEMORY:
            return np.empty(shape, dtype=np.float32)
        handle, name = tempfile.mkstemp(suffix=".npy", dir=self.folder)
        os.close(handle)
        array: Vectors = np.lib.format.open_memmap(name, mode="w+", dtype=np.float32, shape=shape)
        return array


def pooled(rows: Mapping[str, Rows]) -> dict[str, Rows]:
    """Each language's queries with the candidates, and the targets, of all languages."""
    candidates = tuple(c for one in rows.values() for c in sides(one)[1])
    targets: dict[str, tuple[str, ...]] = {}
    for one in rows.values():
        for query in sides(one)[0]:
            targets[query.id] = (*targets.get(query.id, ()), *(query.targets or ()))
    everything = sha256_text("\n".join(one.sha256 for one in rows.values()))
    result = {}
    for lang, one in rows.items():
        asked = tuple(replace(q, targets=targets[q.id]) for q in sides(one)[0])
        digest = sha256_text(f"{lang} {everything}")
        result[lang] = replace(one, examples=(*asked, *candidates), sha256=digest)
    return result


def predictions_of(
    retriever: Retriever, task: Task, rows: Rows, how: How, dev: Rows | None
) -> tuple[Any, Any]:
    """Predictions of a split, and those of the other direction where the task has one."""
    queries, candidates = _both(retriever, task, rows, how)
    search = search_of(task)
    if not search.is_mined:
        # the first queries alone have no gold for all candidates
        both_ways = search.is_both_ways and len(queries) == len(candidates)
        back = turned(rows, queries, candidates, how.measure) if both_ways else None
        return found(task, rows, queries, candidates, how.measure), back
    names, pairs = mined(rows, queries, candidates)
    if dev is None:
        raise UsageError(f"{task.name} needs its dev rows, by which the threshold is chosen.")
    dev_names, dev_pairs = mined(dev, *_both(retriever, task, dev, how))
    threshold = threshold_of(dev_names, dev_pairs, gold_of(task, dev))
    taken = [n for n, score in zip(names, pairs.scores, strict=True) if score >= threshold]
    return frozenset(taken), None


def choose_layer(
    retriever: Retriever, task: Task, dev: Mapping[str, Rows], how: How, report: Reporter
) -> int:
    """The layer that is best on the task's dev rows if it mines, else at search in English.

    That is which sentence of XQuAD-R's English articles answers a question: embedded rows.
    """
    judge, judged = task, dev
    if not search_of(task).is_mined:
        judge = find(ENGLISH_SEARCH)
        lang = judge.train_language
        judged = {lang: read_split(judge, judge.eval_split, lang, source=SAMPLE, roots=())}
    scores = {
        layer: fmean(
            _score(retriever, judge, rows, replace(how, layer=layer), lang)
            for lang, rows in judged.items()
        )
        for layer in retriever.layers
    }
    best = max(scores, key=lambda layer: scores[layer])
    report.note(
        f"  layer {best} of {len(scores) - 1} is best for {judge.name} on {', '.join(judged)} "
        f"({judge.metrics[0]} {scores[best]:.1f})"
    )
    return best


def temporary_folder(settings: Settings) -> tempfile.TemporaryDirectory[str]:
    """Where large arrays of vectors are kept while an evaluation runs."""
    settings.cache.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix="vectors-", dir=settings.cache)


def _score(retriever: Retriever, task: Task, rows: Rows, how: How, lang: str) -> float:
    predictions, _ = predictions_of(retriever, task, rows, how, rows)
    metric = task.scheme.metrics[task.metrics[0]]
    return metric(gold_of(task, rows), predictions, Context((), lang)).value


def _both(retriever: Retriever, task: Task, rows: Rows, how: How) -> tuple[Vectors, Vectors]:
    """The unit vectors of a layer of queries and of candidates."""
    asked, pool = sides(rows)
    lengths = (search_of(task).query_length, task.max_length)
    parts = []
    for examples, length in zip((asked, pool), lengths, strict=True):
        side = _only(rows, tuple(examples))
        parts.append(retriever.vectors(side, length, how.layer))
    return parts[0], parts[1]


def _only(rows: Rows, examples: tuple[RetrievalExample, ...]) -> Rows:
    """Some of a split's texts, with the hash of just those: candidates are shared by languages."""
    texts = sha256_text("\0".join(example.text for example in examples))
    return replace(rows, examples=examples, sha256=texts)
