# Works with GNU make 3.81 (macOS) and newer. What each target does, and what it sets up first, is in kjor.py, which runs
# without make as well: python kjor.py <target>.

PYTHON ?= python3
TARGETS := help book check utgave ny-rapport ny-kommune test bench lint lock audit clean endringer preview statistikk edit skjema hent verdier

.PHONY: $(TARGETS)
.DEFAULT_GOAL := help

# Variables given to make (FIL=…) reach kjor.py in the environment.
$(TARGETS):
	@command -v '$(PYTHON)' >/dev/null || { \
		echo 'Trenger Python 3.11 eller nyere. «$(PYTHON)» er ikke på denne maskinen.' >&2; \
		echo 'Installer en nyere, eller pek på en annen, for eksempel slik: make $@ PYTHON=python3.12' >&2; exit 1; }
	@'$(PYTHON)' kjor.py $@
