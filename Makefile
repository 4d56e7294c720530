# What builds installs the system packages it needs first. ablation, train-overfit and golden want data
# that is not in the repository; bench-tables wants an earlier bench-peers.
#
#   make demo       build, and run a detector on a rendered smear, or a photograph (CFG= WEIGHTS= IMAGE=)
#   make train-demo  train that detector: 55 minutes at most (BCCD= SCENES= CFG= ...: scripts/train-demo)
#   make ablation   PeleeNet and its CSP variants on CIFAR-10, into docs/ablation.md: two hours
#   make test       build, and run the tests
#   make check      what CI runs: format, build without warnings, tests, the example package, the zoo
#   make bench-peers  OUT=x.json: speed beside the programs people use; make bench-tables: into docs/
#   make install    put the command into PREFIX/bin (/usr/local)

CONFIGURATION ?= release
PREFIX ?= /usr/local
BUILD = swift build -c $(CONFIGURATION)
PENUMBRA = $(shell $(BUILD) --show-bin-path)/penumbra
FORMATTED = Package.swift Sources Tests Fuzz Examples

.DEFAULT_GOAL := build
.PHONY: setup build demo train-demo train-overfit ablation test check warnings lint format docs golden
.PHONY: example install clean
.PHONY: peers bench-peers bench-tables bench-training test-pycocotools
.PHONY: test-asan test-tsan test-ubsan test-random check-arm64 convolution-costs hostile faults soak fuzz zoo zoo-update pictures

setup:
	@scripts/setup

build: setup
	@$(BUILD) --product penumbra

# Leaves an annotated picture in out/.
demo: build
	@scripts/demo "$(PENUMBRA)" "$(CFG)" "$(WEIGHTS)" "$(IMAGE)"

# What the scripts take from the environment: BCCD, CFG, SCENES and more; CIFAR, SEEDS and more.
train-demo: build
	@scripts/train-demo "$(PENUMBRA)"

# Whether eight photographs can be learnt by heart; a minute and a half.
train-overfit: build
	@scripts/train-overfit "$(PENUMBRA)"
ablation: build
	@scripts/ablation "$(PENUMBRA)"

# Optimised: the plain loops of the reference backend take minutes otherwise.
test: setup
	@swift test -c $(CONFIGURATION)

check: lint warnings test example zoo

warnings: setup
	@scripts/build-without-warnings $(CONFIGURATION)

# The style of every Swift file; `make format` mends what can be mended.
lint:
	@swift format lint --strict --parallel --recursive $(FORMATTED)
format:
	@swift format --in-place --parallel --recursive $(FORMATTED)

# The tests under the sanitizers, each built apart. Leaks are not sought: XCTest's runner has some; a
# forbidden page ends a process by its signal, which tests of guarded memory expect.
SANITIZED ?= EngineTests|ComputeTests|ImagingTests|CfgTests|DataTests|EvaluationTests|TrainingTests|CommandTests|FuzzReplayTests
test-asan: setup
	@ASAN_OPTIONS=detect_leaks=0:handle_segv=0 swift test -c release --sanitize=address \
	  --scratch-path .build/asan --filter '$(SANITIZED)' --skip GoldenTests
test-tsan: setup
	@swift test -c release --sanitize=thread --scratch-path .build/tsan \
	  --filter '$(SANITIZED)' --skip GoldenTests

# The C kernels with checks for undefined behaviour, which stop the tests where they find any.
test-ubsan: setup
	@swift test -c release --scratch-path .build/ubsan -Xcc -fsanitize=undefined \
	  -Xcc -fsanitize-trap=undefined --filter '$(SANITIZED)' --skip GoldenTests

# COCO's twelve numbers against pycocotools, which is installed for it.
test-pycocotools: setup
	@scripts/pycocotools-setup .build/pycocotools
	@swift test -c release --filter PycocotoolsTests

# More random layers than `make test` tries, on every instruction set; NETWORKS= and SEED= choose.
NETWORKS ?= 60000
test-random: setup
	@PENUMBRA_RANDOM_NETWORKS=$(NETWORKS) PENUMBRA_RANDOM_SEED=$(SEED) \
	  swift test -c release --filter 'BlockedBackendTests'

# The C kernels compiled for arm64 and run in an emulator, without Swift.
check-arm64:
	@scripts/check-arm64

# Whether the methods chosen for convolutions are the fastest on this machine.
convolution-costs: setup
	@PENUMBRA_MEASURE=1 swift test -c release --filter ConvolutionCostTests

