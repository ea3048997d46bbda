# `make demo` and `make test` set up all that they need (an environment in .venv), then do their job.

PYTHON ?= $(shell for p in python3 python3.11 python3.12 python3.13; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
# Without a GPU a pinned torch keeps the several gigabytes of CUDA libraries of the newest build out.
TORCH := $(shell command -v nvidia-smi >/dev/null 2>&1 && echo 'torch>=2.11' || echo 'torch==2.13.0')

.PHONY: demo test fuzz format golden codes clean

demo: $(VENV)/.installed
	$(BIN)/sglc run examples/trip.sgl --example-tools

test: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest

# Property tests with new random examples, ten times as many.
fuzz: $(VENV)/.installed-dev
	HYPOTHESIS_PROFILE=fuzz SGLC_FUZZ=10 $(BIN)/python -m pytest

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix-only -q .
	$(BIN)/ruff format -q .

golden: $(VENV)/.installed-dev
	$(BIN)/python -m pytest --update-golden

codes: $(VENV)/.installed-dev
	$(BIN)/sglc rule --all --format markdown > docs/codes.md

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .sglc_cache

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "sglc needs Python 3.11 or newer" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml Makefile | $(BIN)/python
	@echo "setting up $(VENV) (a few minutes the first time)"
	$(PIP) install '$(TORCH)'
	$(PIP) install -e .
	@# pip compiles what it copies; what it only points to is compiled here, so that sglc starts at once.
	$(BIN)/python -m compileall -q sglc
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) install -e '.[dev]'
	@touch $@
