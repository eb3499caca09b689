PYTHON ?= python3
BIN := .venv/bin
ROOMS := $(addprefix tests/,numbers pictures live training_room exercises)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help lecture test check fuzz budget bench notebooks lint standalone html pdf slides handout collect site platforms release lock clean

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' Makefile | expand -t 12

lecture: .venv/.lecture ## set up, then open JupyterLab on the notebooks (PROJECTOR=yes: large type)
	@PROJECTOR="$(PROJECTOR)" $(BIN)/python -m tools.lecture notebooks

test: lint ## set up, the browser too, then every check (PYTEST_ARGS="-k name")
	@$(BIN)/python -m tools.browser
	$(BIN)/python -m pytest -n 2 --dist loadscope $(PYTEST_ARGS)

check: lint ## set up, then lint and the package's own tests, in less than a minute
	$(BIN)/python -m pytest -n 2 --dist loadscope -m "anywhere and not slow" lecture_utils $(ROOMS)

fuzz: .venv/.test ## set up, then a thousand drawn cases for everything that takes input
	FUZZ=long $(BIN)/python -m pytest -n 2 -m "" tests/fuzz

budget: $(BIN)/python ## how many lines of code each room of the package has and may have
	@$(BIN)/python -m tools.budget

bench: .venv/.bench .venv/.site ## set up, then measure against the peers: one table of ratios
	@$(BIN)/python -m benchmarks

notebooks: .venv/.test ## set up, then execute and clean every notebook in place; the glossary
	@$(BIN)/python -m tools.notebooks
	@$(BIN)/python -m tools.glossary

lint: .venv/.test ## set up, then ruff over .py and .ipynb, oxlint and oxfmt over .js
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check
	$(BIN)/oxlint --deny-warnings lecture_utils tests tools/alive tools/lab tools/pyodide
	$(BIN)/oxfmt --check "lecture_utils/**/*.js" "tests/**/*.js" "tools/alive/*.js" "tools/lab/**/*.js" "tools/pyodide/*.mjs"

standalone: .venv/.lecture ## dist/standalone: each notebook as one file for Colab, Kaggle, a mail
	@$(BIN)/python -m tools.standalone

html: .venv/.lecture ## dist/html: each notebook as a page, pictures instead of controls
	@$(BIN)/python -m tools.pages html

pdf: .venv/.test ## dist/pdf: the pages printed, answers unfolded
	@$(BIN)/python -m tools.pages pdf

slides: .venv/.test ## dist/slides: each notebook as slides, shown by any browser without a network
	@$(BIN)/python -m tools.slides

handout: .venv/.lecture ## dist/handout.zip for students (SOLUTIONS=no HUB= REPOSITORY= BRANCH=)
	@SOLUTIONS="$(SOLUTIONS)" $(BIN)/python -m tools.handout "$(HUB)" "$(REPOSITORY)" "$(or $(BRANCH),main)"

collect: .venv/.lecture ## dist/collected: verdicts on what a class handed in (FOLDER=handed-in)
	@$(BIN)/python -m tools.collect $(and $(FOLDER),"$(FOLDER)")

site: .venv/.lecture .venv/.site ## dist/site: the series with Python in the page, and as pages
	@$(BIN)/python -m tools.site

platforms: .venv/.test .venv/.site ## the tests elsewhere (PLATFORMS="newest colab kaggle notebook frameworks browser hub")
	@$(BIN)/python -m tools.platforms $(PLATFORMS)

release: .venv/.lock ## dist/release: wheel and sdist, and a notebook run against the wheel
	@$(BIN)/python -m tools.release

lock: .venv/.lock ## lock.txt anew: the exact versions that all of the above install
	@$(BIN)/python -m uv pip compile pyproject.toml --all-extras --universal --upgrade --quiet \
		--no-annotate --no-emit-index-url --custom-compile-command "make lock" -o lock.txt

clean: ## remove what was made, .venv too; sweeps and what has a .git of its own stay
	rm -rf .venv artifacts .pytest_cache .ruff_cache .hypothesis
	@[ ! -d dist ] || find dist -mindepth 1 -maxdepth 1 ! -name sweeps ! -exec test -e {}/.git \; \
		-exec rm -rf {} +

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo >&2 \
	"Python must be >= 3.11, got $$($(PYTHON) -V 2>&1 | tail -n 1); try PYTHON=python3.13 as argument"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo >&2 \
	"$(PYTHON) must have venv and ensurepip, it has not; try apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv --clear .venv

# JupyterLite's extensions would show in JupyterLab: an environment of its own.
.venv/.site: pyproject.toml lock.txt | $(BIN)/python
	@echo "Installing into .venv/site what make site needs (once) ..."
	@$(PYTHON) -m venv --clear .venv/site
	@.venv/site/bin/python -m pip install --quiet --disable-pip-version-check -c lock.txt -e '.[site]'
	@touch $@

# Made again when the versions may have changed; else a start costs nothing.
.venv/.%: pyproject.toml lock.txt | $(BIN)/python
	@echo "Installing into .venv what make $* needs (once, some minutes) ..."
	@$(PIP) -c lock.txt -e '.[$*]'
	@touch $@
