# make demo    see it work: a clinic, a terminal, and one address to open in a browser
# make test    every check: ruff, mypy, import-linter, pytest (Chromium included)
VENV ?= .venv
PYTHON ?= python3
BIN = $(VENV)/bin
export PYTHON

.PHONY: help setup demo test lint vendor lock screens bench bench-device bench-arm64 bench-card image

help:
	@sed -n 's/^# make/  make/p' Makefile

setup:
	@tools/setup $(VENV)

demo: setup
	@$(BIN)/kiosk demo $(ARGS)

test: setup lint vendor
	$(BIN)/python -m pytest $(ARGS)

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# make vendor   the platform vendor's browser client, for the tests: fetched and bundled into build/vendor
vendor: setup
	@$(BIN)/python -m tests.vendor.bundle

# make screens  every screen as a PNG in build/screens
screens: setup
	$(BIN)/kiosk screens --out build/screens

# make bench    the terminal beside Chromium: every figure, or parts by name (ARGS="latency loss")
bench: setup
	@$(BIN)/python -m tests.benchmarks.compare $(ARGS)

# make image    the SD card's image for a virtual machine, in build/image (as root; image/README.md)
image: setup
	@$(BIN)/python -m image.sandbox.build $(ARGS)

# make bench-device  the terminal's own system on a real kernel with virtual devices, through a consultation
bench-device: setup
	@$(BIN)/python -m tests.device_bench $(ARGS)

# make bench-card  the built card in a virtual terminal: updates with the plug pulled, ports, what is left on it
bench-card: setup
	@$(BIN)/python -m tests.card_bench $(ARGS)

# make bench-arm64  the card for the boards' own processor, started on an emulated machine (slow; image/README.md)
bench-arm64: setup
	@$(BIN)/python -m tests.device_bench.arm64 $(ARGS)

# make lock     write requirements.lock anew from pyproject.toml
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --upgrade --quiet --no-header --no-emit-index-url \
		--extra sound --extra clinic --extra provision --extra test --output-file requirements.lock
