# Two commands for a fresh machine: `make demo` and `make test`. Each installs what it needs into .venv.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: demo test lint figures reading benchmark model schema clean
.DEFAULT_GOAL := help

help:
	@echo "make demo     read the sample archive and show what was found"
	@echo "make test     run the test suite"
	@echo "make lint     ruff and mypy"
	@echo "make model    train the classifier again from corpora/gold"
	@echo "make figures  measure everything, from archived page to fact (a few minutes)"
	@echo "make reading  measure how faithfully and fast pages are read (two minutes)"
	@echo "make benchmark  compare whole runs with the usual way and bare pdfium (half an hour)"
	@echo "make schema   write docs/record.schema.json from the record's models"

demo: .venv/installed
	$(BIN)/xueyang run corpora/samples --out demo-output

test: .venv/installed-dev
	$(BIN)/python -m pytest -n auto

lint: .venv/installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

model: .venv/installed
	$(BIN)/xueyang train

figures: .venv/installed
	$(BIN)/xueyang evaluate --pages corpora/gold/pages

reading: .venv/installed-dev
	$(BIN)/python -m benchmarks.reading

benchmark: .venv/installed-dev
	$(BIN)/python -m benchmarks.whole_runs

schema: .venv/installed
	$(BIN)/python -m pipeline.records > docs/record.schema.json

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "xueyang needs Python 3.11 or newer; try: make PYTHON=python3.12 demo" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/installed: .venv/bin/python pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	@touch $@

.venv/installed-dev: .venv/installed
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev,ray,s3]'
	@touch $@

clean:
	rm -rf .venv demo-output
