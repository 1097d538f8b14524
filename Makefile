# Every verb works on a fresh checkout: it makes the virtual environment first if it is not there.
#   make install   the environment, with pinned versions
#   make serve     the node at http://127.0.0.1:8000
#   make demo      the main job on a real gene list
#   make test      style, types, import rules and all tests
#   make bench     every figure the docs claim, as ratios
#   make packs     rebuild the starter packs from the raw tables in ../shared/data
#   make soak      the promise of gscs over 200,000 random lists a row; the server under 100,000 hostile requests and
#                  500 requests an operation made from its OpenAPI document (SEED=2 for other ones)
#   make models    fit the shipped models again from ../shared/data
#   make pictures  draw the pictures of the pages in docs/images again
#   make clean     remove the environment and all caches

PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
JOBS ?= 2
SEED ?= 1

.PHONY: install serve demo test lint browser tabix tables bench packs models pictures soak clean
.DEFAULT_GOAL := install

install: $(READY)

$(READY): pyproject.toml constraints.txt
	@test -n "$(PYTHON)" || { echo "lifenode needs Python 3.11 or newer; install python3 and try again." >&2; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) 2>/dev/null || { \
	  echo "Adding the system package python3-venv ..." >&2; \
	  { apt-get update -qq && apt-get install -y -qq python3-venv; } >/dev/null 2>&1 && $(PYTHON) -m venv --clear $(VENV); } || { \
	  echo "This Python has no venv module; install the package python3-venv and try again." >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt pip
	PIP_CONSTRAINT=constraints.txt $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[all]' --group dev
	@touch $@

serve: install
	$(BIN)/lifenode serve

demo: install
	$(BIN)/lifenode enrich examples/inflammatory_response.txt --organism hsapiens --highlight --top 12 --format table \
	  --plot inflammatory_response.svg

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The pages are tested in the system's own Chromium; where it cannot be had, those tests are skipped and say so.
browser:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "Adding the system package chromium ..." >&2; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1; } || \
	  echo "Chromium is missing and could not be installed: tests of the pages in a browser will be skipped." >&2

# What reads original files from a node in tests, and what the benchmark of the eQTL catalogue compares with.
tabix:
	@command -v tabix >/dev/null && test -e /usr/lib/*/htslib/hfile_libcurl.so || { \
	  echo "Adding the system packages tabix and libhts3 ..." >&2; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends tabix libhts3; } >/dev/null 2>&1; } || \
	  echo "tabix is missing and could not be installed: what needs it will be skipped." >&2

# HDF5 tables, which the eQTL Catalogue's own API keeps, for the system's Python: a peer in a benchmark.
tables:
	@/usr/bin/python3 -c 'import tables' 2>/dev/null || { \
	  echo "Adding the system package python3-tables ..." >&2; \
	  { apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-tables; } >/dev/null 2>&1; } || \
	  echo "PyTables is missing and could not be installed: the benchmark leaves it out." >&2

pictures: install
	$(BIN)/python -m docs.make_pictures

test: lint browser tabix
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

bench: install tabix tables
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group bench
	@for each in benchmarks/bench_*.py; do echo "== $$each"; $(BIN)/python $$each || exit 1; done

packs: install
	$(BIN)/python -m lifenode.packs.recipes.starter ../shared/data/annotation src/lifenode/packs/starter
	$(BIN)/python -m lifenode.enrichment.grid src/lifenode/packs/starter/*/

models: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt --group models
	@for each in models/*_editing/fit.py models/*_repair/fit.py; do echo "== $$each"; $(BIN)/python $$each ../shared/data/editing || exit 1; done
	@for each in plain publications matter matter_publications; do echo "== edam $$each"; $(BIN)/python models/edam/fit.py ../shared/data/edam $$each || exit 1; done
	$(BIN)/python models/edam/roles.py ../shared/data/edam

soak: install
	$(BIN)/python benchmarks/http_fuzz.py --count 100000 --seed $(SEED)
	LIFENODE_TEST_EXAMPLES=500 $(BIN)/python -m pytest tests/web/api/test_schema.py --hypothesis-seed=$(SEED)
	$(BIN)/python benchmarks/bench_family_wise_error.py --lists 200000 --whole-calls 5000

clean:
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
