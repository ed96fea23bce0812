"""An instance dies, is told to stop, and says whether it is ready."""

import concurrent.futures
import json
import signal
import time

import pytest

from support import larder, rows
from support.client import Raw
from support.run import wait_until
from support.servers import Session, commits_held, held_commits, psql, value
from support.stack import wait_for_hit


class TestAnInstanceDies:
    def test_what_it_had_written_shows_and_what_it_was_writing_does_no_harm(self, new_stack):
        stack = new_stack()
        here, there = stack.client(stack.first), stack.client(stack.second)
        product = rows.product(here)
        path = f"/v1/products/{product['id']}"
        wait_for_hit(there, path)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with held_commits(stack.database, product["id"]):
                writing = pool.submit(lambda: stack.first.client().patch(path, {"stock": 77}))
                wait_until(lambda: commits_held(stack.database) == 1, 5, "the write is about to be committed")
                # It dies before it knows whether it has committed; the database goes on without it.
                stack.first.kill()
                with pytest.raises(OSError):
                    writing.result()
                assert there.get(path).json() == product
            busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid() AND query ILIKE 'commit%'"
            wait_until(lambda: value(stack.database, busy) == "0", 10, "the dead instance's transaction has ended")
        stock = int(value(stack.database, f"SELECT stock FROM products WHERE id = {product['id']}"))
        assert stock in (77, product["stock"])
        # Its announcement is forgotten in the end, and the product is cached again.
        assert there.get(path).json()["stock"] == stock
        assert wait_for_hit(there, path, 30).json()["stock"] == stock
        stack.first.start()
        with stack.first.client() as client:
            assert client.get(path).json()["stock"] == stock


class TestStopping:
    @pytest.fixture
    def stack(self, new_stack):
        return new_stack()

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_the_running_request_is_finished_and_nothing_new_is_begun(self, stack, number):
        client = stack.client()
        product = rows.product(client)
        path = f"/v1/products/{product['id']}"
        with Session(stack.database) as session, concurrent.futures.ThreadPoolExecutor(1) as pool:
            session.run("BEGIN")
            session.run(f"SELECT id FROM products WHERE id = {product['id']} FOR UPDATE")
            writing = pool.submit(lambda: stack.first.client().patch(path, {"stock": 77}))
            time.sleep(0.4)
            assert not writing.done()
            stack.first.interrupt(number)
            time.sleep(0.4)
            with pytest.raises(OSError):
                Raw(stack.first.port, timeout=1).response()
            assert stack.first.is_running and not writing.done()
            session.run("COMMIT")
            answer = writing.result()
        assert answer.status == 200 and answer.json()["stock"] == 77
        assert stack.first.wait(5) == 0

    def test_idle_connections_are_not_waited_for(self, stack):
        with Raw(stack.first.port) as idle, Raw(stack.first.port) as used:
            used.send(b"GET /v1/products/count HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert used.response().status == 200
            stack.first.interrupt()
            assert stack.first.wait(5) == 0
            assert idle.is_closed() and used.is_closed()

    def test_a_request_that_does_not_end_is_not_waited_for_for_ever(self, stack):
        client = stack.client()
        product = rows.product(client)
        with Session(stack.database) as session, concurrent.futures.ThreadPoolExecutor(1) as pool:
            session.run("BEGIN")
            session.run("LOCK TABLE products IN ACCESS EXCLUSIVE MODE")
            reading = pool.submit(lambda: stack.first.client(timeout=30).get(f"/v1/products/{product['id']}"))
            time.sleep(0.4)
            stack.first.interrupt()
            assert stack.first.wait(25) == 0
            assert reading.exception(5) or reading.result().status >= 500


def warnings(service):
    return [line["message"] for line in map(json.loads, service.log.read_text().splitlines()) if line["level"] == "warning"]


class TestReadiness:
    @pytest.mark.parametrize("applied", [[], ["--to", "0001"]], ids=["all of them", "some"])
    def test_migrations_that_are_pending_are_a_reason_and_the_log_says_so_once(self, database, applied, new_stack):
        if applied:
            assert larder.run("migrate", "up", *applied, DATABASE_URL=database).status == 0
        stack = new_stack(database, HTTP_WORKERS=1)
        service = stack.service(ready=False)
        try:
            with service.admin() as admin:
                answer = admin.get("/readyz")
                assert answer.status == 503 and b"migrations are pending" in answer.body, answer
                pending = wait_until(lambda: [line for line in warnings(service) if "migrations" in line], 5, "it is logged")
                time.sleep(1.5)
                # That the cache cannot be used without the service's own tables is a thing of its own, and told once as well.
                found = warnings(service)
                assert found.count(pending[0]) == 1 and len(found) == (1 if applied else 2), found
                assert pending[0].endswith("; run larder migrate up") and ("0001" in pending[0]) == (not applied), found
                assert larder.run("migrate", "up", DATABASE_URL=database).status == 0
                wait_until(lambda: admin.get("/readyz").status == 200, 10, "the service is ready after the migration")
            with service.client() as client:
                path = f"/v1/products/{rows.product(client)['id']}"
                wait_for_hit(client, path)
        finally:
            service.close()

    def test_nothing_is_said_of_migrations_when_none_are_pending(self, new_stack):
        stack = new_stack()
        wait_for_hit(stack.client(), "/v1/products/count")
        time.sleep(0.5)
        assert warnings(stack.first) == []

    def test_a_column_that_a_table_lacks_is_a_reason_that_names_it_until_it_is_there(self, new_stack):
        stack = new_stack(HTTP_WORKERS=1)
        with stack.first.admin() as admin:
            assert admin.get("/readyz").status == 200
            psql(stack.database, "ALTER TABLE categories RENAME COLUMN name TO title; ALTER TABLE products DROP COLUMN actor")
            answer = admin.get("/readyz")
            assert answer.status == 503 and b"column name of table categories is missing" in answer.body, answer
            assert b"column actor of table products is missing" in answer.body and b"larder migrate" in answer.body, answer
            with stack.first.client() as client:
                answer = client.get("/v1/categories?sort=id")
                assert answer.status == 503 and answer.header("Retry-After"), answer
            other = stack.service(ready=False)
            wait_until(lambda: [line for line in warnings(other) if "column name of table categories" in line], 5, "it is logged")
            psql(stack.database, "ALTER TABLE categories RENAME COLUMN title TO name; ALTER TABLE products ADD actor text")
            wait_until(lambda: admin.get("/readyz").status == 200, 5, "it is ready again")

    def test_a_redis_that_ends_idle_connections_is_no_news(self, new_stack):
        stack = new_stack(HTTP_WORKERS=2)
        stack.redis.command("CONFIG", "SET", "timeout", "1")
        client = stack.client()
        wait_for_hit(client, "/v1/products/count")
        time.sleep(3.5)
        for _ in range(8):
            assert client.get("/v1/products/count").is_hit
        assert warnings(stack.first) == []
