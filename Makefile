# Every target works alone on a fresh machine: it installs what it needs first.
#
#   make demo       build, and run a detector on a photograph (CFG= WEIGHTS= IMAGE=)
#   make test       build, and run the tests
#   make check      what CI runs: format, build without warnings, tests, the example package
#   make install    put the command into PREFIX/bin (/usr/local)

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.DEFAULT_GOAL := build

CONFIGURATION ?= release
PREFIX ?= /usr/local
SWIFT_BUILD := swift build -c $(CONFIGURATION)
PENUMBRA = $$($(SWIFT_BUILD) --show-bin-path)/penumbra
SOURCES := Package.swift Sources Tests Examples

# Debian's names; on macOS, Accelerate takes OpenBLAS's place and Homebrew has stb.
PACKAGES := libopenblas-dev libstb-dev pkg-config

.PHONY: setup build demo test check lint format golden docs install clean
.PHONY: test-asan test-tsan fuzz example

## Installs the system packages that are missing.
setup:
	@if ! command -v dpkg-query >/dev/null; then
	  echo "make: not a Debian system; needed here: OpenBLAS (Linux), the stb headers, pkg-config" >&2
	  exit 0
	fi
	missing=()
	for package in $(PACKAGES); do
	  dpkg-query -W -f '$${Status}' "$$package" 2>/dev/null | grep -q 'install ok installed' \
	    || missing+=("$$package")
	done
	if [ $${#missing[@]} -eq 0 ]; then exit 0; fi
	root=()
	if [ "$$(id -u)" -ne 0 ]; then root=(sudo); fi
	echo "make: installing $${missing[*]} $${root:+with sudo}" >&2
	"$${root[@]}" apt-get update -qq
	DEBIAN_FRONTEND=noninteractive "$${root[@]}" apt-get install -y -qq "$${missing[@]}" >/dev/null

build: setup
	@$(SWIFT_BUILD) --product penumbra
	echo "built $(PENUMBRA)"

## Runs the detector on a photograph and leaves an annotated picture in out/.
CFG ?=
WEIGHTS ?=
IMAGE ?=
demo: build
	@if [ -n "$(CFG)" ] && [ -n "$(WEIGHTS)" ] && [ -n "$(IMAGE)" ]; then
	  $(PENUMBRA) detect "$(CFG)" "$(WEIGHTS)" "$(IMAGE)" --annotate out
	  exit 0
	fi
	echo
	echo "A CSP network with an EFM neck, from cfg/: what it costs ..."
	$(PENUMBRA) inspect cfg/csp-efm.cfg
	echo
	echo "... and how fast it runs here, with made-up weights:"
	$(PENUMBRA) bench cfg/csp-efm.cfg --seconds 2
	echo
	echo "To detect objects, name a network, its weights and a photograph:"
	echo "  make demo CFG=yolov4-tiny.cfg WEIGHTS=yolov4-tiny.weights IMAGE=street.jpg"
	echo "weights/README.md says where published weights are to be had."

test: setup
	@swift test -c $(CONFIGURATION)

check: setup lint
	@log=$$(mktemp)
	trap 'rm -f "$$log"' EXIT
	$(SWIFT_BUILD) --build-tests 2>&1 | tee "$$log"
	if grep -E '(Sources|Tests)/[^ ]*: warning:' "$$log"; then
	  echo "make: the build has warnings" >&2
	  exit 1
	fi
	$(MAKE) test
	$(MAKE) example

## The style of every Swift file; `make format` mends what can be mended.
lint:
	@swift format lint --strict --parallel --recursive $(SOURCES)
format:
	@swift format --in-place --parallel --recursive $(SOURCES)

## The package under Examples/, which uses the library as others do.
example: setup
	@swift build -c $(CONFIGURATION) --package-path Examples/FindObjects

## docs/sections.md from the registry.
docs: build
	@$(PENUMBRA) sections --markdown > docs/sections.md

## The layer cases that the tests hold, taken anew from the shared folder.
golden:
	@test -d ../shared/golden/layers || { echo "make: ../shared/golden is not here" >&2; exit 1; }
	rm -rf Tests/EngineTests/Golden/layers
	cp -R ../shared/golden/layers Tests/EngineTests/Golden/layers
	chmod -R u+w Tests/EngineTests/Golden/layers

install: build
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	install "$(PENUMBRA)" "$(DESTDIR)$(PREFIX)/bin/penumbra"

clean:
	@rm -rf .build Examples/*/.build out
