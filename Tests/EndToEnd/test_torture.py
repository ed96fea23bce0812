"""Two instances, sixteen clients and a fault injector; and nobody ever sees an old value.

LARDER_TORTURE_SECONDS says for how long, 30 if it is not set. A failure prints the operations that contradict each other.
"""

import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from support import history, rows, run, torture_client
from support.servers import value
from support.stack import wait_for_hit

SECONDS = float(os.environ.get("LARDER_TORTURE_SECONDS", 30))
CLIENTS = 16
PRODUCTS = 4
# Small enough that there is something to be read from the cache between two writes.
SHARE_OF_WRITES = 0.03


class FaultInjector(threading.Thread):
    """Kills and restarts Redis and one of the instances in turn, and keeps the times of it."""

    def __init__(self, stack, until):
        super().__init__()
        self._stack = stack
        self._until = until
        self._chance = random.Random(SECONDS)
        self.redis_down = []
        self.instance_down = []
        self.error = None

    def run(self):
        try:
            # A cache that was killed is not used again for some seconds; in between there has to be time for hits.
            while self._sleep(2, 3) and self._fault(self._kill_redis) and self._sleep(8, 10):
                if not self._fault(self._kill_instance) or not self._sleep(3, 4):
                    break
        except BaseException as error:
            self.error = error

    def _sleep(self, least, most):
        """Whether there is time left for another fault and for what follows from it."""
        time.sleep(max(0, min(self._chance.uniform(least, most), self._until - time.monotonic())))
        return self._until - time.monotonic() > 2

    def _fault(self, fault):
        fault(self._chance.uniform(1, 2))
        return True

    def _kill_redis(self, seconds):
        redis = self._stack.redis
        before = redis.command("INFO", "server").split("run_id:")[1].split()[0]
        assert redis.kill() == -signal.SIGKILL
        began = time.monotonic_ns()
        time.sleep(seconds)
        self.redis_down.append((began, time.monotonic_ns()))
        redis.start()
        assert redis.command("INFO", "server").split("run_id:")[1].split()[0] != before

    def _kill_instance(self, seconds):
        instance = self._stack.second
        assert instance.kill() == -signal.SIGKILL
        began = time.monotonic_ns()
        time.sleep(seconds)
        self.instance_down.append((began, time.monotonic_ns()))
        instance.start()


@pytest.fixture(scope="module")
def tortured(stack):
    """The history, the faults, and the servers after them."""
    here, there = stack.client(stack.first), stack.client(stack.second)
    category = rows.category(here)["id"]
    products = [rows.product(here, category_id=category)["id"] for _ in range(PRODUCTS)]
    for client in (here, there):
        for product in products:
            wait_for_hit(client, f"/v1/products/{product}")

    files = [run.folder() / "logs" / f"torture-{number}.jsonl" for number in range(CLIENTS)]
    ports = f"{stack.first.port},{stack.second.port}"
    faults = FaultInjector(stack, time.monotonic() + SECONDS)
    clients = [
        subprocess.Popen(
            [sys.executable, torture_client.__file__, str(number), ports, ",".join(map(str, products)), str(SECONDS),
             str(SHARE_OF_WRITES), str(file)])
        for number, file in enumerate(files)]
    try:
        faults.start()
        assert [client.wait(SECONDS + 30) for client in clients] == [0] * CLIENTS
    finally:
        for client in clients:
            client.kill()
        faults.join(60)
    found = []
    for file in files:
        for line in pathlib.Path(file).read_text().splitlines():
            found.append(history.Operation(*json.loads(line)))
        file.unlink()
    return found, faults, products


def during(windows, operations, margin=0):
    """Operations that lie wholly within one of the windows."""
    return [
        one for one in operations
        if any(start + margin <= one.invoked and one.answered <= end for start, end in windows)]


def test_nobody_sees_an_old_value(tortured):
    found, _, _ = tortured
    violations = history.check(found)
    assert not violations, "\n\n".join(violation.explain(found) for violation in violations)


def test_it_was_a_test(tortured):
    """The faults happened and were felt, there was much to be read and written, and a good part of it from the cache."""
    found, faults, _ = tortured
    assert faults.error is None, repr(faults.error)
    assert len(faults.redis_down) >= 1 and len(faults.instance_down) >= 1
    assert during(faults.redis_down, found), "nobody asked while Redis was down"
    refused = [one for one in during(faults.instance_down, found) if one.instance == "B" and not one.succeeded]
    assert refused, "nobody noticed that an instance was dead"
    reads = [one for one in found if one.kind == "read" and one.succeeded]
    writes = [one for one in found if one.kind == "write" and one.succeeded]
    hits = [one for one in reads if one.cache.startswith("larder; hit")]
    print(f"{len(reads)} reads, {len(hits)} of them hits, {len(writes)} writes, {len(found) - len(reads) - len(writes)} failures")
    assert len(writes) > 20 * PRODUCTS and len(reads) > 100 * SECONDS
    assert len(hits) > 0.2 * len(reads), f"{len(hits)} of {len(reads)} reads were hits"


def test_without_redis_reads_and_writes_go_on(tortured):
    found, faults, _ = tortured
    down = during(faults.redis_down, found)
    assert {one.kind for one in down if one.succeeded} == {"read", "write"}
    for what, wrong in {
        "hits without a cache": [one for one in down if one.cache.startswith("larder; hit")],
        "refusals": [one for one in down if not one.succeeded and one.instance == "A"],
    }.items():
        assert not wrong, "\n".join([what, *map(str, wrong[:20])])


def test_the_instance_that_lived_answered_all(tortured):
    """A cache that dies and another instance that dies are no reason to refuse anything for long."""
    found, _, _ = tortured
    failed = [one for one in found if one.instance == "A" and not one.succeeded]
    assert len(failed) < 0.01 * len(found), "\n".join(map(str, failed[:20]))


def test_in_the_end_all_agree(tortured, stack):
    found, _, products = tortured
    for product in products:
        stored = int(value(stack.database, f"SELECT version FROM products WHERE id = {product}"))
        for service in (stack.first, stack.second):
            with service.client() as client:
                assert wait_for_hit(client, f"/v1/products/{product}").json()["version"] == stored
        assert stored >= max(one.version for one in found if one.product == product and one.succeeded)
