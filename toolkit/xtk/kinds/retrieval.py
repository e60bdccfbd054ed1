"""Retrieval: the candidates that belong to a query, found by the nearness of their vectors."""

from dataclasses import dataclass


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
    measure: str = "cosine"  # cosine, csls or margin
    is_mined: bool = False  # BUCC: all pairs above a threshold that dev chose, one to one
    is_pooled: bool = False  # LAReQA: the candidates of all languages together
    is_both_ways: bool = False  # Tatoeba: candidates are searched among queries too
    query_length: int = 512  # tokens
