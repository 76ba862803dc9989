# The two commands: `make book` and `make test`. Each sets up what it needs; `make help` lists the rest.
PROFILE ?= embedded
PYTHON ?= python3
JOBS ?= 2
VENV := .venv
RUN := $(VENV)/bin
READY := $(VENV)/.ready
UV := $(RUN)/uv
UV_VERSION := 0.13.8

.DEFAULT_GOAL := help
.PHONY: help setup book serve ledger test lint format lock lab bench clean

help:  ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

setup: $(READY)  ## create the environment from the lock file

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "neuroattr needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; name another with: make PYTHON=python3.12 ...")'
	@$(PYTHON) -c 'import runpy, sys; sys.exit(runpy.run_path("neuroattr/drawing.py")["absent"]())'
	test -x $(RUN)/python || $(PYTHON) -m venv $(VENV)
	$(RUN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	VIRTUAL_ENV=$(VENV) $(UV) pip sync --quiet --allow-empty-requirements --require-hashes requirements.lock
	VIRTUAL_ENV=$(VENV) $(UV) pip install --quiet --no-deps --editable . uv==$(UV_VERSION)
	touch $@

book: $(READY)  ## execute every chapter and build the html (PROFILE=embedded or sample)
	$(RUN)/neuroattr book --profile $(PROFILE) --jobs $(JOBS)

serve: $(READY)  ## build the book and serve it on this machine
	$(RUN)/neuroattr book --profile $(PROFILE) --jobs $(JOBS) --serve

ledger: $(READY)  ## execute the chapters and keep their numbers in book/ledger (PROFILE=sample)
	$(RUN)/neuroattr run --profile $(PROFILE) --jobs $(JOBS) --keep-ledger

test: $(READY)  ## run all tests
	$(RUN)/python -m pytest

lint: $(READY)  ## check style and types
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy

format: $(READY)  ## put the code into the project's format
	$(RUN)/ruff check --fix .
	$(RUN)/ruff format .

lab: $(READY)  ## open the chapters in JupyterLab
	$(RUN)/jupyter lab notebooks

bench: $(READY)  ## time every fast path beside what it replaces
	for script in benchmarks/*.py; do $(RUN)/python $$script || exit 1; done

lock: $(READY)  ## resolve the lock file anew
	$(UV) pip compile pyproject.toml --extra bench --extra book --extra live --extra test --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-annotate --custom-compile-command "make lock" --quiet -o requirements.lock

clean:  ## remove what was made (not the cache of data and activations, not the environment)
	rm -rf _build book/chapters book/generated book/vendor dist .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
