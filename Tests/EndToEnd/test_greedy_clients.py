"""Clients that do not read and clients that do not finish cost a bounded amount of memory, and nobody else waits for them.

LARDER_GREEDY_SECONDS says for how long, 3 if it is not set; from 20 on there are more of them, and the times of the client that behaves
are held to those of a release build.
"""

import os
import pathlib
import re
import resource
import subprocess
import sys
import time

import pytest

from support import databases, greedy_clients, rows, run
from support.stack import Stack

SECONDS = float(os.environ.get("LARDER_GREEDY_SECONDS", 3))
IS_LONG = SECONDS >= 20
READERS, SENDERS = (64, 1_000) if IS_LONG else (16, 200)
# In milliseconds. A debug build on a machine that runs other tests beside this one is several times slower.
LONGEST = 100 if IS_LONG else 2_000
MEGABYTE = 1 << 20
# As little as two workers may have: the readers alone would take 16 MB and more, the senders 200 MB and more.
BUFFER = 8 * MEGABYTE
# Beside what the service takes anyway: the buffers, whose memory may be twice their bytes, and what each connection has of its own.
MOST_MEMORY = 2 * BUFFER + (READERS + SENDERS) * 64 * 1024 + 32 * MEGABYTE
KINDS = ("request", "answer")


def memory(service, what="VmRSS"):
    status = pathlib.Path(f"/proc/{service.pid}/status").read_text()
    return int(re.search(rf"{what}:\s+(\d+) kB", status)[1]) * 1024


def metric(service, name, held_for):
    with service.admin() as admin:
        text = admin.get("/metrics").body.decode()
    return float(re.search(rf'^{name}{{held_for="{held_for}"}} (\S+)$', text, re.MULTILINE)[1])


@pytest.fixture(scope="module")
def stack():
    stack = Stack(databases.migrated(), HTTP_WORKERS=2, HTTP_BUFFER_MB=BUFFER // MEGABYTE)
    yield stack
    stack.close()


@pytest.fixture(scope="module")
def service(stack):
    resource.prlimit(stack.first.pid, resource.RLIMIT_AS, (2048 * MEGABYTE, 2048 * MEGABYTE))
    return stack.first


@pytest.fixture(scope="module")
def articles(stack, service):
    api = stack.client()
    author = rows.created(api, "/v1/users", {"name": "Ada", "email": f"{rows.unique('ada')}@example.org"})
    for number in range(12):
        body = {"title": f"{number}", "body": "x" * 100_000, "author_id": author["id"], "status": "draft"}
        assert api.post("/v1/articles", body).status == 201
    # What they ask for is in the cache: what it costs is to hold it.
    for limit in range(greedy_clients.FIRST_LIMIT, greedy_clients.FIRST_LIMIT + greedy_clients.PAGES):
        assert api.get("/v1/articles", limit=limit).status == 200


@pytest.fixture
def greedy(service, articles):
    process = subprocess.Popen(
        [sys.executable, greedy_clients.__file__, str(service.port), str(READERS), str(SENDERS), "/v1/articles"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield process
    process.kill()
    process.wait()


def held(service):
    return {kind: metric(service, "larder_http_held_bytes", kind) for kind in KINDS}


@pytest.fixture
def memory_before(service, articles):
    return memory(service)


def test_who_behaves_is_served_and_memory_is_bounded_whatever_others_hold(stack, service, memory_before, greedy):
    api = stack.client()
    times = []
    highest = 0
    most_held = dict.fromkeys(KINDS, 0)
    # On a busy machine they take their time to begin.
    run.wait_until(lambda: min(held(service).values()) > MEGABYTE, 30, "something is held for both kinds")
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        for path in ("/v1/users?limit=1", "/v1/articles/count", "/v1/articles?fields=id,title"):
            start = time.monotonic()
            assert api.get(path).status == 200
            times.append((time.monotonic() - start) * 1000)
        start = time.monotonic()
        assert api.post("/v1/categories", {"name": rows.unique("category")}).status == 201
        times.append((time.monotonic() - start) * 1000)
        highest = max(highest, memory(service))
        now = held(service)
        most_held = {kind: max(most_held[kind], now[kind]) for kind in KINDS}
        time.sleep(0.002)
    ended, _ = greedy.communicate("", timeout=60)
    times.sort()
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"{len(times)} answers, p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
          f"memory {memory_before / MEGABYTE:.0f} to {highest / MEGABYTE:.0f} MB, held {most_held}, ended {ended}")

    assert service.is_running
    assert highest - memory_before <= MOST_MEMORY
    assert p99 <= LONGEST
    # A half for each kind, which they fill as far as whole pieces do, and beyond which they want more.
    for kind in KINDS:
        assert BUFFER / 2 - 2 * MEGABYTE <= most_held[kind] <= BUFFER / 2, (kind, most_held)
        wanted = [f"larder_http_{what}_total" for what in ("buffer_refusals", "evictions")]
        assert sum(metric(service, name, kind) for name in wanted) > 0, kind


def test_all_is_given_back_when_they_have_gone(service, greedy):
    run.wait_until(lambda: min(held(service).values()) > MEGABYTE, 30, "something is held for both kinds")
    greedy.communicate("", timeout=60)
    run.wait_until(lambda: max(held(service).values()) == 0, 10, "nothing is held")
