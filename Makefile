PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help lecture test bench lint clean

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

lecture: $(VENV)/.lecture  ## set up, open JupyterLab on the notebooks
	$(BIN)/python -m tools.lecture notebooks

test: $(VENV)/.test  ## set up, then every check there is
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m pytest -n 2 --dist loadscope $(PYTEST_ARGS)

bench: $(VENV)/.test  ## one table of ratios, measured in one run
	$(BIN)/python -m benchmarks

lint: $(VENV)/.test  ## mend what ruff can mend, name the rest
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:  ## remove all that was made
	rm -rf $(VENV) dist artifacts .pytest_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo \
	  "Python must be 3.11 or newer, got $$($(PYTHON) -V 2>&1); try make PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo \
	  "venv must be there, it is not; try apt-get install python3-venv"; exit 1; }

# A stamp is older than pyproject.toml only if the versions may have changed.
$(VENV)/.lecture: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lecture]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[lecture,test]'
	@touch $@ $(VENV)/.lecture
