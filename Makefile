# `make run` and `make test` start from a bare machine with Python 3.11 or newer, git and make.
PYTHON := $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$name >/dev/null 2>&1 && $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	&& { command -v $$name; break; }; done)
VENV_PYTHON := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: help python run test check build venv lock bench cluster faults screenshots

help: ## say what there is
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is missing: install it and start again." >&2; exit 2; }

run: python ## start the site with clerk and local payment server (PORT=8000)
	@$(PYTHON) .ci/prepare.py run
	@exec $(VENV_PYTHON) .ci/serve.py

test: venv ## run every test, on SQLite and PostgreSQL, with Redis and Chromium
	@exec $(VENV_PYTHON) .ci/test.py $(STAGES)

faults: venv ## try for an hour to break it: faults, a million simulated auctions, a million frames
	@exec $(VENV_PYTHON) .ci/faults.py $(STAGES)

check: venv ## format, lint, types, import contracts, templates, translations, shape
	@exec $(VENV_PYTHON) .ci/check.py

build: python ## bundle scripts and styles, compile translations
	@$(PYTHON) .ci/prepare.py run

venv: python ## bring the packages for work on the code
	@$(PYTHON) .ci/prepare.py test

lock: venv ## write requirements*.txt and package-lock.json anew from what is asked for
	@exec $(VENV_PYTHON) .ci/lock.py

screenshots: venv ## take a picture of every page at 390 and 1280 px into var/screenshots (PAGES="lot mine")
	@exec $(VENV_PYTHON) .ci/screenshots.py $(PAGES)

bench: venv ## measure beside peers, JSON lines on stdout (NAME=bids|fanout|e2e|storm|closing|log|panorama|all SITE=cluster)
	@BENCH_SITE=$(SITE) exec $(VENV_PYTHON) .ci/bench.py $(NAME)

cluster: venv ## start the production shape: nginx, 2 web, 2 clerks, PostgreSQL, Redis (PORT=8443)
	@exec $(VENV_PYTHON) .ci/cluster.py
