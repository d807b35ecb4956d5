# Vestibule's verbs. Each one sets up what it needs first; a second time that costs nothing.
# Works with GNU make 3.81 (macOS) and newer.

VENV := .venv
BIN := $(VENV)/bin
ARGS ?=
export PYTHON

WEB_APP := src/vestibule/edge/http/static/app/index.html
WEB_SOURCES := $(shell find web \( -path web/examples -o -name node_modules -o -name dist -o -name test -o -name tests \) -prune -o -type f ! -name '*.md' ! -name '*.test.*' -print) src/vestibule/protocol/methods.json

.DEFAULT_GOAL := help
.PHONY: help run test bench web examples screenshots check fmt lock clean setup

help:  ## What there is (this text)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/ready-run $(WEB_APP)  ## Start Vestibule with a gateway of your own; ARGS="--simulated" needs no OpenClaw
	@exec $(BIN)/vestibule up $(ARGS)

test: $(VENV)/ready-test $(WEB_APP)  ## Everything, with real OpenClaw gateways, PostgreSQL and a browser (needs npm once; ARGS="-k chat")
ifneq ($(ARGS),)
	@$(BIN)/python -m pytest $(ARGS)
else
	@npm --prefix web run --silent check
	@$(BIN)/python -m pytest -n 4 tests/protocol \
		--cov=vestibule.protocol --cov-branch --cov-fail-under=100 --cov-report=term-missing:skip-covered
	@$(BIN)/python -m pytest -n 4 --ignore=tests/protocol --durations=12
endif

web: $(WEB_APP)  ## Build the web app; the next start serves it

examples: web/node_modules/ready  ## Install and build the web examples (Vite; Next.js with Clerk): a minute
	@npm --prefix web run --silent examples

screenshots: $(VENV)/ready-test $(WEB_APP)  ## Take the README's pictures anew, on a real gateway
	@PYTHONPATH=src:tests $(BIN)/python -m browser.pictures

bench: $(VENV)/ready-test  ## Measure the road beside other relays (C compiler, nginx, strace); ARGS="pair --cells rpc200" for a part
	@$(BIN)/python -m bench $(or $(ARGS),all)

check: $(VENV)/ready-test web/node_modules/ready  ## Lint, types, import contracts and the quick tests: under a minute
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@npm --prefix web run --silent types --workspace app
	@$(BIN)/python -m pytest -q -n 4 -m "not openclaw and not browser and not postgres and not process and not road and not contract" $(ARGS)

fmt: $(VENV)/ready-test  ## Format, and mend what the linter can mend
	@$(BIN)/ruff check --fix --exit-zero
	@$(BIN)/ruff format

lock:  ## Write requirements/*.txt anew (needs uv; UPGRADE=1 moves versions, OPENCLAW=1 locks OpenClaw too)
	@tools/lock

setup: $(VENV)/ready-test  ## Only make .venv with everything in it

clean:  ## Remove .venv, the built web app and caches; your gateways' state and the OpenClaw cache stay
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage .coverage.* dist build
	rm -rf web/node_modules web/*/node_modules web/*/*/node_modules web/*/*/dist web/examples/*/.next $(dir $(WEB_APP))
	find src tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/ready-run: requirements/run.txt requirements/build.txt pyproject.toml tools/setup
	@tools/setup run

$(VENV)/ready-test: requirements/test.txt $(VENV)/ready-run
	@tools/setup test

web/node_modules/ready: web/package-lock.json tools/web
	@tools/web install

$(WEB_APP): $(WEB_SOURCES) web/node_modules/ready
	@tools/web build
