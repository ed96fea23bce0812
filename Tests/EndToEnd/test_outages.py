"""PostgreSQL goes away, hangs, and comes back; the service stays."""

import concurrent.futures
import itertools
import time

import pytest

from support import expect, larder, rows
from support.run import wait_until
from support.servers import Postgres, Session, psql
from support.stack import Stack, wait_for_hit


@pytest.fixture(scope="module")
def server():
    server = Postgres()
    yield server
    server.close()


@pytest.fixture(scope="module")
def stack(server):
    done = larder.run("migrate", "up", DATABASE_URL=server.uri())
    assert done.status == 0, done
    stack = Stack(server.uri())
    yield stack
    stack.close()


@pytest.fixture(scope="module")
def api(stack):
    return stack.client()


@pytest.fixture
def up(server):
    """Whatever a test did, the next one begins with a server that answers."""
    yield server
    if not server.is_running:
        server.start()


_numbers = itertools.count(1)


def uncached(client):
    return client.get(f"/v1/categories/count?id[gt]={next(_numbers)}")


def well_again(client):
    """Reads and writes as if nothing had been, on whichever connection of the pool."""
    wait_until(lambda: uncached(client).status == 200, 15, "the service reads from the store again", every=0.1)
    for _ in range(20):
        assert uncached(client).status == 200
    return rows.product(client)


@pytest.mark.parametrize("way", ["stopped", "crashed"])
class TestGone:
    @pytest.fixture
    def product(self, api, up):
        product = well_again(api)
        wait_for_hit(api, f"/v1/products/{product['id']}")
        return product

    def test_it_is_503_with_retry_after_cached_entries_are_served_and_then_all_is_well(self, way, up, stack, api, product):
        path = f"/v1/products/{product['id']}"
        pid = stack.first.pid
        up.stop() if way == "stopped" else up.crash()
        for _ in range(3):
            began = time.monotonic()
            answer = uncached(api)
            expect.problem(answer, 503)
            assert int(answer.header("Retry-After")) >= 0
            assert time.monotonic() - began < 5
            cached = api.get(path)
            assert cached.is_hit and cached.json() == product, cached
            refused = api.patch(path, {"stock": 1})
            expect.problem(refused, 503)
            assert refused.header("Retry-After")
        with stack.first.admin() as admin:
            assert admin.get("/livez").status == 200
            ready = admin.get("/readyz")
            assert ready.status == 503 and any(word in ready.body.lower() for word in (b"store", b"postgres", b"database"))
            up.start()
            wait_until(lambda: admin.get("/readyz").status == 200, 15, "the service is ready again")
        well_again(api)
        assert wait_for_hit(api, path).json() == product
        assert stack.first.pid == pid and stack.first.is_running

    def test_the_log_tells_of_its_beginning_and_its_end_and_not_of_every_request(self, way, up, stack, api, product):
        start = stack.first.log.stat().st_size
        up.stop() if way == "stopped" else up.crash()
        for _ in range(50):
            expect.problem(uncached(api), 503)
        up.start()
        well_again(api)
        log = stack.first.log.read_bytes()[start:].decode()
        assert "PostgreSQL cannot be reached" in log and "PostgreSQL can be reached again" in log, log
        assert "a request failed" not in log, log
        # Some lines for each worker and each of its connections.
        assert len(log.splitlines()) < 40, log

    def test_quick_restarts_cost_at_most_503s(self, way, up, stack, product):
        """Many clients read and write across it: no other error, nobody hangs, nothing acknowledged is lost."""
        path = f"/v1/products/{product['id']}"
        stop = time.monotonic() + 5

        def work(_):
            acknowledged, answers = 0, []
            with stack.first.client() as client:
                while time.monotonic() < stop:
                    began = time.monotonic()
                    answer = client.patch(path, {"stock": next(_numbers)})
                    answers.append((time.monotonic() - began, answer))
                    if answer.status == 200:
                        acknowledged = max(acknowledged, answer.json()["version"])
                    began = time.monotonic()
                    answer = uncached(client)
                    answers.append((time.monotonic() - began, answer))
            return acknowledged, answers

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            working = [pool.submit(work, number) for number in range(8)]
            # More than once, because it matters in what a request is interrupted.
            for _ in range(3):
                time.sleep(0.8)
                up.stop() if way == "stopped" else up.crash()
                up.start()
            results = [one.result() for one in working]
        answers = [answer for _, found in results for answer in found]
        assert {answer.status for _, answer in answers} <= {200, 503, 504}
        # A connection that was lost is known to be, so there is nothing to wait for.
        slowest = max(answers, key=lambda one: one[0])
        assert slowest[0] < 5, slowest
        with stack.first.client() as client:
            well_again(client)
            assert client.get(path).json()["version"] >= max(version for version, _ in results)

    def test_a_service_that_starts_meanwhile_becomes_ready_when_it_is_back(self, way, up, stack, product):
        up.stop() if way == "stopped" else up.crash()
        service = stack.service(ready=False)
        with service.admin() as admin, service.client() as client:
            assert admin.get("/readyz").status == 503
            expect.problem(uncached(client), 503)
            up.start()
            wait_until(lambda: admin.get("/readyz").status == 200, 15, "the service is ready")
            well_again(client)
        service.close()


