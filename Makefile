# Everything there is to do here, one word each. Needs git, make and Python 3.11 or newer.

SHELL := bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# Compiled once instead of in every process that a test, a benchmark or `make run` starts.
unexport PYTHONDONTWRITEBYTECODE

# The Python that makes the environment. Each name is tried and not only looked up, because a
# name on the PATH may start nothing (pyenv), or start a Python that cannot make environments.
PYTHON ?= $(shell for name in python3.13 python3.12 python3.11 python3; do \
	$$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$name && break; done)

# Processes that share the tests: as many as there are cores. One more was slower.
TEST_WORKERS ?= $(shell getconf _NPROCESSORS_ONLN)

# What `make test` is made of: two rows side by side, as each alone leaves a core idle at times.
# Both databases' tests at once took a tenth longer. Each step is run even when an earlier one
# failed; a failure beside is told at once, and that a file is too long within half a minute.
STEPS := test-sqlite test-postgresql
STEPS_BESIDE := house check walkthrough-sqlite walkthrough-postgresql

# Which benchmark `make bench` runs; all of them if empty.
BENCH ?=

# The house rules: tests in seconds that read every file.
HOUSE := tests/test_house_rules.py

BIN := .venv/bin
# What takes long is named at the end, so that it is known where the minutes go.
PYTEST := $(BIN)/pytest -n $(TEST_WORKERS) --durations=20 --durations-min=8
POSTGRESQL := $(BIN)/python -m load_tests.postgres

# A stamp carries the checksum of the lock file it stands for: another lock, another stamp.
sum = $(shell cat $(1) | cksum | cut -d ' ' -f 1)
RUNTIME := .venv/runtime-$(call sum,requirements.lock)
TOOLS := .venv/tools-$(call sum,requirements.lock requirements-dev.lock)
TRACING := .venv/tracing-$(call sum,requirements.lock requirements-tracing.lock)

# The apps for browsers are built again when one of their sources has changed, and only then.
APPS := $(shell find server/web/apps -name node_modules -prune -o -type f -print | LC_ALL=C sort)
WEB := server/web/built/sources-$(call sum,$(APPS))

.PHONY: help
help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: $(RUNTIME) ## Serve the platform on http://127.0.0.1:8000 (HOST, PORT, DATABASE_URL, DATA_DIR)
	@$(MAKE) web || echo 'The API is served; the apps are not.'
	@exec $(BIN)/flask --app wsgi serve

.PHONY: environment
environment: $(RUNTIME) ## Make the environment in .venv and the apps, and nothing else (for production)
	@$(MAKE) web || echo 'The environment is made; the apps are not.'

.PHONY: tracing
tracing: $(TRACING) ## Add what tells a collector of OpenTelemetry of requests (TRACES_URL)

.PHONY: web
web: $(WEB) ## Build the phone app and the console (Node.js 20.19 or newer; fetched where missing)

.PHONY: wheel
wheel: $(RUNTIME) $(WEB) ## Build the wheel with everything that is served (build/wheel)
	@rm -rf build/wheel build/lib build/bdist.*
	@$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir build/wheel . && ls build/wheel

