# Works with GNU make 3.81 (macOS) and newer. Every target sets up what it needs.

PYTHON ?= python3
VENV := .venv
VENV_PYTHON := $(VENV)/bin/python

# The name of a stamp holds a checksum of the lock file, so a checkout or a copy of the folder installs nothing again.
BOOK_READY := $(VENV)/bok-$(shell cksum < requirements.txt | tr -d ' ').ok
TEST_READY := $(VENV)/test-$(shell cat requirements.txt requirements-test.txt | cksum | tr -d ' ').ok

# Exact versions, known bytes, and nothing compiled here: a machine needs no more than Python.
PIP_INSTALL := $(VENV_PYTHON) -m pip install --disable-pip-version-check --require-hashes --only-binary :all:
PIP_LOG := $(VENV)/installering.log

# $(call install,options): pip's chatter goes to a log; on the screen a line for every 25 packages, and what went wrong.
install = { $(PIP_INSTALL) $(1) 2>&1 || echo STOPPET; } | tee $(PIP_LOG) | awk ' \
	/^(Collecting|Processing) / && ++n % 25 == 0 { printf "    %d pakker hentet\n", n } \
	/^Installing collected/ { printf "    %d pakker hentet; pakker ut\n", n } \
	/^ERROR/ { print "    " $$0 } \
	/^STOPPET/ { stopped = 1 } \
	END { if (stopped) print "Installeringen stoppet. Første gang trengs nett. Hele loggen: $(PIP_LOG)"; exit stopped }'

UV := uv==0.13.9
LOCK := $(VENV_PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--only-binary :all: --no-emit-index-url --custom-compile-command 'make lock'

# A chapter's kernel finds `analysis` from the root, wherever the chapter lies.
export PYTHONPATH := $(CURDIR)
export PYTHONUTF8 := 1

.PHONY: help book check utgave test bench lint lock clean

help: ## vis denne oversikten
	@echo 'Bruk: make <mål>'
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-6s %s\n", $$1, $$2 }' Makefile

book: $(BOOK_READY) ## bygg nettsted, PDF-er og nøkkeltall i reports/
	@$(VENV_PYTHON) -m publishing build

check: $(BOOK_READY) ## kontroller dataene, uten å bygge
	@$(VENV_PYTHON) -m publishing check

utgave: $(BOOK_READY) ## bygg, og frys utgaven som book/utgave.yml navngir, i utgaver/
	@$(VENV_PYTHON) -m publishing freeze

test: $(TEST_READY) ## bygg det som er endret, og kjør alle tester
	@$(VENV_PYTHON) -m publishing build
	@$(VENV_PYTHON) -m pytest tests _build/executed --nbval --nbval-current-env --nbval-cell-timeout 120

bench: $(TEST_READY) book ## mål hvor mye hver side veier i nettleseren
	@$(VENV_PYTHON) benchmarks/page_weight.py

lint: $(TEST_READY) ## kontroller kodestilen
	@$(VENV_PYTHON) -m ruff check .
	@$(VENV_PYTHON) -m ruff format --check .

lock: $(BOOK_READY) ## lås versjonene på nytt etter en endring i requirements*.in
	@$(VENV_PYTHON) -m pip install --disable-pip-version-check --quiet '$(UV)'
	@$(LOCK) $(LOCK_OPTIONS) requirements.in -o requirements.txt
	@$(LOCK) $(LOCK_OPTIONS) requirements-test.in -o requirements-test.txt

clean: ## fjern alt mellomlagret; .venv/ og reports/ blir stående
	@rm -rf _build .pytest_cache .ruff_cache .hypothesis

$(BOOK_READY): requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Trenger Python 3.11 eller nyere. «$(PYTHON)» er $$($(PYTHON) --version 2>/dev/null || echo 'ikke på denne maskinen')." >&2; \
		echo 'Installer en nyere, eller pek på en annen, for eksempel slik: make $(MAKECMDGOALS) PYTHON=python3.12' >&2; exit 1; }
	@echo 'Gjør klar .venv/ med det boken trenger. Det tar et minutt eller to, og bare første gang.'
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo 'Fikk ikke laget .venv/. På Debian og Ubuntu må pakken python3-venv være installert.' >&2; exit 1; }
	@$(call install,-r requirements.txt)
	@touch $@

$(TEST_READY): $(BOOK_READY) requirements-test.txt
	@echo 'Legger til det testene trenger.'
	@$(call install,-r requirements.txt -r requirements-test.txt)
	@touch $@