# Every input on which the product once failed, through the built command.
hostile: setup
	@swift test -c $(CONFIGURATION) --filter HostileTests

# Every call of the system that a writing command makes, failing or killing it, one after another.
faults: setup
	@PENUMBRA_FAULTS=all swift test -c $(CONFIGURATION) --filter FaultTests

# 100,000 pictures through one process, 10,000 networks opened and closed, eight sessions at once.
soak: setup
	@PENUMBRA_SOAK=all swift test -c $(CONFIGURATION) --filter SoakTests

# Every reader on what libFuzzer makes of its corpus, with sanitizers: TARGET= one of them, MINUTES=
# of each. Inputs that fail are kept in .build/fuzz-found.
fuzz: setup
	@MINUTES=$(or $(MINUTES),1) RUNS=$(RUNS) scripts/fuzz $(TARGET)

# Every cfg of cfg/ against cfg/zoo.json; `make zoo-update` records what was changed on purpose.
zoo: build
	@$(PENUMBRA) zoo check cfg
zoo-update: build
	@$(PENUMBRA) lower cfg/csp-cells.cfg --output cfg/csp-cells-darknet.cfg
	@$(PENUMBRA) zoo check cfg --update

# Beside the programs people use to run such networks on a CPU: Benchmarks/peers/README.md. NETS=
# and BENCH= choose networks and options.
PEERS ?= .build/peers
OUT ?= out/peers.json
OURS ?= --command "penumbra=$(PENUMBRA) bench --worker --backend blocked"
peers:
	@test -x "$(PEERS)/venv/bin/python" || Benchmarks/peers/setup "$(PEERS)"
bench-peers: build peers
	@mkdir -p "$(dir $(OUT))"
	@"$(PEERS)/venv/bin/python" Benchmarks/peers/bench.py --root "$(PEERS)" --out "$(OUT)" \
	  --penumbra "$(PENUMBRA)" --minutes $(or $(MINUTES),60) $(OURS) $(BENCH) $(NETS)
bench-tables:
	@"$(PEERS)/venv/bin/python" Benchmarks/peers/tables.py "$(OUT)" --into docs/benchmarks.md

# Training steps beside PyTorch: Benchmarks/training/README.md.
bench-training: build
	@Benchmarks/training/setup "$(PEERS)/training"
	@"$(PEERS)/training/bin/python" Benchmarks/training/compare.py --penumbra "$(PENUMBRA)" \
	  cfg/csp-cells.cfg:8 cfg/detect/yolov4-tiny.cfg:8

# The package that uses the library as others do.
example: setup
	@swift build -c $(CONFIGURATION) --package-path Examples/FindObjects

# docs/sections.md from the registry, docs/zoo.md from the zoo and what was printed about it.
docs: build
	@sed '/^<!-- From here on/,$$d' docs/sections.md > out.sections
	@$(PENUMBRA) sections --markdown >> out.sections && mv out.sections docs/sections.md
	@$(PENUMBRA) paper --markdown > docs/zoo.md

# The pictures of the documentation, from the cfgs of the zoo.
PICTURES = docs/pictures
INSPECT = $(PENUMBRA) inspect --table none
pictures: build
	@mkdir -p $(PICTURES)
	@$(INSPECT) cfg/detect/csppeleenet-efm-sam.cfg --graph $(PICTURES)/csppeleenet-efm-sam.svg >/dev/null
	@$(INSPECT) cfg/detect/cspresnext-50-panet-spp.cfg \
	  --graph $(PICTURES)/cspresnext-50-panet-spp.svg >/dev/null
	@$(INSPECT) cfg/detect/peleenet-yolo.cfg cfg/detect/peleenet-prn.cfg \
	  cfg/detect/csppeleenet-efm.cfg --chart $(PICTURES)/bottleneck.svg >/dev/null
	@$(INSPECT) cfg/classify/resnext-50.cfg cfg/classify/cspresnext-50.cfg \
	  --chart $(PICTURES)/traffic.svg >/dev/null

# The layer cases that the tests hold, taken anew.
golden:
	@test -d ../shared/golden/layers || { echo "make: ../shared/golden is not here" >&2; exit 1; }
	@rm -rf Tests/EngineTests/Golden/layers
	@cp -R ../shared/golden/layers Tests/EngineTests/Golden/layers
	@chmod -R u+w Tests/EngineTests/Golden/layers

install: build
	@install -d "$(DESTDIR)$(PREFIX)/bin"
	@install "$(PENUMBRA)" "$(DESTDIR)$(PREFIX)/bin/penumbra"

clean:
	@rm -rf .build Examples/*/.build out
