# Everything runs through .venv/bin/python -m: the script of a tool may name a Python whose path
# has a space or has moved. Names here are relative, because make splits names at spaces.
PYTHON := .venv/bin/python
export UV_PYTHON_DOWNLOADS := never
export UV_SYSTEM_CERTS := 1
PO := $(wildcard counselhub/translations/*/LC_MESSAGES/*.po)
STATIC := $(if $(wildcard static),$(shell find static -type f ! -name '*.gz' ! -name '*.br'))

.PHONY: setup venv run test test-stripe check format migration bench mutants screenshots words lock
.DELETE_ON_ERROR:

setup: venv $(PO:.po=.mo) $(if $(STATIC),.venv/.compressed)

venv:
	@sh tools/setup.sh

# Order only: a fresh venv is no reason to compile again.
%.mo: %.po | venv
	$(PYTHON) -m babel.messages.frontend compile --input-file $< --output-file $@
	@test -f $@ || { echo "$<: remove 'fuzzy' from its header, pybabel skips such a file" >&2; exit 1; }

# whitenoise writes .gz and .br beside each file; git ignores them.
.venv/.compressed: $(STATIC) | venv
	$(PYTHON) -m whitenoise.compress --quiet static
	@touch $@

run: setup
	@exec $(PYTHON) -m counselhub.core.serve

test: setup
	$(PYTHON) -m tests.browser.chromium
	$(PYTHON) -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The cases of paying by card at Stripe's test mode; needs a key of it, as it says without one.
test-stripe: setup
	@$(PYTHON) -m tests.stripe

check: setup
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(PYTHON) -m mypy
	$(PYTHON) .venv/bin/lint-imports --no-logo
	$(PYTHON) -m counselhub.schema check

format: setup
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

migration: setup
	@test -n "$(m)" || { echo 'Say what it does: make migration m="add a column"' >&2; exit 1; }
	$(PYTHON) -m counselhub.schema new "$(m)"

words: setup
	$(PYTHON) -m tools.words

bench: setup
	$(PYTHON) -m tools.bench $(part)

# Breaks isolation on purpose; ends within 15 minutes.
mutants: setup
	$(PYTHON) -m tools.mutants

screenshots: setup
	$(PYTHON) -m tests.browser.chromium
	$(PYTHON) -m tools.screenshots

# uv.lock names download addresses, the exported file only versions and hashes.
# Not after setup: a dependency that is not locked yet cannot be installed.
lock:
	@test -x $(PYTHON) || sh tools/setup.sh
	$(PYTHON) -m uv lock --quiet
	$(PYTHON) -m uv export --quiet --format requirements-txt \
		--no-emit-project --all-extras --no-header --no-annotate --output-file requirements.lock
	rm -f uv.lock
