"""Requests that are sent again with their Idempotency-Key: one effect, one answer, whatever happened in between."""

import collections
import concurrent.futures
import time

import pytest

from support import databases, expect, rows
from support.proxy import CommitBreaker
from support.run import wait_until
from support.servers import Session, value
from support.stack import Stack


def headers(key, **others):
    return {"Idempotency-Key": key} | others


def kept(answer):
    """What is the same in each answer to the same request."""
    return answer.status, answer.body, answer.etag, answer.header("Location"), answer.header("Content-Type")


def is_replay(answer):
    return answer.header("Idempotency-Replayed") == "true"


def named(client, name):
    """How many categories have the name, past the cache."""
    return client.get("/v1/categories", name=name, count="exact").json()["count"]


class TestTheSameRequest:
    def test_it_is_answered_as_the_first_time_by_every_instance(self, stack, api):
        other, key = stack.client(stack.second), rows.unique("key")
        product = rows.product_fields(rows.category(api)["id"])
        first = api.post("/v1/products", product, headers(key))
        assert first.status == 201 and not is_replay(first)
        for client in (api, other):
            again = client.post("/v1/products", product, headers(f'"{key}"'))
            assert is_replay(again) and kept(again) == kept(first), again
        assert api.get(f"/v1/products/count?category_id={product['category_id']}").json() == {"count": 1}

    def test_the_answer_outlives_the_row_and_the_service(self, stack, api):
        key, body = rows.unique("key"), {"name": rows.unique("category")}
        service = stack.service()
        with service.client() as client:
            first = client.post("/v1/categories", body, headers(key))
        service.kill()
        assert api.delete(first.header("Location")).status == 204
        again = api.post("/v1/categories", body, headers(key))
        assert is_replay(again) and kept(again) == kept(first)
        assert named(api, body["name"]) == 0

    def test_many_rows_and_a_short_answer(self, api):
        key, name = rows.unique("key"), rows.unique("category")
        body = [{"name": f"{name} {number}"} for number in range(3)]
        first = api.post("/v1/categories", body, headers(key, Prefer="return=minimal"))
        again = api.post("/v1/categories", body, headers(key, Prefer="return=minimal"))
        assert first.status == 201 and is_replay(again) and kept(again) == kept(first)

    def test_another_request_needs_another_key(self, api):
        key = rows.unique("key")
        assert api.post("/v1/categories", {"name": rows.unique("category")}, headers(key)).status == 201
        expect.problem(api.post("/v1/categories", {"name": rows.unique("category")}, headers(key)), 422)

    def test_one_that_failed_may_succeed(self, api):
        key = rows.unique("key")
        product, customer = rows.product(api, stock=1), rows.customer(api)
        order = {
            "order_date": "2023-03-10", "customer_id": customer["id"], "lines": [{"product_id": product["id"], "quantity": 2}]}
        expect.problem(api.post("/v1/orders", order, headers(key)), 409)
        assert api.patch(f"/v1/products/{product['id']}", {"stock": 2}).status == 200
        for replayed in (False, True):
            answer = api.post("/v1/orders", order, headers(key))
            assert answer.status == 201 and is_replay(answer) == replayed
        assert api.get(f"/v1/products/{product['id']}").json()["stock"] == 0

    @pytest.mark.parametrize("key", ["", "a b", "a,b", "k" * 256])
    def test_what_is_no_key_is_400(self, api, key):
        expect.problem(api.post("/v1/categories", {"name": rows.unique("category")}, headers(key)), 400)


class TestAtTheSameTime:
    def test_many_have_one_effect(self, stack):
        body, key = {"name": rows.unique("category")}, rows.unique("key")

        def send(number):
            with (stack.first, stack.second)[number % 2].client() as client:
                return client.post("/v1/categories", body, headers(key))

        with concurrent.futures.ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(send, range(48)))
        statuses = collections.Counter(answer.status for answer in answers)
        assert set(statuses) <= {201, 409}, statuses
        created = [answer for answer in answers if answer.status == 201]
        assert len({kept(answer) for answer in created}) == 1
        assert sum(not is_replay(answer) for answer in created) == 1
        with stack.first.client() as client:
            assert named(client, body["name"]) == 1

    def test_while_the_first_one_runs_the_second_is_told_so_at_once(self, stack, api):
        category, key = rows.category(api)["id"], rows.unique("key")
        product = rows.product_fields(category)
        with Session(stack.database) as session, concurrent.futures.ThreadPoolExecutor(1) as pool:
            session.run("BEGIN")
            session.run(f"SELECT id FROM categories WHERE id = {category} FOR UPDATE")
            first = pool.submit(lambda: stack.first.client().post("/v1/products", product, headers(key)))
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            wait_until(lambda: value(stack.database, waiting) == "1", 2, "the first one waits for the lock", every=0.02)
            began = time.monotonic()
            answer = stack.client(stack.second).post("/v1/products", product, headers(key))
            expect.problem(answer, 409)
            assert int(answer.header("Retry-After")) >= 1 and time.monotonic() - began < 1
            session.run("COMMIT")
            assert first.result().status == 201
        again = api.post("/v1/products", product, headers(key))
        assert is_replay(again) and kept(again) == kept(first.result())


class TestALostCommit:
    @pytest.fixture(scope="class")
    def breaker(self):
        breaker = CommitBreaker(databases.migrated())
        yield breaker
        breaker.close()

    @pytest.fixture(scope="class")
    def stack(self, breaker):
        stack = Stack(breaker.uri)
        yield stack
        stack.close()

    @pytest.mark.parametrize("when", ["before", "after"])
    def test_sent_again_it_has_one_effect(self, breaker, stack, when):
        client = stack.client()
        body, key = {"name": rows.unique("category")}, rows.unique("key")
        breaker.break_next(when)
        problem = expect.problem(client.post("/v1/categories", body, headers(key)), 503)
        assert problem["type"] == "/problems/outcome-unknown"

        def again():
            answer = client.post("/v1/categories", body, headers(key))
            # As long as the server has not noticed that the connection is gone, the first one runs.
            return answer if answer.status != 409 else None

        answer = wait_until(again, 10, "the first one has ended")
        assert answer.status == 201 and is_replay(answer) == (when == "after"), answer
        assert named(client, body["name"]) == 1
        assert kept(client.post("/v1/categories", body, headers(key))) == kept(answer)


class TestMemory:
    """Without a database it is the same."""

    def test_one_effect_and_one_answer(self):
        stack = Stack(None, redis=False)
        try:
            client = stack.client()
            body = {"name": rows.unique("category")}
            first, again = (client.post("/v1/categories", body, headers("k")) for _ in range(2))
            assert first.status == 201 and is_replay(again) and kept(again) == kept(first)
            assert named(client, body["name"]) == 1
        finally:
            stack.close()
