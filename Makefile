# From a fresh clone, with Python >= 3.11 and make: `make run`, `make test`.

PYTHON ?= python3
export UV_PYTHON_DOWNLOADS := never
# uv from the PATH if it is there, else one of our own in .tools/
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --locked --no-sync

.PHONY: run test check format lint types unit integration e2e infra requirements setup clean

run: setup  ## the embedded stack processes CSV (default: the shipped samples)
	$(RUN) pipeline run $(if $(CSV),"$(CSV)")

test: lint types  ## everything that must pass before a change lands
	$(RUN) pytest

format: setup
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

lint: setup
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) lint-imports

types: setup
	$(RUN) mypy

unit integration e2e infra: setup
	$(RUN) pytest tests/$@

requirements: setup  ## what the image installs, from the lock
	$(UV) export --quiet --locked --only-group=function --no-emit-project --no-header --output-file=function/requirements.txt

setup: .venv/.installed

.venv/.installed: pyproject.toml uv.lock $(filter .tools/%,$(UV))
	$(UV) sync --locked --python $(PYTHON)
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python >= 3.11 is needed; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .tools && .tools/bin/python -m pip install --quiet 'uv>=0.5' \
	  || { rm -rf .tools; echo "No uv on the PATH and no venv to install it in: apt install python3-venv, or install uv"; exit 1; }

clean:
	rm -rf .venv .tools .cache .pytest_cache .mypy_cache .ruff_cache
