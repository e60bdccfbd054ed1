"""What makes two runs the same run."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from xtk.core.files import canonical_json, sha256_text

FORMAT = 2  # of the run folder and of what an identity holds

MOST_IN_A_NAME = 3  # more tasks are counted in a run's name


@dataclass(frozen=True)
class Identity:
    """All that decides what a training gives; nothing else is in it."""

    method: str
    task: str  # several are joined by "+"
    declaration_sha256: str | None  # of a task of one's own
    backbone: str
    backbone_fingerprint: str
    pooling: str
    adapter: str | None  # configuration of the library, None in full fine-tuning
    intermediate: str | None  # the name of what it stands on
    intermediate_sha256: str | None
    hyperparameters: Mapping[str, float | int]
    mixing: Mapping[str, float | str]  # of several tasks, languages or masked words; else empty
    precision: str  # as asked for: auto, bf16 or fp32
    seed: int
    train_rows: int
    train_sha256: str
    dev_rows: int
    dev_sha256: str

    def sha256(self) -> str:
        """The hash of the canonical JSON, 64 hex digits."""
        return sha256_text(canonical_json(asdict(self) | {"format": FORMAT}))

    def name(self) -> str:
        """Readable, then eight hex digits: `hellaswag-mini-seq_bn-3f9ac210`."""
        tasks = self.task if len(self.tasks) <= MOST_IN_A_NAME else f"{len(self.tasks)}tasks"
        task = f"{tasks}-on-{self.intermediate_task}" if self.intermediate else tasks
        what = self.adapter.partition("[")[0] if self.adapter else self.method
        backbone = self.backbone.replace("/", "--")
        return "-".join(part for part in (task, backbone, what, self.sha256()[:8]) if part)

    @property
    def tasks(self) -> tuple[str, ...]:
        return tuple(self.task.split("+")) if self.task else ()

    @property
    def intermediate_task(self) -> str:
        """The first part of the name of the run below."""
        return (self.intermediate or "").partition("-")[0]
