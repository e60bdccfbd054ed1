"""Token classification: one tag for each token of a sentence."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TaggedExample:
    """The tokens of a sentence and the index of each one's tag, None where they are not known."""

    tokens: tuple[str, ...]
    tags: tuple[int, ...] | None

    @property
    def label(self) -> tuple[int, ...] | None:
        return self.tags
