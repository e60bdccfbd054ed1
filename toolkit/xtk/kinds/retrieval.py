"""Retrieval: the candidates that belong to a query, found by the nearness of their vectors."""

from collections.abc import Sequence
from dataclasses import dataclass

from xtk.core.errors import XtkError
from xtk.kinds.encoded import NO_LABEL, Encoded, Tokenizer, encode_texts, flatten
from xtk.kinds.search import MeasureName


@dataclass(frozen=True)
class RetrievalExample:
    """A text to search for or to be found.

    A query has the ids of its candidates in `targets`, none of them where it has none among the
    candidates (BUCC), None where they are not known. A candidate has no targets.
    """

    id: str
    text: str
    is_query: bool
    targets: tuple[str, ...] | None = ()

    @property
    def label(self) -> tuple[str, ...] | None:
        return self.targets


@dataclass(frozen=True, kw_only=True)
class Search:
    """How the candidates of a task are searched and how many of them a prediction names."""

    rank: int = 1
    measure: MeasureName = "cosine"
    is_mined: bool = False  # BUCC: all pairs above a threshold that dev chose, one to one
    is_pooled: bool = False  # LAReQA: the candidates of all languages together
    is_both_ways: bool = False  # Tatoeba: candidates are searched among queries too
    query_length: int = 512  # tokens


def encode(examples: Sequence[RetrievalExample], tokenizer: Tokenizer, max_length: int) -> Encoded:
    """One sequence a text: `<s> text </s>`."""
    texts = [example.text for example in examples]
    sequences, cut = encode_texts(tokenizer, texts, [None] * len(texts), max_length)
    return flatten(sequences, [1] * len(texts), [NO_LABEL] * len(texts), cut)


def encode_pairs(
    examples: Sequence[RetrievalExample], tokenizer: Tokenizer, max_length: int
) -> Encoded:
    """For training: each query beside the first of its candidates."""
    texts = {example.id: example.text for example in examples if not example.is_query}
    pairs: list[str] = []
    for query in examples:
        if query.is_query and query.targets:
            if query.targets[0] not in texts:
                raise XtkError(f"The candidate {query.targets[0]} of query {query.id} is missing.")
            pairs += [query.text, texts[query.targets[0]]]
    sequences, cut = encode_texts(tokenizer, pairs, [None] * len(pairs), max_length)
    count = len(pairs) // 2
    return flatten(sequences, [2] * count, [NO_LABEL] * count, cut, level="pair")
