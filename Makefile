# Needs python3.11 (or newer) with venv, Node 20.19 (or newer) with npm, and make. Everything else it fetches itself.
# A step that has nothing new to do is skipped, so the second run takes seconds.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= $(shell command -v python3.11 || command -v python3)
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
BUILT := src/motcua/web/ui/static/built/manifest.json
CHROMIUM ?= $(shell command -v chromium || command -v chromium-browser || command -v google-chrome)
FRONTEND_SOURCES := $(shell find frontend -path frontend/node_modules -prune -o -type f -print 2>/dev/null)
JOBS ?= 2
# What a file of tests sets up, as a city for its journeys, is set up by one process.
PARALLEL := -n $(JOBS) --dist loadfile --no-loadscope-reorder
MINUTES ?= 60

# The packages without Django, whose every branch is tested.
PURE := rules calendars seals
.PHONY: help setup demo test journeys test-spark check fix bench faults differential coverage
.PHONY: style types order architecture templates packs-in-order scripts

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

setup: .venv/ready $(BUILT) ## Install what is missing and build the pages' styles and scripts

demo: setup ## Run the demo city on this machine; Ctrl-C stops it
	@$(BIN)/motcua serve --demo $(SERVE)

test: setup ## Run every test, the browser journeys too if there is a Chromium
	@echo "== tests (pytest, $(JOBS) at a time)"
	@$(BIN)/pytest $(PARALLEL) -q --ignore tests/journeys $(PYTEST)
	@echo "== tests of the pages' scripts (vitest)"
	@cd frontend && npm run --silent test
	@$(MAKE) journeys

journeys: setup
ifneq ($(CHROMIUM),)
	@echo "== journeys in $(CHROMIUM), $(JOBS) at a time"
	@MOTCUA_CHROMIUM="$(CHROMIUM)" $(BIN)/pytest $(PARALLEL) -q tests/journeys $(PYTEST)
else ifeq ($(CI_REQUIRES_CHROMIUM),1)
	@echo "journeys need a Chromium and none was found" && exit 1
else
	@echo "== journeys NOT RUN: no chromium, chromium-browser or google-chrome on the PATH (set CHROMIUM=/path/to/it)"
endif

check: setup ## Check style, types, the order between the apps, templates and packs
	@$(MAKE) --keep-going style types order architecture templates packs-in-order scripts

style:
	@echo "== style (ruff)" && $(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .

types:
	@echo "== types (mypy)" && $(BIN)/mypy

order:
	@echo "== order between the apps (import-linter)" && $(BIN)/lint-imports --no-logo > var/lint-imports.log || { cat var/lint-imports.log; exit 1; }

architecture:
	@echo "== architecture" && $(BIN)/pytest -q -n $(JOBS) tests/architecture

templates:
	@echo "== templates (djlint)" && $(BIN)/djlint --quiet --lint src

packs-in-order:
	@echo "== packs" && $(BIN)/motcua packs check packs/*

scripts:
	@echo "== scripts (tsc)" && cd frontend && npm run --silent check

test-spark: .venv-spark/ready ## Run the differential tests of the rules on Spark; needs Java 17
	@java -version 2>&1 | grep -qE 'version "(17|21)' || { echo "Java 17 is missing: install a JRE 17 (openjdk-17-jre-headless)"; exit 1; }
	@echo "== the same answers on Spark (pytest, local[2])"
	@PYTHONPATH=src .venv-spark/bin/pytest -q --noconftest -p no:cacheprovider -c /dev/null --rootdir . --import-mode=importlib tests/rules/spark_agrees.py

fix: setup ## Repair what can be repaired automatically
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: setup .venv-bench/ready ## Measure; the figures are ratios within one run. GROUP=parts, rules, live, memory, directives or desk for one group
	@case "$(GROUP)" in ""|parts) $(BIN)/python tools/bench.py $(BENCH);; esac
	@case "$(GROUP)" in ""|live) $(BIN)/python tools/bench_live.py $(BENCH_LIVE);; esac
	@case "$(GROUP)" in memory) $(BIN)/python tools/bench_memory.py --minutes $(MINUTES) $(BENCH_MEMORY);; esac
	@case "$(GROUP)" in ""|rules) $(BIN)/python tools/bench_rules.py $(BENCH_RULES);; esac
	@case "$(GROUP)" in directives) $(BIN)/python tools/bench_directives.py $(BENCH_DIRECTIVES);; esac
	@case "$(GROUP)" in desk) $(BIN)/python tools/bench_desk.py $(BENCH_DESK);; esac

faults: setup ## Kill, stop, cut, fill and race under load; nothing acknowledged may be lost or doubled. QUICK=1 for less
ifeq ($(QUICK),1)
	@$(BIN)/python tools/faults_submissions.py --requests 2000 --kills 10 $(FAULTS)
else
	@failed=0; for each in submissions database disk jobs race appointments switch; do \
		echo "== faults: $$each"; $(BIN)/python tools/faults_$$each.py || failed=1; done; exit $$failed
endif
	@$(BIN)/python tools/fuzz_qr.py

differential: setup ## Decide EXAMPLES random models (1000) of each kind per case and as SQL, other ones each time
	@MOTCUA_EXAMPLES=$(or $(EXAMPLES),1000) $(BIN)/pytest -q tests/rules/test_set_and_case_agree.py $(PYTEST)

coverage: setup ## Hold rules, calendars and seals to every branch; WHOLE=1 shows the rest after all tests
ifeq ($(WHOLE),)
	@$(BIN)/pytest -n $(JOBS) -q tests/rules tests/calendars tests/seals $(PURE:%=--cov=src/motcua/%) --cov-branch \
		--cov-report=term-missing:skip-covered --cov-fail-under=100
else
	@$(BIN)/pytest -n $(JOBS) -q --ignore tests/journeys --cov --cov-report=
	@$(BIN)/coverage report --skip-covered --sort=cover
endif

.venv/ready: requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "python3.11 is missing: install it with its venv module"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; $(PYTHON) is older"; exit 1; }
	@mkdir -p var
ifneq ($(UV),)
	@echo "== installing the Python packages with uv"
	@test -x $(BIN)/python || uv venv --quiet --python $(PYTHON) .venv
	@uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@echo "== installing the Python packages with pip (a minute or two the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
endif
	@touch $@

# The engines that the rules are compared with stay away from the packages of the platform.
.venv-bench/ready: requirements/bench.txt
	@echo "== installing the engines to compare with"
	@test -x .venv-bench/bin/python || $(PYTHON) -m venv .venv-bench
ifneq ($(UV),)
	@uv pip install --quiet --python .venv-bench/bin/python --require-hashes -r requirements/bench.txt
else
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
endif
	@touch $@

# Spark is 400 MB and only some need it.
.venv-spark/ready: requirements/spark.txt
	@echo "== installing PySpark"
	@test -x .venv-spark/bin/python || $(PYTHON) -m venv .venv-spark
ifneq ($(UV),)
	@uv pip install --quiet --python .venv-spark/bin/python --require-hashes -r requirements/spark.txt
else
	@.venv-spark/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/spark.txt
endif
	@touch $@

frontend/node_modules/ready: frontend/package-lock.json
	@command -v npm > /dev/null || { echo "npm is missing: install Node 20.19 or newer"; exit 1; }
	@echo "== installing the packages of the pages with npm"
	@cd frontend && npm ci --silent --no-audit --no-fund
	@touch $@

$(BUILT): frontend/node_modules/ready $(FRONTEND_SOURCES)
	@echo "== building the styles and scripts of the pages"
	@cd frontend && npm run --silent build -- --logLevel warn
	@touch $@
