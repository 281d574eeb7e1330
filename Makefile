# `make demo` opens a clinic of invented people, `make test` runs every check of the project. Both need Python 3.11 or newer with pip.
.DEFAULT_GOAL := help
.PHONY: help demo test words soak bench lock clean
SHELL := /bin/sh
# Where nothing compiled may be kept, each of the many programs that a run of the tests starts compiles all of it anew.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/build.txt requirements/run.txt
# A stamp carries the checksum of what was installed from: the same locks install nothing again, and need no network.
RUN := $(VENV)/.run-$(shell cat pyproject.toml $(LOCKS) | cksum | tr ' ' '-')
DEV := $(VENV)/.dev-$(shell cat pyproject.toml $(LOCKS) requirements/dev.txt | cksum | tr ' ' '-')
# Debian keeps ensurepip apart: where the environment has no pip of its own, that of the system installs into it.
PIP = { [ -x $(BIN)/pip ] && pip="$(BIN)/python -m pip" || pip="$$(cat $(VENV)/.base) -m pip --python $(BIN)/python"; \
	PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $$pip install --quiet $(1); }

help:
	@echo 'make demo    install into .venv and open a clinic of invented people'
	@echo 'make test    style, layers, facts and tests'
	@echo 'make words   write new words into the languages, and list what is not translated'
	@echo 'make soak    branch coverage, long tests, mutations'
	@echo 'make bench   measured claims, one program each'
	@echo 'make lock    renew requirements/*.txt from pyproject.toml'
	@echo 'make clean   remove .venv and every cache'

demo: $(RUN)
	@$(BIN)/waterneedle demo

test: $(DEV)
	@[ "$$(id -u)" -ne 0 ] || tools/install_test_programs.sh
	@$(BIN)/ruff check --quiet --output-format concise .
	@$(BIN)/lint-imports >$(VENV)/imports.log 2>&1 || { cat $(VENV)/imports.log; exit 1; }
	@$(BIN)/waterneedle knowledge check
	@$(BIN)/python -m pytest -n 2 -m "not soak" --ignore=tests/clinic
	@echo 'The clinic on SQLite:' && $(BIN)/python -m pytest -n 2 -m "not soak" tests/clinic --ignore=tests/clinic/journeys
	@echo 'The clinic on PostgreSQL:' && WATERNEEDLE_TEST_ENGINE=postgresql \
		$(BIN)/python -m pytest -n 2 -m "not soak" tests/clinic --ignore=tests/clinic/journeys
	@echo 'Journeys in a browser:' && $(BIN)/python -m pytest -n 2 -m "not soak" tests/clinic/journeys

words: $(RUN)
	@$(BIN)/python -m tools.messages

soak: $(DEV)
	@$(BIN)/coverage run --branch --source=waterneedle -m pytest -m "not soak"
	@for package in safety dosage knowledge; do echo "$$package, branches included:"; \
		$(BIN)/coverage report --skip-covered --show-missing --fail-under=95 --include="waterneedle/$$package/*" || exit 1; done
	@$(BIN)/python -m pytest -m soak || [ $$? -eq 5 ]
	@for program in bench/mutation.py bench/mutation_visits.py $(wildcard bench/fuzz.py); do $(BIN)/python $$program || exit 1; done

bench: $(DEV)
	@echo 'The first time bench/visits.py makes a clinic of a million injections: some minutes, and 1.5 GB in the folder of caches.'
	@missed=''; for program in $(filter-out bench/mutation.py bench/mutation_visits.py bench/fuzz.py,$(wildcard bench/*.py)); do echo "$$program"; \
		$(BIN)/python $$program || missed="$$missed $$program"; done; \
	[ -z "$$missed" ] || { echo "Figures were not reached in:$$missed" >&2; exit 1; }

$(VENV)/.base:
	@for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$name; break; fi; done; \
	if [ -z "$$found" ]; then echo 'Waterneedle needs Python 3.11 or newer; none was found as python3.' >&2; exit 1; fi; \
	rm -rf $(VENV); \
	$$found -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); $$found -m venv --without-pip $(VENV); } || exit 1; \
	if [ ! -x $(BIN)/pip ] && ! $$found -m pip --version >/dev/null 2>&1; then \
		rm -rf $(VENV); echo "Waterneedle needs pip: neither $$found -m venv nor $$found -m pip has it." >&2; exit 1; fi; \
	command -v $$found >$@

$(RUN): $(VENV)/.base
	@$(call PIP,--require-hashes $(addprefix -r ,$(LOCKS)))
	@$(call PIP,--no-deps --no-build-isolation --editable .)
	@rm -f $(VENV)/.run-* && touch $@

$(DEV): $(RUN)
	@$(call PIP,--require-hashes -r requirements/dev.txt)
	@rm -f $(VENV)/.dev-* && touch $@

lock: export CUSTOM_COMPILE_COMMAND = make lock
lock: $(VENV)/.base
	@$(call PIP,pip-tools)
	@listed() { $(BIN)/python -c "import tomllib; f = tomllib.load(open('pyproject.toml', 'rb')); print(*($$1), sep='\n')"; }; \
	locked() { $(BIN)/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-annotate \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file "$$@" -; }; \
	listed "f['build-system']['requires'] + ['editables']" | locked requirements/build.txt && \
	listed "f['project']['dependencies'] + f['project']['optional-dependencies']['clinic']" | locked requirements/run.txt && \
	listed "f['dependency-groups']['dev'] + [p for e in ('registry', 'spark') for p in f['project']['optional-dependencies'][e]]" | locked requirements/dev.txt --constraint requirements/run.txt

clean:
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage*
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
