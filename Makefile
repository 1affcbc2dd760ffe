# The menu of the project. Each target works first thing after a clone: it makes its own environment.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench slow wording clean help

help:            ## show this menu
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(READY): pyproject.toml requirements/lock.txt hatch_build.py
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Leal needs Python 3.11 or newer: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --constraint requirements/lock.txt --editable ".[dev,spark]"
	@touch $@

wording: $(READY)  ## compile the Russian catalogues
	@$(BIN)/python hatch_build.py > /dev/null

demo: wording    ## make the simulated company's files, audit them in English and Russian
	$(BIN)/leal demo --out demo

test: wording    ## run the tests
	$(BIN)/python -m pytest

slow: wording    ## run the simulations and fuzzing that take minutes
	$(BIN)/python -m pytest -m slow

check: wording   ## format, lint, types, import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: wording   ## measure the figures that the README claims
	$(BIN)/python -m benchmarks

clean:           ## remove the environment and everything made
	rm -rf $(VENV) demo bench-data .mypy_cache .ruff_cache .pytest_cache .hypothesis
