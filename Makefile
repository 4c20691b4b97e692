# Everything a contributor does; `make help` lists it. Nothing here needs root; .ci/run installs packages.

GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
ARGS     ?=
PKG      ?= ./...
BIN      := $(CURDIR)/bin
TOOLS    := $(BIN)/tools
LDFLAGS  := -s -w -X main.version=$(VERSION)

# Nested modules: the real parts that stand in for production ones. All of them are built, vetted and tested.
MODULES  := $(patsubst %/go.mod,%,$(wildcard dev/*/go.mod))

# Tools are pinned here and nowhere else.
GOTESTSUM_VERSION     := v1.13.0
GOLANGCI_LINT_VERSION := v2.15.0
WORKFLOWCHECK_VERSION := v0.6.0

GOTESTSUM     := $(TOOLS)/gotestsum-$(GOTESTSUM_VERSION)
GOLANGCI_LINT := $(TOOLS)/golangci-lint-$(GOLANGCI_LINT_VERSION)
WORKFLOWCHECK := $(TOOLS)/workflowcheck-$(WORKFLOWCHECK_VERSION)

.DEFAULT_GOAL := help

.PHONY: help
help: ## List every target
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# What the Web UI is built from. Without Node (or with SKIP_UI=1) the binary has a page in its place that says so.
UI_SOURCES := ui/index.html ui/package.json ui/package-lock.json ui/vite.config.ts $(shell find ui/src ui/public -type f -not -name '*.test.*' 2>/dev/null)

ui/dist/index.html: $(UI_SOURCES)
	@.ci/ui build

.PHONY: build
build: $(if $(SKIP_UI),,ui/dist/index.html) ## Build bin/slipway, with the Web UI where there is Node 20.19 or newer
	$(GO) build -ldflags '$(LDFLAGS)' -o $(BIN)/slipway ./cmd/slipway

.PHONY: run
run: build ## Run `slipway dev` (ARGS: more flags; TEMPORAL_ADDRESS: a Temporal of your own; CLUSTER=dev or KUBECONFIG=FILE: deploy to Kubernetes)
	$(BIN)/slipway dev $(if $(CLUSTER),--cluster $(CLUSTER)) $(if $(filter command line,$(origin KUBECONFIG)),--kubeconfig $(KUBECONFIG)) $(ARGS)

.PHONY: ui
ui: ## Build the Web UI (needs Node 20.19 or newer)
	@.ci/ui build

.PHONY: test-ui
test-ui: ui ## Run the Web UI's tests: components, and all pages in Chromium
	GO=$(GO) .ci/ui test

.PHONY: ui-pictures
ui-pictures: ui ## Take all pictures of docs/ui anew: those that docs/guides/web-ui.md shows (needs Chromium)
	GO=$(GO) .ci/ui pictures

.PHONY: generate
generate: ## Make all generated files anew
	$(GO) generate ./...

# ---- tests

.PHONY: test
test: test-tools ## Run all tests of all modules; what CI runs
	GO=$(GO) GOTESTSUM=$(GOTESTSUM) .ci/test all

.PHONY: test-fast
test-fast: $(GOTESTSUM) ## Run the tests that need no server (-short); under 3 minutes when built before
	GO=$(GO) GOTESTSUM=$(GOTESTSUM) .ci/test fast

.PHONY: test-slow
test-slow: test-tools ## Run the rest: test/ (end to end, chaos, compatibility) and the nested modules
	GO=$(GO) GOTESTSUM=$(GOTESTSUM) .ci/test slow

# What `make test-kubernetes` runs: all tests of these packages, and in the others those whose names say so.
KUBERNETES_PACKAGES := ./engine/manifest/... ./engine/objectdiff/... ./internal/delivery/kubernetes/... ./internal/delivery/clouds/... ./drivers/cluster/... ./drivers/kubernetes/...
KUBERNETES_TESTS    := Kubernetes|Cluster

.PHONY: test-kubernetes
test-kubernetes: test-tools ## Run the Kubernetes suite alone, on the control plane of dev/kubernetes
	$(GO) test -timeout 30m $(KUBERNETES_PACKAGES)
	$(GO) test -timeout 30m -run '$(KUBERNETES_TESTS)' ./orchestrator/... ./server/... ./internal/cli/... ./internal/devenv ./internal/testenv ./internal/containerjob/... ./internal/runner ./test/e2e/...

.PHONY: race
race: ## Run the tests of PKG with the race detector
	$(GO) test -race -timeout 30m $(PKG)

.PHONY: bench
bench: test-tools ## Run the benchmarks of PKG (BENCH: those whose names match)
	$(GO) test -run '^$$' -bench '$(or $(BENCH),.)' -benchmem -timeout 60m $(PKG)

.PHONY: properties
properties: ## Look for new counterexamples with the property tests (CHECKS=10000 each)
	RAPID_SEED=0 RAPID_CHECKS=$(or $(CHECKS),10000) $(GO) test -count=1 -timeout 60m $$(grep -rl --include=*_test.go 'pgregory.net/rapid' . | xargs -n1 dirname | sort -u)

KILLS ?=
SEED  ?=
CASE  ?=

.PHONY: chaos
chaos: test-tools ## Kill every part in the middle of deployments and count what came of it (KILLS=200, SEED: the same cases again, CASE: one of them)
	CASE=$(CASE) KILLS=$(or $(KILLS),200) SEED=$(or $(SEED),$(shell date +%s)) $(GO) test ./test/chaos -run '^TestChaos$$' -count=1 -v -timeout 6h

.PHONY: previews
previews: test-tools ## Make N=200 preview environments at once, let them end, and look for what is left (docs/reliability.md)
	SLIPWAY_PREVIEWS=$(or $(N),200) $(GO) test ./test/e2e -run '^TestPreviews$$' -count=1 -v -timeout 2h

.PHONY: chaos-terraform
chaos-terraform: test-tools ## Kill plain terraform in the same ways, with the local, pg and http backends (KILLS=30 each)
	CHAOS_TERRAFORM=1 KILLS=$(or $(KILLS),30) SEED=$(or $(SEED),1) $(GO) test ./test/chaos -run '^TestPlainTerraform$$' -count=1 -v -timeout 2h

# ---- checks

.PHONY: check
check: fmt-check vet lint workflowcheck check-ui generate-check ## Format, vet, lint, workflowcheck, the Web UI's types and lint, generated files fresh

.PHONY: fmt
fmt: ## Format all Go files
	gofmt -l -w $$(find . -name '*.go' -not -path '*/node_modules/*')

.PHONY: fmt-check
fmt-check: ## Fail when a Go file is not formatted
	@out=$$(gofmt -l $$(find . -name '*.go' -not -path '*/node_modules/*')); \
	if [ -n "$$out" ]; then echo "not formatted (make fmt):"; echo "$$out"; exit 1; fi

.PHONY: vet
vet: ## Vet all modules
	$(GO) vet ./...
	@set -e; for dir in $(MODULES); do echo "$(GO) vet $$dir"; (cd $$dir && CGO_ENABLED=0 $(GO) vet -trimpath ./...); done

.PHONY: lint
lint: $(GOLANGCI_LINT) ## Run golangci-lint, which also holds the house's arrows (depguard)
	$(GOLANGCI_LINT) run $(PKG)

.PHONY: check-ui
check-ui: ## Check the Web UI's types and lint it
	@.ci/ui check

.PHONY: workflowcheck
workflowcheck: $(WORKFLOWCHECK) ## Fail when workflow code is not deterministic
	$(WORKFLOWCHECK) ./workflows/...

.PHONY: generate-check
generate-check: ## Fail when a generated file is not fresh
	GO=$(GO) .ci/generate-check

# ---- tools

.PHONY: tools
tools: test-tools $(GOLANGCI_LINT) $(WORKFLOWCHECK) ## Build all tools: what tests and checks need

.PHONY: test-tools
test-tools: $(GOTESTSUM) ## Build what the tests need: gotestsum, Temporal, Kubernetes, and OpenTofu where there is no terraform
	@$(GO) run ./internal/devenv/prepare

$(GOTESTSUM):
	$(call install,gotest.tools/gotestsum@$(GOTESTSUM_VERSION),gotestsum)

$(GOLANGCI_LINT):
	$(call install,github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION),golangci-lint)

$(WORKFLOWCHECK):
	$(call install,go.temporal.io/sdk/contrib/tools/workflowcheck@$(WORKFLOWCHECK_VERSION),workflowcheck)

# install builds $(1) and gives the program, called $(2), the name of the target, which carries the version.
define install
@mkdir -p $(TOOLS)/build
GOBIN=$(TOOLS)/build $(GO) install $(1)
@mv $(TOOLS)/build/$(2) $@
endef

.PHONY: clean
clean: ## Remove what was built here (the cache of dev tools in your home stays)
	rm -rf $(BIN) dist cover.out ui/dist/assets ui/dist/*.*
