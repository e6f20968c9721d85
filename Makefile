# make demo: the main job on a built-in subject.  make test: lint, types, import rules, tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install demo test lint types imports unit benchmark clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --constraint constraints.txt --editable ".[demo,dev]"
	touch $@

demo: install
	$(BIN)/longitudinal-inr demo --output demo-output

test: lint types imports unit

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports

unit: install
	$(BIN)/python -m pytest

benchmark: install
	$(BIN)/python -m benchmarks.engine

clean:
	rm -rf $(VENV) demo-output
