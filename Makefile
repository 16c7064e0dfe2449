# make demo   run the main job on fixtures/bookshop
# make test   every check: format, lint, types, floors, tests with coverage
# Both set up environments of their own first (.venv, .venv-marshmallow3), and only once.

PYTHON ?= python3
BIN := .venv/bin
TESTS ?=

.PHONY: demo test lint quick fuzz matrix clean
.DEFAULT_GOAL := test

.venv/.ready: pyproject.toml
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "error: this Python cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# Extensions whose pins clash with those of the others.
.venv-marshmallow3/.ready: pyproject.toml fixtures/sources/marshmallow3.txt
	$(PYTHON) -m venv .venv-marshmallow3
	.venv-marshmallow3/bin/python -m pip install --quiet --disable-pip-version-check --editable . \
	  --requirement fixtures/sources/marshmallow3.txt
	@touch $@

demo: .venv/.ready
	@echo '$$ cd fixtures && apiver --app bookshop diff v1 v2'
	@cd fixtures && ../$(BIN)/apiver --app bookshop diff v1 v2 --fail-on none

lint: .venv/.ready
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo 2>/dev/null || $(BIN)/lint-imports

test: lint .venv-marshmallow3/.ready
	rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest -q -n auto $(TESTS)
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report --fail-under=90

# The tests alone, without coverage: for the edit-run loop.
quick: .venv/.ready .venv-marshmallow3/.ready
	$(BIN)/pytest -q -n auto $(TESTS)

# Random pairs of schemas, judged by jsonschema: 20,000 of them take some minutes; other ones with SEED=1000000.
PAIRS ?= 20000
SEED ?= 0
fuzz: .venv/.ready
	$(BIN)/python benchmarks/fuzz.py --pairs $(PAIRS) --seed $(SEED)

# The tests on every Python from 3.10 to 3.13 that this machine has.
matrix:
	@tests/matrix.sh

clean:
	rm -rf .venv .venv-* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist .coverage .coverage.*
