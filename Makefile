# From a fresh clone, with Python >= 3.11 and make: `make run`, `make test`.

PYTHON ?= python3
export UV_PYTHON_DOWNLOADS := never
# uv from the PATH if it is there, else one of our own in .tools/
UV := $(shell command -v uv 2>/dev/null || echo .tools/bin/uv)
RUN := $(UV) run --locked --no-sync

.PHONY: run test check format lint types unit integration e2e infra faults storm burst size seasons requirements sbom pictures bench setup clean

run: .venv/.runnable  ## the embedded stack processes CSV (default: the shipped samples)
	$(RUN) pipeline run $(if $(CSV),"$(CSV)")

test: lint types  ## everything that must pass before a change lands
	$(RUN) pytest --numprocesses auto --maxprocesses 4 --dist loadfile

format: setup
	$(RUN) ruff format .
	$(RUN) ruff check --fix .

lint: setup
	$(RUN) ruff format --check .
	$(RUN) ruff check .
	$(RUN) lint-imports
	$(RUN) pylint __main__.py function infra local ops policy workflow bench tests

types: setup
	$(RUN) mypy

unit integration e2e infra: setup
	$(RUN) pytest tests/$@

requirements: setup  ## what the image installs, from the lock
	$(UV) export --quiet --locked --only-group=function --no-emit-project --no-header --output-file=function/requirements.txt

sbom: setup  ## what the image installs, as a CycloneDX document in sbom.json
	$(UV) export --quiet --locked --only-group=function --no-emit-project --preview-features sbom-export --format cyclonedx1.5 --output-file=sbom.json

faults: setup  ## every fault at every step and every way back, thousands of invocations (under an hour)
	FAULTS=all $(RUN) pytest tests/faults/test_matrix.py tests/faults/fanout tests/faults/test_model.py tests/faults/test_leaks.py

storm: setup  ## 10,000 uploads while workers die, PostgreSQL restarts and S3 throttles (half an hour)
	$(RUN) python -m tests.faults.storm 10000

burst: setup  ## thousands of uploads within seconds on a PostgreSQL of 80 connections (a quarter of an hour)
	$(RUN) python -m tests.faults.burst

size: setup  ## reconciliation and the operators' questions on a table of a million rows (minutes)
	$(RUN) python -m tests.faults.size

seasons: setup  ## generated seasons of daily files: which planted changes the comparison finds, and what it remarks without cause
	$(RUN) python -m bench.seasons 20

pictures: setup  ## docs/images and docs/messages.md, of what the code shows today; needs Chromium
	$(RUN) python -m tests.documents.pictures

BENCH ?= quick
bench: setup  ## everything measured beside its peers, into docs/benchmarks.md (BENCH=full: 1 and 4 GB, hours)
	$(UV) sync --quiet --locked --inexact --group bench
	$(RUN) python -m bench $(BENCH)

setup: .venv/.installed

.venv/.installed: pyproject.toml uv.lock $(filter .tools/%,$(UV))
	$(UV) sync --locked --python $(PYTHON)
	@touch $@ .venv/.runnable

# `make run` needs a quarter of what the tests need; what is there already stays
.venv/.runnable: pyproject.toml uv.lock $(filter .tools/%,$(UV))
	$(UV) sync --locked --inexact --python $(PYTHON) --no-default-groups --group function --group local
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python >= 3.11 is needed; name one with: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .tools && .tools/bin/python -m pip install --quiet 'uv>=0.5' \
	  || { rm -rf .tools; echo "No uv on the PATH and no venv to install it in: apt install python3-venv, or install uv"; exit 1; }

clean:
	rm -rf .venv .tools .cache .pytest_cache .mypy_cache .ruff_cache
