# One menu for people, pre-commit and CI alike. `make` alone lists it.

PYTHON ?= python3
VENV ?= .venv
WORKERS ?= auto
TESTS ?=

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
ROOMS := processminer tests benchmarks samples

# Pyright must not ask the network whether it is the newest.
export PYRIGHT_PYTHON_IGNORE_WARNINGS := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo node test simulations check static format format-check lint types walls bench picture golden schema wheel clean

help:  ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

demo: $(VENV)/.installed  ## Audit the Salesforce sample against the playbook that ships with it
	$(BIN)/processminer audit samples/salesforce --playbook playbooks/b2b-saas.yaml --out audit
	@echo "The report is audit/report.html: open it in a browser."

test: $(VENV)/.installed-test  ## Run the tests (choose some: make test TESTS="-m 'not slow'")
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal $(TESTS)

simulations: $(VENV)/.installed-test  ## Hold the statistics to worlds whose truth is known (RUNS=200 of each), as a table
	$(BIN)/python -m tests.simulations $(or $(RUNS),200)
	$(BIN)/python -m tests.simulations_time $(or $(RUNS),200)
	$(BIN)/python -m tests.simulations_effects $(or $(RUNS),200)
	$(BIN)/python -m tests.simulations_changes $(or $(RUNS),200)
	$(BIN)/python -m tests.organisations $(or $(SEEDS),8) --edits

check: static test  ## Everything a change must pass

static: format-check lint types walls

format: $(VENV)/.installed-dev  ## Lay out the code
	$(BIN)/ruff format $(ROOMS)
	$(BIN)/ruff check --fix $(ROOMS)

format-check: $(VENV)/.installed-dev
	$(BIN)/ruff format --check $(ROOMS)

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check $(ROOMS)

types: $(VENV)/.installed-dev
	$(BIN)/mypy
	$(BIN)/pyright --pythonpath $(BIN)/python

walls: $(VENV)/.installed-dev
	$(BIN)/lint-imports

bench: $(VENV)/.installed  ## Measure against pm4py at a million events (EVENTS=10000000 for ten)
	$(BIN)/python -m benchmarks --events $(or $(EVENTS),1000000)

picture: $(VENV)/.installed  ## Draw the README's picture again
	$(BIN)/processminer mine samples/salesforce --playbook playbooks/b2b-saas.yaml --out samples/stage-map.svg

golden: $(VENV)/.installed-test  ## Write the golden ingest reports again, to be reviewed as a diff
	PROCESSMINER_GOLDEN=write $(BIN)/python -m pytest -q tests/test_log_profiles.py

node:  ## Install what reads and lints BPMN in the tests, below tests/node
	npm install --prefix tests/node --ignore-scripts --no-package-lock --no-audit --no-fund --loglevel=error

schema: $(VENV)/.installed  ## Write the playbook's JSON Schema again, after a change of its model
	$(BIN)/processminer playbook schema --out processminer/playbook/schema.json

wheel: $(VENV)/.installed  ## Build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir dist .

clean:  ## Remove what was made
	rm -rf $(VENV) audit dist build tests/node/node_modules htmlcov .coverage .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The package is installed as a link to this folder, so that only a new pyproject.toml asks for another installation.
$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV): about a minute, the first time only."
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-%: pyproject.toml | $(BIN)/python
	@echo "Installing into $(VENV), with what '$*' needs: about a minute, the first time only."
	$(PIP) --editable '.[$*]'
	@touch $(VENV)/.installed $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || { \
	  found=$$($(PYTHON) --version 2>/dev/null) || found="not there"; \
	  echo "processminer needs Python 3.11, 3.12 or 3.13; '$(PYTHON)' is $$found."; \
	  echo "Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; } >&2
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "No virtual environment could be made; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
