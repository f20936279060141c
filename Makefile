# `make book` builds the book, `make check` proves an edit, `make test` proves all of it.
.DEFAULT_GOAL := book
.PHONY: book check test audit lighthouse links memory robust whole unit nbval notebooks release bench speedup lint clean environment
SHELL := /bin/sh
# A reader's own choice of where figures go would keep them out of the notebooks.
unexport MPLBACKEND
PYTHON ?= python3
# Paths are relative: a folder whose name has a space is no trouble.
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
# Exact versions; `make test CONSTRAINTS=` takes the newest ones that the ranges of pyproject.toml allow.
CONSTRAINTS ?= constraints.txt

PYTEST := $(BIN)/python -m pytest
BUILD := $(BIN)/jupyter-book build . -W --keep-going -n
NBVAL := PYTHONPATH=tests/notebooks $(PYTEST) -p nbval_tolerance --nbval --nbval-current-env
# What needs no built book. It comes first: a typo is found in the first minute.
QUICK := tests/site/test_workflows.py tests/notebooks/test_notebooks.py \
  $(patsubst %,tests/unit/test_%.py,prose notation terms documents)

environment:
	@command -v "$(PYTHON)" >/dev/null || { echo "There is no $(PYTHON). Name a Python that is there: make PYTHON=..."; exit 1; }
	@"$(PYTHON)" tools/environment.py --constraints "$(CONSTRAINTS)" $(if $(filter file,$(origin PYTHON)),,--named)

book: environment
	$(BIN)/jupyter-book build .
	@echo "The site is at $$(pwd)/_build/html/index.html"

lint: environment
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The first steps of both: a browser is there, the code is clean, the words and notebooks are right; then the book is
# built without a warning, and the notebooks are compared with the runs that made its pages.
define BUILT
@$(BIN)/python tests/site/browser.py
$(BIN)/ruff check .
$(BIN)/ruff format --check .
$(PYTEST) -q -n 2 --dist worksteal $(QUICK)
$(BUILD)
$(NBVAL) -q -p build_runs chapters
endef

# After an edit: the tests of the code and the pages that changed since they last passed.
check: environment
	$(BUILT)
	TESTMON_DATAFILE=_build/.testmondata $(PYTEST) -q -n 2 --dist worksteal --testmon --testmon-forceselect $(addprefix --ignore=,$(QUICK)) tests/unit
	PYTHONPATH=tests/site $(PYTEST) -q -n 2 --dist loadgroup -p changed tests/site _ext/ledger/tests

# Everything that is claimed of the book.
test: environment
	$(BUILT)
	$(PYTEST) -n 2 --dist loadgroup $(addprefix --ignore=,$(QUICK))

unit: environment
	$(PYTEST) -n 2 --dist worksteal tests/unit

# The notebooks, run by kernels of their own.
nbval: environment
	$(NBVAL) -n 2 --dist loadfile chapters

notebooks: environment
	$(BIN)/python -m sphinx_ledger.notebooks

# One zip that opens without a server and one PDF of the whole book, into _build/release.
release: environment
	@$(BIN)/python tests/site/browser.py
	$(BUILD)
	PYTHONPATH=_ext/site $(BIN)/python tools/release.py

# What only the benchmarks compare with is installed when they first run.
bench: environment
	@$(BIN)/python -c "import skorch, statsmodels" 2>/dev/null || $(BIN)/python -m pip install --quiet \
	  --disable-pip-version-check $(if $(CONSTRAINTS),--constraint "$(CONSTRAINTS)") --editable ".[bench]"
	$(BIN)/python benchmarks/bench.py

# Two processes against one, on two cores with nothing else to do: benchmarks/speedup.json and .md.
speedup: environment
	$(BIN)/python benchmarks/speedup.py

# What takes too long for every change: once a week, and before a release.
audit: environment
	$(BUILD)
	$(MAKE) --keep-going lighthouse memory robust nbval whole links release

# Lighthouse on every page of the built site. It needs the network once, to install Lighthouse.
lighthouse: environment
	$(BIN)/python tests/site/audit/audit.py

# Every link to another site, asked over the network.
links: environment
	$(BIN)/jupyter-book build . --builder linkcheck --keep-going

# Every notebook in an environment like Binder's, and how much memory it takes: benchmarks/memory.json.
memory: environment
	$(BIN)/python benchmarks/memory.py

# Every chapter that trains, under changes of rounding: which claims hold in all of them? benchmarks/robust.json.
robust: environment
	$(BIN)/python benchmarks/robust.py

# The PDF of the whole book, and all pages opened as files.
whole: environment
	$(PYTEST) -n 2 --dist loadgroup -m audit tests

clean:
	rm -rf _build
