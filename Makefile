# Each target makes what it needs; nothing installed by hand is relied on.
PYTHON ?= python3.11
BIN := .venv/bin

.PHONY: venv demo test check

venv: .venv/.ready

# torch first: with it in place no other package pulls a CUDA build of several gigabytes.
.venv/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --constraint constraints.txt torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[mini,dev]'
	touch $@

demo: venv
	$(BIN)/xtk demo

test: venv
	$(BIN)/pytest

check: venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python docs/generate.py --check
	rm -rf dist build/wheel && $(BIN)/python -m build --quiet --wheel --outdir dist .
	$(BIN)/pip install --quiet --no-deps --target build/wheel dist/*.whl
	cd build && PYTHONPATH=wheel ../$(BIN)/python -c "import xtk, pathlib; assert 'wheel' in xtk.__file__, xtk.__file__; assert (pathlib.Path(xtk.__file__).parent / 'resources/recipes').is_dir()"
	PYTHONPATH=build/wheel build/wheel/bin/xtk tasks > build/tasks.txt
