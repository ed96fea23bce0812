"""The service does what its description says: examples, limits and their neighbours, made-up requests, and sequences."""

import os
import pathlib
import subprocess
import sys

import pytest

from support import databases, run

SUPPORT = pathlib.Path(__file__).parent / "support"
# Always the same requests. Another seed finds others.
SEED = os.environ.get("LARDER_SCHEMATHESIS_SEED", "1")


STOREFRONT = ["categories", "products", "customers", "orders", "description"]
OTHERS = ["users", "articles", "comments", "applications", "deployments"]
PHASES = "examples,fuzzing,stateful"


# The phase of limits and their neighbours has ten thousand requests, most of them filters that all resources have alike:
# each half of the resources has it on one of the stores.
@pytest.mark.parametrize("store, tags, phases", [
    ("memory", OTHERS, PHASES + ",coverage"), ("memory", STOREFRONT, PHASES),
    ("postgres", STOREFRONT, PHASES + ",coverage"), ("postgres", OTHERS, PHASES),
], ids=["memory-others", "memory-storefront", "postgres-storefront", "postgres-others"])
def test_the_service_keeps_to_its_description(new_stack, store, tags, phases):
    if store == "memory":
        stack = new_stack(database=None, DATABASE_URL=None, REDIS_URL=None, HTTP_WORKERS=1)
    else:
        stack = new_stack(databases.migrated(), HTTP_WORKERS=2)
    command = [
        pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file", SUPPORT / "schemathesis.toml", "run",
        f"http://127.0.0.1:{stack.first.port}/openapi.json", "--checks", "all", "--seed", SEED, "--max-examples", "4",
        "--workers", "2", "--request-timeout", "20", "--no-color", "--warnings", "off", "--suppress-health-check", "all",
        "--generation-database", "none", "--phases", phases, *(word for tag in tags for word in ("--include-tag", tag))]
    done = subprocess.run(
        [str(word) for word in command], cwd=run.folder(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=600,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(SUPPORT)})
    assert done.returncode == 0, done.stdout
    assert all(f"✅  {phase.title()}" in done.stdout for phase in phases.split(",")), done.stdout
    print(done.stdout)
