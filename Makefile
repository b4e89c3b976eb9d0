# Sunshine: `make run` serves the demo city, `make test` proves the program. Both set themselves up.
.PHONY: help run test check bench lock messages screenshots clean
PY := .venv/bin/python
# Compiled modules are kept, but not among the sources; every process that tests start would compile them anew.
unexport PYTHONDONTWRITEBYTECODE
export PYTHONPYCACHEPREFIX ?= $(CURDIR)/var/pycache

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run:  ## set up, mirror the demo city (or SITE=my-city.toml) and serve it; Ctrl-C stops
	@scripts/setup run
	@exec $(PY) server.py --all

test: check  ## set up what tests need, then lint, types, contracts and all tests
	@$(PY) -m pytest -n 3 --dist loadscope --no-loadscope-reorder

check:  ## lint, types and import contracts alone
	@scripts/setup test
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-cache

bench:  ## every figure the README claims, as ratios within one run
	@scripts/setup bench
	@BENCH_MINUTES=$${BENCH_MINUTES:-5} $(PY) -m bench --json var/bench.json --picture docs/images/bench.svg

lock:  ## write requirements*.txt anew from requirements*.in
	@for name in requirements requirements-test requirements-bench; do \
	  PIP_FIND_LINKS= uv pip compile --universal --generate-hashes --python-version 3.11 --quiet --upgrade \
	    --no-emit-index-url --custom-compile-command "make lock" $$name.in -o $$name.txt || exit 1; done

messages:  ## collect the sentences of the program into the catalogues
	@$(PY) scripts/messages.py

screenshots:  ## draw the pictures of the README from the running program
	@scripts/setup test
	@$(PY) scripts/screenshots.py

clean:  ## remove the virtual environment and the private data
	rm -rf .venv var
