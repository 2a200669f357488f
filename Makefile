# Two commands do everything from a clean clone: `make demo` and `make test`. `make help` lists the rest.
# Needs Linux x86-64, make, and Python 3.11 or newer as `python3` (or: make PYTHON=/path/to/python3.12 ...).

PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
# Two environments for `make test`: installed side by side.
MAKEFLAGS += --jobs=2

.PHONY: help setup second demo test check bench screenshots clean
.DEFAULT_GOAL := help
# Containers often set it, and then each of the many processes of a test run compiles helmpanel anew.
unexport PYTHONDONTWRITEBYTECODE

help:  ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

second:
	@$(PYTHON) scripts/second_python.py

setup: $(STAMPS)/dev  ## Make .venv with helmpanel and everything for working on it

demo: $(STAMPS)/demo  ## A simulated cluster with about 40 releases and the dashboard on it; Ctrl-C ends both
	@exec $(RUN) -m helmpanel demo

test: $(STAMPS)/dev second  ## Every test, on python3 and on python3.13 where it is found; fetches helm and a browser
	@$(RUN) scripts/run_tests.py

check: $(STAMPS)/dev  ## Format, lint, import layers, types, unit tests
	@$(RUN) -m ruff format --check .
	@$(RUN) -m ruff check .
	@$(VENV)/bin/lint-imports --no-cache
	@$(RUN) -m mypy
	@$(RUN) -m pytest tests/unit -q -n 2

bench: $(STAMPS)/dev  ## Measure beside helm and in a browser (a quarter of an hour); figures go to docs/performance.md
	@$(RUN) -m benchmarks.run --write docs/performance.md

screenshots: $(STAMPS)/dev  ## Pictures of every screen; they go to docs/images
	@$(RUN) scripts/screenshots.py

clean:  ## Remove the virtual environments and caches made here
	rm -rf .venv .venv-3.13 .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# One stamp per set of extras, made again when pyproject.toml changes.
$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "helmpanel needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 demo"; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) -V)"
	@$(PYTHON) -m venv $(VENV)

$(STAMPS)/demo: pyproject.toml | $(VENV)/bin/python
	@echo "Installing helmpanel with its sandbox into $(VENV) (a minute or two)"
	@$(RUN) -m pip install -qq --disable-pip-version-check --editable '.[sandbox]'
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: pyproject.toml | $(VENV)/bin/python
	@echo "Installing helmpanel with its tests and tools into $(VENV) (two or three minutes)"
	@$(RUN) -m pip install -qq --disable-pip-version-check --editable '.[dev]'
	@mkdir -p $(STAMPS) && touch $(STAMPS)/demo $@
