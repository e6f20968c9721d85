# make demo: the main job on a built-in subject.  make test: lint, types, import rules, tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: install install-slicer demo test lint types imports unit attack benchmark clean

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

# Where these packages are not to be had, the tests of the Slicer module skip and say so.
install-slicer: install $(VENV)/.installed-slicer

$(VENV)/.installed-slicer: pyproject.toml constraints.txt
	$(BIN)/python -m pip install --constraint constraints.txt --editable ".[demo,dev,slicer]" && touch $@ \
		|| echo "The tests of the Slicer module will skip."

unit: install-slicer
	$(BIN)/python -m pytest

# The long tests of bad input, interruption and power loss; docs/reliability.md says what they show.
attack: install-slicer
	$(BIN)/python -m pytest Testing/attack -m "attack or not attack" --timeout=3600

# The ten-minute version; docs/evidence.md names the commands of the whole.
benchmark: install
	$(BIN)/python -m benchmarks.accuracy --quick --output benchmark-output
	$(BIN)/python -m benchmarks.speed --no-course --output benchmark-output

clean:
	rm -rf $(VENV) demo-output
