# The developer's manual. Each target calls one script, which says at its top what it does and why.

.PHONY: help build release run reset-data test models lint format bench services-up services-down clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## Build for debugging
	@scripts/build debug

release: ## Build for production: .build/release/larder
	@scripts/build release --product larder

run: ## Serve the sample data on http://127.0.0.1:8080 until Ctrl-C (CONFIGURATION=debug to debug)
	@scripts/run

reset-data: ## Let the next `make run` begin with the sample data as they were; keeps what was built
	@scripts/reset-data

test: ## Run all tests (ARGS="unit --filter Router" or ARGS="e2e -k orders" for some)
	@scripts/test $(ARGS)

models: ## Search the models of the freshness protocol for a stale read (ARGS=--full for larger bounds)
	@scripts/check-models $(ARGS)

lint: ## Check format, layers and the rules of the house
	@scripts/lint

format: ## Format all Swift files in place
	@scripts/format

bench: ## Compare Larder with its peers (see Benchmarks)
	@Benchmarks/run $(ARGS)

services-up: ## Start a private PostgreSQL and Redis, and print their URLs
	@scripts/services up && scripts/services env

services-down: ## Stop them
	@scripts/services down

clean: ## Delete what was built, and the private services with their data
	@scripts/services remove
	rm -rf .build .local
