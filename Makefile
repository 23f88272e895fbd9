# Everything is made in .venv, from the exact versions and hashes of requirements.lock.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCKED := $(VENV)/.locked
READY := $(VENV)/.ready

# How many draws `make demo` takes, where it leaves its run, and how many processes `make test` uses.
DRAWS ?= 100
DEMO := runs/demo
WORKERS ?= 2

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# The tests begin some hundred processes: each would compile every module anew where nothing compiled may be kept.
export PYTHONDONTWRITEBYTECODE :=
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help setup system demo test check check-format check-lint check-types check-floors check-docs format docs bench lock clean

help: ## say what can be made
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 18

setup: $(READY) ## make .venv, with everything that the tests, the checks and the docs need

$(LOCKED): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed and this is %s: make PYTHON=python3.11" % sys.version.split()[0])'
	@echo "== setting up $(VENV) (once, a minute or two)"
	@$(PYTHON) -m venv --clear $(VENV)
	@# By two processes, each with every other package, since pip keeps one core busy. The lock is whole: nothing else is sought.
	@awk '/^[a-z]/ { half = 1 - half } { print > "$(VENV)/half-" half }' requirements.lock
	@ls $(VENV)/half-0 $(VENV)/half-1 | xargs -n 1 -P 2 $(BIN)/python -m pip install --quiet --no-compile --no-deps --require-hashes --requirement
	@# On all cores, where pip takes one; without a third that no command reads. What is no Python of this version is left alone.
	@$(BIN)/python -m compileall -qq -j 0 -x '/(tests?|ray|pip|setuptools)/' $(VENV)/lib || true
	@touch $@

$(READY): $(LOCKED) pyproject.toml
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

system: ## install the Debian packages that the tests use, where they are missing
	@scripts/system

demo: $(READY) ## simulate the credit programme and its variants, and say where the report lies
	@rm -rf $(DEMO)
	$(BIN)/haidang run hcmc/smart-manufacturing-credit --variants all --draws $(DRAWS) --out $(DEMO)
	@echo "The report, in Vietnamese and English, is one file: $(CURDIR)/$(DEMO)/report.html"

test: $(READY) system ## run every test
	$(BIN)/python -m pytest --numprocesses=$(WORKERS) --dist=loadscope

check: check-format check-lint check-types check-floors check-docs ## hold the style, the types, the floors of the house and the docs

check-format: $(READY)
	@echo "== format"; $(BIN)/ruff format --check --output-format=concise .

check-lint: $(READY)
	@echo "== lint"; $(BIN)/ruff check --output-format=concise .

check-types: $(READY)
	@echo "== types"; $(BIN)/basedpyright --pythonpath $(BIN)/python

check-floors: $(READY)
	@echo "== floors"; $(BIN)/python -m pytest -q tests/test_layers.py

check-docs: $(READY)
	@echo "== docs"; $(BIN)/mkdocs build --strict --quiet

format: $(READY) ## write the code in the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(READY) ## build the documentation into site/
	$(BIN)/mkdocs build --strict
	@echo "The documentation: $(CURDIR)/site/index.html"

bench: $(READY) ## measure what BENCHMARKS.md reports
	$(BIN)/python -m benchmarks

lock: $(READY) ## pin anew what pyproject.toml asks for (UPGRADE=--upgrade for the newest versions)
	$(BIN)/uv pip compile pyproject.toml --extra db --extra pdf --extra cluster --extra learn --extra read --extra track --extra web --group dev --universal --python-version 3.11 \
		--generate-hashes --no-header --no-config --quiet $(UPGRADE) --output-file requirements.lock

clean: ## remove what was made, except runs
	rm -rf $(VENV) site .pytest_cache .ruff_cache .hypothesis .benchmarks
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
