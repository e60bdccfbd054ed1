"""The course of a training as JSON lines."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class MetricsLog:
    """Appends records; what an interrupted training wrote past its checkpoint is replaced."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.resumed = path.exists()

    def write(self, record: Mapping[str, Any]) -> None:
        if self.resumed:
            self._keep_before(record["step"])
            self.resumed = False
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(record) + "\n")

    def _keep_before(self, step: int) -> None:
        kept = []
        for line in self.path.read_text(encoding="utf-8").splitlines(keepends=True):
            try:
                is_before = json.loads(line)["step"] < step
            except ValueError:  # the line that a kill cut off
                is_before = False
            if is_before:
                kept.append(line)
        self.path.write_text("".join(kept), encoding="utf-8")