.PHONY: test
test: $(TOOLS) $(WEB) ## Run everything: check, walkthrough and tests on SQLite and on PostgreSQL
	@./environment.sh machine "$(PYTHON)"
	@mkdir -p build/test && rm -f build/test/*; set -o pipefail; \
	row() { for step in "$$@"; do \
		printf '\n== %s\n' $$step; SECONDS=0; verdict=ok; \
		$(MAKE) $$step PASSED=$(HOUSE) 2>&1 | tee build/test/$$step.log || tell $$step; \
		printf '%-24s %-8s %4d s\n' $$step $$verdict $$SECONDS >> build/test/summary; \
	done; }; \
	tell() { verdict=FAILED; case $$1 in test-*) ;; *) tail -n 9 build/test/$$1.log >&2; esac; }; \
	row $(STEPS_BESIDE) > build/test/beside & row $(STEPS); wait; cat build/test/beside; \
	printf '\n== everything\n'; cat build/test/summary; \
	for step in house $(filter test-%,$(STEPS) $(STEPS_BESIDE)); do \
		grep -E '^(FAILED|ERROR) ' build/test/$$step.log; \
		grep -E ' in [0-9.]+s' build/test/$$step.log | tail -n 1; \
	done; \
	! grep -q FAILED build/test/summary

.PHONY: coverage
coverage: $(TOOLS) ## Measure what the tests reach, on SQLite; 95 % of every package, or it fails
	@$(PYTEST) --cov --cov-report= tests/rules tests/services tests/properties tests/api
	@failed=; for package in server question_bank exams certificates; do \
		$(BIN)/coverage report --skip-covered --show-missing --include="$$package/*" \
			--fail-under=95 || failed=yes; \
	done; [ -z "$$failed" ]

.PHONY: check
check: $(TOOLS) $(WEB) $(if $(PASSED),,house) ## Run what is quick: style, types, import contracts, the apps' own checks
	@$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/lint-imports --no-logo && $(BIN)/mypy
	@./environment.sh apps "$(PYTHON)" check && ./environment.sh apps "$(PYTHON)" test

.PHONY: house
house: $(TOOLS) ## Hold every file to the house rules
	@$(BIN)/pytest -n0 $(HOUSE)

# PASSED names what has just been run.
.PHONY: test-sqlite test-postgresql
test-sqlite test-postgresql: test-%: $(TOOLS) $(WEB)
	@$(PYTEST) --database=$* $(PASSED:%=--ignore=%)

.PHONY: walkthrough walkthrough-sqlite walkthrough-postgresql
walkthrough: walkthrough-sqlite walkthrough-postgresql ## Drive the main job over HTTP, on both databases
walkthrough-sqlite: $(TOOLS)
	@$(BIN)/python -m load_tests.walkthrough
walkthrough-postgresql: $(TOOLS)
	@$(POSTGRESQL) -- $(BIN)/python -m load_tests.walkthrough

.PHONY: bench
bench: $(TOOLS) ## Measure how much and how fast; BENCH=name for one benchmark
	@$(BIN)/python -m load_tests.bench $(BENCH)

.PHONY: foreign
foreign: $(TOOLS) ## Show what leaves us to other people's programs (npm, PyPI, Chromium; PARTS=certificates, questions, sign_in)
	@$(BIN)/python -m load_tests.foreign $(PARTS)

.PHONY: drill
drill: $(TOOLS) ## Play an exam day with made-up candidates: go or no go (CANDIDATES, DATABASE, SHORT=1, UI=1)
	@$(BIN)/python -m load_tests.drill $(if $(CANDIDATES),--candidates $(CANDIDATES)) \
		$(if $(DATABASE),--database $(DATABASE)) $(if $(SHORT),--short) $(if $(UI),--ui) \
		$(if $(SERVER),--host $(SERVER) --seats $(SEATS))

.PHONY: cluster cluster-status cluster-stop
cluster: $(TOOLS) $(WEB) ## Start a whole cluster on this machine (PORT, SERVERS; docs/running/cluster)
	@$(BIN)/python -m load_tests.cluster start \
		$(if $(PORT),--port $(PORT)) $(if $(SERVERS),--servers $(SERVERS))

cluster-status: $(TOOLS) ## Show what of the cluster runs, who leads, who lags
	@$(BIN)/python -m load_tests.cluster status

cluster-stop: $(TOOLS) ## Stop the cluster; FRESH=1 takes its data away, too
	@$(BIN)/python -m load_tests.cluster stop $(if $(FRESH),--fresh)

.PHONY: test-cluster
test-cluster: $(TOOLS) ## Hurt a cluster in the midst of an exam: nothing acknowledged may be lost
	@CLUSTER=1 $(BIN)/pytest -n0 -p no:randomly -rA tests/cluster

.PHONY: test-upgrade
test-upgrade: $(TOOLS) ## Go to this release and back while candidates answer (BEFORE=commit; needs the history)
	@UPGRADE=1 $(BIN)/pytest -n0 -p no:randomly -rA tests/upgrades

.PHONY: test-wheel
test-wheel: $(TOOLS) wheel ## Install the wheel where nothing else is, and let it serve
	@$(BIN)/python -m load_tests.packaged

.PHONY: test-tracing
test-tracing: $(TOOLS) $(TRACING) ## Tell a collector of requests, and say what it costs a save
	@$(BIN)/pytest -n0 -p no:randomly -rA tests/test_tracing.py
	@$(BIN)/python -m load_tests.tracing

.PHONY: recovery
recovery: $(TOOLS) ## Lose the machine on purpose: what is lost, and how long it takes (DATABASE, ATTEMPTS)
	@$(BIN)/python -m load_tests.recovery $(if $(DATABASE),--database $(DATABASE)) \
		$(if $(ATTEMPTS),--attempts $(ATTEMPTS))

.PHONY: format
format: $(TOOLS) ## Lay out the code as `check` wants it
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: codes
codes: $(TOOLS) ## Write the table of refusals into docs/api.md
	@$(BIN)/python -m tests.api_guide

.PHONY: lock
lock: ## Write the lock files from pyproject.toml; UPGRADE=1 for the newest versions
	@./environment.sh lock "$(PYTHON)" $(if $(UPGRADE),--upgrade)

$(RUNTIME):
	@./environment.sh install "$(PYTHON)" requirements.lock $@

$(TRACING): $(RUNTIME)
	@./environment.sh install "$(PYTHON)" requirements-tracing.lock $@ $(RUNTIME)

$(WEB): $(RUNTIME)
	@./environment.sh apps "$(PYTHON)" build && rm -f server/web/built/sources-* && touch $@

$(TOOLS):
	@./environment.sh install "$(PYTHON)" requirements-dev.lock $@ $(RUNTIME)