def test_migrations_that_are_pending_are_told_when_the_database_comes(up):
    psql(up.uri(), "CREATE DATABASE fresh")
    up.stop()
    service = larder.Service(ready=False, DATABASE_URL=up.uri("fresh"))
    try:
        assert b"migrations are pending" not in service.log.read_bytes()
        up.start()
        wait_until(lambda: b"migrations are pending: larder/0001, larder/0002, 0001, " in service.log.read_bytes(), 15, "the log tells of them")
    finally:
        service.close()


def test_beyond_the_lease_what_was_valid_is_served_if_that_is_wanted_and_said(stack, api, up):
    product = well_again(api)
    path = f"/v1/products/{product['id']}"
    settings = {"HTTP_WORKERS": 1, "CACHE_LEASE_SECONDS": 1}
    strict, lenient = (stack.service(**settings), stack.service(**settings, CACHE_STALE_IF_ERROR_SECONDS=60))
    with strict.client() as strictly, lenient.client() as leniently:
        for client in (strictly, leniently):
            wait_for_hit(client, path)
        up.stop()
        wait_until(lambda: strictly.get(path).status == 503, 5, "the lease is over", every=0.1)
        wait_until(lambda: "unverified" in leniently.get(path).cache, 5, "its lease is over too", every=0.1)
        answer = leniently.get(path)
        assert answer.status == 200 and answer.json() == product, answer
        assert answer.cache.startswith("larder; hit; ttl=") and answer.cache.endswith("; detail=unverified"), answer
        expect.problem(leniently.get("/v1/products/count?stock=123456"), 503)
        up.start()
        for client in (strictly, leniently):
            assert wait_for_hit(client, path).json() == product
    for service in (strict, lenient):
        service.close()


def test_a_query_that_takes_too_long_is_504(stack, api, up):
    well_again(api)
    with Session(stack.database) as session:
        session.run("BEGIN")
        session.run("LOCK TABLE categories IN ACCESS EXCLUSIVE MODE")
        with stack.first.client(timeout=40) as client:
            expect.problem(uncached(client), 504)
    well_again(api)


def test_others_are_served_while_one_waits(stack, api, up):
    product = well_again(api)
    other = rows.product(api)
    with Session(stack.database) as session, concurrent.futures.ThreadPoolExecutor(1) as pool:
        session.run("BEGIN")
        session.run(f"SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
        writing = pool.submit(lambda: stack.first.client().patch(f"/v1/products/{product['id']}", {"stock": 1}))
        time.sleep(0.3)
        for _ in range(10):
            began = time.monotonic()
            assert api.patch(f"/v1/products/{other['id']}", {"stock": time.monotonic_ns() % 1000}).status == 200
            assert uncached(api).status == 200
            assert time.monotonic() - began < 1
        session.run("COMMIT")
        assert writing.result().status == 200
