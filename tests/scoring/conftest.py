from pathlib import Path

import pytest
from small_benchmark import FILES, SMALL


@pytest.fixture
def trees(tmp_path) -> tuple[Path, Path]:
    """A folder of predictions and one of labels, both in order."""
    predictions, labels = tmp_path / "predictions", tmp_path / "labels"
    for entry in SMALL.entries:
        suffix, gold, predicted = FILES[entry.name]
        for lang in entry.languages:
            for tree, text in ((labels, gold), (predictions, predicted)):
                path = tree / entry.name / f"test-{lang}.{suffix}"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return predictions, labels
