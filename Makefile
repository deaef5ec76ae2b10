# Daybook. `make` alone lists the targets.
.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DAYBOOK_DATA ?= var
export PORT ?= 8000

.PHONY: help run test load kill lint format bench docs lock clean check-python

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

check-python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Daybook needs Python 3.11 or later as $(PYTHON); set PYTHON=… to name another."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "Daybook needs Python's venv module (on Debian and Ubuntu: the package python3-venv)."; exit 1; }

$(VENV)/run.stamp: requirements/run.txt pyproject.toml | check-python
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what Daybook needs into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/run.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps --editable .
	@touch $@

$(VENV)/test.stamp: requirements/test.txt $(VENV)/run.stamp
	@echo "Installing what the tests need into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/test.txt
	@touch $@

run: $(VENV)/run.stamp ## set up, load the bundled matters once, serve on http://127.0.0.1:8000
	@$(BIN)/daybook release --bundled
	@exec $(BIN)/daybook serve

test: $(VENV)/test.stamp ## install what the tests need, then run every test
	@sh tests/install-chromium
	@$(BIN)/ruff check --no-cache . && $(BIN)/ruff format --no-cache --check . && $(BIN)/lint-imports --no-cache
	@$(BIN)/python -m pytest

load: $(VENV)/test.stamp ## 32 clients that write and read at once for a minute: nothing lost, nothing fails
	@DAYBOOK_LOAD_SECONDS=60 $(BIN)/python -m pytest -m load -s tests/main/test_load.py

kill: $(VENV)/test.stamp ## kill the clock 50 times at random moments: no alert is lost, none comes twice
	@DAYBOOK_KILLS=50 $(BIN)/python -m pytest -m kill tests/alerts/test_killed_clock.py

lint: $(VENV)/test.stamp ## check style and layers
	@$(BIN)/ruff check --no-cache . && $(BIN)/ruff format --no-cache --check . && $(BIN)/lint-imports --no-cache

format: $(VENV)/test.stamp ## put the code into the house's form
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: $(VENV)/test.stamp ## measure resolve, rebuild and append against the event library itself
	@$(BIN)/python -m benchmarks

docs: $(VENV)/test.stamp ## make docs/events.md anew from the docstrings
	@$(BIN)/python docs/make_events.py

lock: ## pin the dependencies anew
	@$(PYTHON) -m venv $(VENV)-lock && $(VENV)-lock/bin/pip install --quiet pip-tools
	@$(VENV)-lock/bin/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
	  --output-file requirements/run.txt requirements/run.in
	@$(VENV)-lock/bin/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header \
	  --output-file requirements/test.txt requirements/test.in

clean: ## remove the environment (the data under ./var stays)
	@rm -rf $(VENV) $(VENV)-lock
