# One command for each wish; `make` alone lists them.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check install --quiet --constraint constraints.txt

.DEFAULT_GOAL := help
.PHONY: help run setup test check bench format clients weights

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/.run weights ## Set up what is missing and start the bot: in Telegram with a token, else in the playground
	@$(PY) -m bot run

setup: $(VENV)/.dev weights ## Set everything up without starting

test: setup clients ## All tests
	@$(PY) -m pytest

check: $(VENV)/.dev ## Style and types
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .
	@$(PY) -m mypy

bench: setup ## All benchmarks, into benchmarks/RESULTS.md (some: make bench ONLY="inference embed")
	@$(PY) -m benchmarks $(ONLY)

format: $(VENV)/.dev ## Bring the code into the project's style
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --fix .

clients: ## Install what the tests need of others: client libraries, and axe (Node's need npm)
	@PYTHON="$(PYTHON)" tests/clients/install.sh
	@if command -v npm >/dev/null; then tests/browser/install.sh; fi

weights: $(VENV)/.run
	@$(PY) -m bot models pull

$(VENV)/.run: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it with make PYTHON=python3.12")'
	@echo "Installing into $(VENV); this takes some minutes and about 1.5 GB the first time."
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@$(PIP) --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@$(PIP) --editable '.[dev]'
	@touch $@
