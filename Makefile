# Two commands do everything: `make book` and `make test`. Python 3.11 or newer is all they need.
.DEFAULT_GOAL := book
.PHONY: book test audit lighthouse links memory unit nbval notebooks release bench lint clean environment
SHELL := /bin/sh
# A reader's own choice of where figures go would keep them out of the notebooks.
unexport MPLBACKEND
PYTHON ?= python3
# Paths are relative: a folder whose name has a space is no trouble.
BIN := .venv/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
STAMP := .venv/installed
# Exact versions; `make test CONSTRAINTS=` takes the newest ones that the ranges of pyproject.toml allow.
CONSTRAINTS ?= constraints.txt

environment:
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "This book needs Python 3.11 or newer, found $$("$(PYTHON)" --version 2>&1). Name another: make PYTHON=python3.12 ..."; exit 1; }
	@want="$$(cat pyproject.toml constraints.txt | cksum) $(CONSTRAINTS) $$(pwd)"; \
	if [ "$$(cat $(STAMP) 2>/dev/null)" != "$$want" ]; then \
	  echo "Setting up .venv (once; a few minutes)"; \
	  rm -rf .venv && "$(PYTHON)" -m venv .venv && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(CONSTRAINTS),-c $(CONSTRAINTS)) -e ".[book,test]" && \
	  printf '%s\n' "$$want" > $(STAMP); \
	fi

book: environment
	$(BIN)/jupyter-book build .
	@echo "The site is at $$(pwd)/_build/html/index.html"

# The book must build without a warning, then everything that it says is tested.
test: environment
	@$(BIN)/python tests/site/browser.py
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/jupyter-book build . --all -W --keep-going -n
	$(BIN)/python -m pytest -n 2 --dist loadfile tests
	PYTHONPATH=tests/notebooks $(BIN)/python -m pytest -n 2 --dist loadfile -p nbval_tolerance --nbval --nbval-current-env chapters

unit: environment
	$(BIN)/python -m pytest -n 2 --dist loadfile tests/unit

nbval: environment
	PYTHONPATH=tests/notebooks $(BIN)/python -m pytest -n 2 --dist loadfile -p nbval_tolerance --nbval --nbval-current-env chapters

notebooks: environment
	PYTHONPATH=_ext $(BIN)/python -m mlfa_book.notebooks

# One zip that opens without a server and one PDF of the whole book, into _build/release.
release: environment
	@$(BIN)/python tests/site/browser.py
	$(BIN)/jupyter-book build . -W --keep-going
	PYTHONPATH=_ext $(BIN)/python -m mlfa_book.release

bench: environment
	$(BIN)/python benchmarks/bench.py

# Lighthouse on every page of the built site. It needs the network once, to install Lighthouse.
lighthouse: environment
	$(BIN)/python tests/site/audit/audit.py

# Every link to another site, asked over the network.
links: environment
	$(BIN)/jupyter-book build . --builder linkcheck --keep-going

# Every notebook in an environment like Binder's, and how much memory it takes: benchmarks/memory.json.
memory: environment
	$(BIN)/python benchmarks/memory.py

audit: lighthouse memory links

lint: environment
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf _build
