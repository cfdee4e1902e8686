# What a person types. Everything is set up in .venv beside this file; nothing has to be installed by hand but
# Python 3.11+ with venv, and make. Targets named test-*, bench, fuzz and conformance may want more and say so.
PYTHON ?= python3
JOBS ?= 4
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Each worker and each process that a test starts would compile all of it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help ready demo test ci style types layers tests test-browser test-services faults fuzz format conformance voice \
	voice-check bench clean

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(READY): pyproject.toml
	@echo "setting up $(VENV): some 600 MB, a minute or a few" >&2
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

ready: $(READY)

demo: $(READY)  ## three calls on the embedded switch, heard, judged, acted on, closed and sealed (ARGS="--keep --language en")
	$(BIN)/eslbot demo $(ARGS)

test: style types layers tests  ## style, types, layers and tests

ci:  ## all that has to pass before a change lands: test, faults, test-browser, test-services, demo, voice-check (.ci/run)
	.ci/run

style: $(READY)  ## ruff
	$(BIN)/ruff check .

types: $(READY)  ## mypy --strict
	$(BIN)/mypy

layers: $(READY)  ## who may know whom
	$(BIN)/lint-imports --no-cache

tests: $(READY)  ## the tests, warnings as errors (ARGS="-k name"; many wait for audio, so JOBS of them run at once)
	$(BIN)/python -m pytest -n $(JOBS) --dist worksteal --ignore tests/conformance $(ARGS)
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile tests/conformance $(ARGS)

test-browser: $(READY)  ## the console in Debian's chromium, headless (ESLBOT_CHROMIUM=path of another)
	$(BIN)/python -m pytest -m browser tests/browser $(ARGS)

test-services: $(READY)  ## the store on PostgreSQL; the deployment's files by promtool, docker-compose and others (Debian's packages)
	$(BIN)/python -m pytest -n 3 --dist worksteal -m services tests $(ARGS)

faults: $(READY)  ## break every part of it, and see that calls go on, what was lost and how long it took (tests/faults/README.md)
	$(BIN)/python -m pytest -n 3 --dist worksteal -m faults tests/faults $(ARGS)

$(VENV)/.fuzz: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,fuzz]'
	@touch $@

fuzz: $(VENV)/.fuzz  ## fuzz what reads strangers' bytes, each target for SECONDS (60), under atheris (TARGETS="esl fork")
	$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),60) $(TARGETS)

format: $(READY)  ## mend what ruff can mend by itself
	$(BIN)/ruff check --fix .

conformance: $(READY)  ## who hears what, on a real FreeSWITCH (FREESWITCH=path of its binary, else found in PATH)
	$(if $(FREESWITCH),ESLBOT_FREESWITCH=$(FREESWITCH)) $(BIN)/python -m pytest --switch real tests/conformance $(ARGS)

bench: $(READY)  ## one page of ratios (CALLS=30, FREESWITCH=... for mutes as heard, ARGS="--growth --hour --vosk-server PATH")
	$(BIN)/python -m pytest -m bench tests -s
	$(BIN)/python -m tests.bench --calls $(or $(CALLS),30) $(if $(FREESWITCH),--freeswitch $(FREESWITCH)) $(ARGS)

# Only what is missing, and not eslbot itself anew: other suites may be using it meanwhile.
$(VENV)/.voice: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $$($(BIN)/python -c 'import tomllib; \
		print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["voice"])')
	@touch $@

voice: $(VENV)/.voice  ## train the shipped zh and en models anew (some minutes each)
	$(BIN)/python -m tools.voice build --language zh -o eslbot/data/models/demo-zh
	$(BIN)/python -m tools.voice build --language en -o eslbot/data/models/demo-en

voice-check: $(VENV)/.voice  ## train a quick model and hold its word error rate against a bound
	$(BIN)/python -m pytest -m voice --timeout 1800 tests/voice $(ARGS)

clean:  ## everything that was made here
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis build dist demo-out *.egg-info
