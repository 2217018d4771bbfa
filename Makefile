# Needs Python 3.11+, make and a package index; everything else is installed into .venv from requirements.lock.

.SILENT:
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed
PROJECTS := pyproject.toml $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
PACKAGES := $(patsubst %/pyproject.toml,%,$(wildcard libs/*/pyproject.toml services/*/pyproject.toml))
CODE := $(wildcard libs services tests)

# The interpreter is the one that is there, and a slow mirror is not an error.
export UV_PYTHON_DOWNLOADS := never
export UV_HTTP_TIMEOUT ?= 180
# On a terminal uv shows its progress; elsewhere a hundred lines of package names help nobody.
QUIET := $(shell [ -t 2 ] || echo --quiet)
SECONDS ?= 60
SEED ?= 7

say = echo '· $(1)'
# Modules, stubs and, for the comments in OpenAPI, the contracts themselves.
generate = cd proto && PATH="$$PWD/../$(BIN):$$PATH" && buf generate --output $(1) \
	&& buf build --path rapport --exclude-imports --output $(1)/../libs/wire/src/rapport/contracts.binpb

##@ Use

run: $(INSTALLED) ## Start Rapport here, with a demo tenant; Ctrl-C stops it and keeps the data
	exec $(BIN)/rapport up $(ARGS)

##@ Check

# Half of the tests' time is waiting: a second process uses it. ARGS="-n 0" gives one, for a debugger.
test: $(INSTALLED) ## Run the tests; ARGS goes to pytest, as in ARGS="-k etag"
	exec $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(INSTALLED) ## Style, types, import rules, contracts, generated code
	mkdir -p build
	$(call say,ruff)
	$(BIN)/ruff check --quiet $(CODE)
	$(BIN)/ruff format --quiet --check $(CODE)
	$(call say,mypy)
	$(BIN)/mypy --no-error-summary
	$(call say,import rules)
	$(BIN)/lint-imports --no-logo > build/imports.txt || { cat build/imports.txt; exit 1; }
	$(call say,contracts)
	cd proto && ../$(BIN)/buf lint --path rapport
	cd proto && ../$(BIN)/buf format --path rapport --diff --exit-code
	tag=$$(git describe --tags --abbrev=0 2>/dev/null) || exit 0; \
	cd proto && ../$(BIN)/buf breaking --path rapport --against "../.git#tag=$$tag,subdir=proto"
	$(call say,generated code)
	rm -rf build/generated && mkdir -p build/generated/proto
	$(call generate,../build/generated/proto)
	diff -r -x __pycache__ -x __init__.py -x py.typed build/generated/libs/wire/src libs/wire/src \
		|| { echo 'libs/wire differs from proto/: run make proto'; exit 1; }
	$(call say,services and migrations)
	$(BIN)/rapport check
	$(BIN)/rapport migrate --check

format: $(INSTALLED) ## Put code and contracts into shape
	$(BIN)/ruff check --quiet --fix $(CODE) || true
	$(BIN)/ruff format --quiet $(CODE)
	cd proto && ../$(BIN)/buf format -w --path rapport

##@ Measure

bench: $(INSTALLED) ## Measure against the bound; writes build/bench.json
	exec $(BIN)/python -m tests.load.bench $(ARGS)

chaos: $(INSTALLED) ## Kill processes for SECONDS under all kinds of writes, from SEED; every acknowledged write must be there
	exec $(BIN)/python -m tests.chaos --seconds $(SECONDS) --seed $(SEED) $(ARGS)

##@ Change

proto: $(INSTALLED) ## Generate libs/wire from proto/
	cd proto && ../$(BIN)/buf format -w --path rapport && ../$(BIN)/buf lint --path rapport
	$(call generate,.)

revision: $(INSTALLED) ## Write a migration: make revision S=contact M="add a birthday"
	[ -n "$(S)" ] && [ -n "$(M)" ] || { echo 'Say which service and what: make revision S=contact M="add a birthday"'; exit 2; }
	exec $(BIN)/rapport revision "$(S)" "$(M)"

lock: $(BIN)/uv ## Choose versions anew for all dependencies; ARGS="-P name" moves one package
	$(call say,choosing versions)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
		--no-emit-index-url --all-extras --group dev $(ARGS) $(PROJECTS) \
		$(foreach package,$(PACKAGES),--no-emit-package rapport-$(notdir $(package))) --output-file requirements.lock

clean: ## Remove what was built or installed here; the data of `make run` stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

##@ About

help: ## Show this
	awk 'BEGIN {FS = ":.*## "} \
		/^##@ / {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z]+:.*## / {printf "  %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run test lint format bench chaos proto revision lock clean help

$(BIN)/uv:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Rapport needs Python 3.11 or newer; say which one: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "$(PYTHON) cannot make virtual environments; on Debian or Ubuntu: apt install python3-venv"; exit 1; }
	$(call say,installing uv into .venv)
	$(PYTHON) -m venv .venv
	awk '/^[^ ]/ {wanted = /^uv==/} wanted' requirements.lock > .venv/uv.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt

# What pip is told about a company's mirror (pip.conf, PIP_INDEX_URL) holds for uv too, which does not read it.
$(INSTALLED): $(BIN)/uv requirements.lock $(PROJECTS)
	mkdir -p build
	$(call say,installing the locked packages)
	mirror=$$($(BIN)/python -m pip config list | sed -n "s/^[a-z:]*\.index-url='\(.*\)'$$/\1/p" | tail -n 1); \
	UV_DEFAULT_INDEX=$${UV_DEFAULT_INDEX:-$$mirror}; \
	if [ -n "$$UV_DEFAULT_INDEX" ]; then export UV_DEFAULT_INDEX; else unset UV_DEFAULT_INDEX; fi; \
	export VIRTUAL_ENV="$$PWD/.venv"; \
	$(BIN)/uv pip install --compile-bytecode $(QUIET) --require-hashes -r requirements.lock && \
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation $(patsubst %,-e %,$(PACKAGES))
	touch $@
