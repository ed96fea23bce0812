"""The service does what its description says: examples, limits and their neighbours, made-up requests, and sequences."""

import os
import pathlib
import subprocess
import sys

import pytest

from support import databases, run

SUPPORT = pathlib.Path(__file__).parent / "support"
# Always the same requests, but for unique names. Another seed, and more examples, find others.
SEED = os.environ.get("LARDER_SCHEMATHESIS_SEED", "1")
EXAMPLES = os.environ.get("LARDER_SCHEMATHESIS_EXAMPLES", "4")

# Limits, their neighbours and made-up requests are thousands, so each store gets them for a part of the resources. Lists and
# counts would be most of them, though their filters follow from the kinds of fields: one of each has nearly all kinds, on the
# store where they become SQL.
RESOURCES = {
    "memory": ["categories", "customers", "users", "comments", "applications", "description"],
    "postgres": ["products", "orders", "articles", "deployments"],
}
LISTS = "listProducts|countArticles"
# What refers to nothing can be created, read, changed and deleted by whoever knows nothing else.
INDEPENDENT = ["categories", "customers", "users", "applications"]


def schemathesis(service, phases, *options):
    """Runs it, and fails if it has anything to object to, or did nothing in one of its phases."""
    command = [
        pathlib.Path(sys.executable).with_name("schemathesis"), "--config-file", SUPPORT / "schemathesis.toml", "run",
        f"http://127.0.0.1:{service.port}/openapi.json", "--checks", "all", "--seed", SEED, "--max-examples", EXAMPLES,
        "--workers", "2", "--request-timeout", "20", "--no-color", "--warnings", "off", "--suppress-health-check", "all",
        "--generation-database", "none", "--phases", phases, *options]
    done = subprocess.run(
        [str(word) for word in command], cwd=run.folder(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=600, env=os.environ | {
            "SCHEMATHESIS_HOOKS": "schemathesis_hooks", "PYTHONPATH": str(SUPPORT)})
    assert done.returncode == 0, done.stdout
    assert all(f"✅  {phase.title()}" in done.stdout for phase in phases.split(",")), done.stdout
    print(done.stdout)


def tags(names):
    return [word for name in names for word in ("--include-tag", name)]


@pytest.mark.parametrize("store", RESOURCES)
def test_the_service_keeps_to_its_description(new_stack, store):
    if store == "memory":
        stack = new_stack(database=None, DATABASE_URL=None, REDIS_URL=None, HTTP_WORKERS=1)
    else:
        stack = new_stack(databases.migrated(), HTTP_WORKERS=2)
    schemathesis(stack.first, "examples")
    schemathesis(
        stack.first, "coverage,fuzzing", *tags(RESOURCES[store]),
        "--exclude-operation-id-regex", f"^(?!{LISTS})(list|count)")
    schemathesis(stack.first, "stateful", *tags(INDEPENDENT))
