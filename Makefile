# make demo: the main job on a built-in subject.  make test: lint, types, import rules, tests.
# make cohort-demo: twelve simulated people in three groups, from a BIDS folder to the page about the groups.
# make attack: the long tests of bad input and interruption, which make test leaves out.
# make slurm: cohorts on a real Slurm of two nodes on this machine (Debian: slurm-wlm, munge).
# make docs: the documentation as a site, in site-output.
# make constraints: renews the versions that are installed for the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# Tests that run beside all others: half of the work, for two cores.
HALF := Testing/cohort Testing/mrml Testing/panel

.PHONY: install install-slicer demo cohort-demo test lint types imports unit unit-half unit-rest attack slurm benchmark constraints docs clean

install: $(VENV)/.installed

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --constraint constraints.txt --editable ".[demo,dev,dicom,notebook,cohort]"
	touch $@

demo: install
	$(BIN)/longitudinal-inr demo --output demo-output

# Under ten minutes on two cores, the environment among them; interrupted, it goes on where it was.
COHORT := cohort-demo
RESULT := $(COHORT)/derivatives/longitudinal-inr

cohort-demo: install
	$(BIN)/longitudinal-inr simulate-cohort $(COHORT) --people 12
	$(BIN)/longitudinal-inr bids $(COHORT) $(RESULT) participant --preset preview --n-jobs 2
	$(BIN)/longitudinal-inr bids $(COHORT) $(RESULT) group
	$(BIN)/python -m LongitudinalINRLib.cohort.simulated.verdict $(COHORT) $(RESULT)
	@echo "The page about the groups: $(RESULT)/group.html"

test: lint imports install-slicer
	$(MAKE) --jobs=2 types unit-rest unit-half

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install
	$(BIN)/mypy

imports: install
	$(BIN)/lint-imports
	cd LongitudinalINR && PYTHONPATH=.. ../$(BIN)/lint-imports --config Testing/rooms.ini

# Where these packages are not to be had, the tests of the Slicer module skip and say so.
install-slicer: install $(VENV)/.installed-slicer

$(VENV)/.installed-slicer: pyproject.toml constraints.txt
	$(BIN)/python -m pip install --constraint constraints.txt --editable ".[demo,dev,dicom,notebook,cohort,slicer]" && touch $@ \
		|| echo "The tests of the Slicer module will skip."

unit: install-slicer
	$(MAKE) --jobs=2 unit-rest unit-half

# Both need what install-slicer installs.
unit-rest:
	$(BIN)/python -m pytest $(HALF:%=--ignore=%)

# Told in one piece when it is done, so that the two do not mix.
unit-half:
	@$(BIN)/python -m pytest $(HALF) >$(VENV)/half.log 2>&1; ended=$$?; cat $(VENV)/half.log; exit $$ended

# The long tests that make test leaves out; docs/reliability.md says what those of interruption show.
attack: install-slicer
	$(BIN)/python -m pytest -m attack --timeout=3600

# Engines on a Slurm that the tests start in a folder of their own; what it said is told. Skips where it is missing.
# dask-jobqueue leaves files open until the end, of which Python warns.
slurm: install
	$(BIN)/python -m pytest -m slurm --timeout=600 -s -rs -W ignore::pytest.PytestUnraisableExceptionWarning Testing/cohort

# The ten-minute version; docs/evidence.md names the commands of the whole.
benchmark: install
	$(BIN)/python -m benchmarks.accuracy --quick --output benchmark-output
	$(BIN)/python -m benchmarks.speed --no-course --output benchmark-output

docs: install
	$(BIN)/python -m pip install --constraint constraints.txt --editable ".[docs]"
	$(BIN)/python -m mkdocs build --strict --config-file docs/site/mkdocs.yml

# For every Python from 3.10 on and every system. torch stays: the published numbers are those of one release, so its
# line is changed by hand. Afterwards: make test with each Python.
constraints: install
	$(BIN)/python -m pip install "uv>=0.13"
	grep "^torch==" constraints.txt > $(VENV)/held.txt
	UV_PYTHON_DOWNLOADS=never UV_CUSTOM_COMPILE_COMMAND="make constraints" $(BIN)/uv pip compile pyproject.toml \
		--universal --python-version 3.10 --extra demo --extra dev --extra dicom --extra notebook --extra cohort --extra slicer \
		--upgrade --constraint $(VENV)/held.txt --no-annotate --quiet --output-file constraints.txt

clean:
	rm -rf $(VENV) demo-output $(COHORT) site-output
