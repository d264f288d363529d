# `make run` starts the app, `make test` runs every test; each sets up its own environment first.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2
PHOTOS ?=
WIDER ?=
VIDEOS ?=
LIVE ?=
LOAD ?=

.PHONY: run test test-fast lint bench bench-stream bench-live bench-load lock audit fuzz clean

run: $(VENV)/serve.stamp
	$(BIN)/streamlit run streamlit_app.py

# The browser's tests one by one: a camera is no good on a machine that is busy with something else.
test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --ignore=tests/e2e --durations=15
	$(BIN)/python -m pytest tests/e2e --durations=15

# Without TensorFlow and without a browser, for every save.
test-fast: $(VENV)/dev.stamp
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder --ignore=tests/e2e -m "not reference"

lint: $(VENV)/dev.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/codespell

bench: $(VENV)/dev.stamp
	$(BIN)/python -m fer_train.bench $(if $(PHOTOS),--photos $(PHOTOS)) $(if $(WIDER),--wider $(WIDER))
	$(BIN)/python -m fer_train.bench.batch
	$(BIN)/python -m fer_train.bench.video

bench-stream: $(VENV)/dev.stamp
	$(BIN)/python -m fer_train.bench.steadiness --videos $(VIDEOS)

# An hour in all; LIVE=--quick takes a minute and writes nothing.
bench-live: $(VENV)/dev.stamp
	$(BIN)/python -m fer_train.bench.live $(LIVE)

# Two hours and ten minutes, against a server of its own; LOAD=--quick takes a minute or two and writes nothing.
bench-load: $(VENV)/dev.stamp
	$(BIN)/python -m fer_train.bench.load $(LOAD)

# Every package of the served set, on every platform, with the hashes of its files; `serve.stamp` installs nothing else.
lock: $(VENV)/audit.stamp
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
		--custom-compile-command "make lock" --output-file requirements-serve.lock requirements-serve.txt

# Asks the package index for known faults of the served set; an index without such data is said to have none.
audit: $(VENV)/audit.stamp
	$(BIN)/pip-audit --disable-pip --require-hashes -r requirements-serve.lock

# Some minutes for each reader; writes docs/bench/fuzz.csv.
fuzz: $(VENV)/audit.stamp
	for reader in photo session card; do $(BIN)/python -m tests.hostile.fuzz $$reader || exit 1; done

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("Mien needs Python 3.11 or newer, got " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

# Where ai-edge-litert has no wheel, the reference engine takes over, and needs the full set.
$(VENV)/serve.stamp: requirements-serve.lock | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements-serve.lock
	$(BIN)/python -c 'import ai_edge_litert' 2>/dev/null || $(BIN)/python -m pip install --quiet -r requirements.txt
	touch $@

$(VENV)/dev.stamp: requirements-serve.txt requirements.txt requirements-cluster.txt requirements-dev.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $@

$(VENV)/audit.stamp: $(VENV)/dev.stamp requirements-audit.txt
	$(BIN)/python -m pip install --quiet -r requirements-audit.txt
	touch $@
