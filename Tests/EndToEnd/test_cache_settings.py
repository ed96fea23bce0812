"""The environment of the cache; and the service without a cache, and with nothing but itself."""

import re
import time

import pytest

from support import databases, expect, rows
from support.larder import Service, free_port
from support.run import wait_until
from support.servers import Redis
from support.stack import Stack, wait_for_hit


def ttl(answer):
    return int(re.fullmatch(r"larder; hit; ttl=(\d+)", answer.cache)[1])


class TestLifetimes:
    def test_an_entry_lives_as_long_as_the_setting_says(self, new_stack):
        with new_stack(CACHE_TTL_SECONDS=2).first.client() as client:
            path = f"/v1/categories/{rows.category(client)['id']}"
            assert 0 <= ttl(wait_for_hit(client, path)) <= 2
            time.sleep(2.1)
            assert not client.get(path).is_hit
            assert wait_for_hit(client, path).status == 200

    def test_a_resource_may_have_its_own(self, new_stack):
        with new_stack(CACHE_TTL_SECONDS=100, CACHE_TTL_PRODUCTS_SECONDS=5000).first.client() as client:
            product = rows.product(client)
            assert ttl(wait_for_hit(client, f"/v1/categories/{product['category_id']}")) <= 100
            assert 100 < ttl(wait_for_hit(client, f"/v1/products/{product['id']}")) <= 5000


def test_without_a_cache_all_is_served_from_the_store(new_stack):
    with new_stack(CACHE="off").first.client() as client:
        product = rows.product(client)
        path = f"/v1/products/{product['id']}"
        for stock in (5, 6, 7):
            assert client.patch(path, {"stock": stock}).status == 200
            for _ in range(3):
                answer = client.get(path)
                assert answer.json()["stock"] == stock
                assert "hit" not in (answer.cache or "")
        old = client.get(path).etag
        assert client.get(path, {"If-None-Match": old}).status == 304


def test_who_does_not_use_the_cache_tells_those_who_do_what_it_writes(stack):
    caching, other = stack.client(), stack.client(stack.service(CACHE="off"))
    product = rows.product(caching)
    path = f"/v1/products/{product['id']}"
    for stock in (5, 6, 7):
        wait_for_hit(caching, path)
        assert other.patch(path, {"stock": stock}).status == 200
        assert caching.get(path).json()["stock"] == stock
        assert other.get(path).json()["stock"] == stock


def test_every_key_in_redis_begins_with_the_prefix(new_stack):
    stack = new_stack(CACHE_PREFIX="orchard")
    client = stack.client()
    wait_for_hit(client, f"/v1/products/{rows.product(client)['id']}")
    keys = stack.redis.command("KEYS", "*").splitlines()
    assert keys and all(key.startswith("orchard") for key in keys), keys


def test_nothing_stays_in_redis_for_ever(stack):
    client = stack.client()
    product = rows.product(client)
    wait_for_hit(client, f"/v1/products/{product['id']}")
    wait_for_hit(client, "/v1/products")
    client.patch(f"/v1/products/{product['id']}", {"stock": 1})
    keys = stack.redis.command("KEYS", "*").splitlines()
    assert keys and [key for key in keys if stack.redis.command("TTL", key) == "-1"] == []


def test_redis_may_be_reached_by_tcp_with_a_password_and_a_database():
    redis = Redis(port=free_port(), password="s3cret/with:signs@")
    stack = Stack(databases.migrated(), redis=False, REDIS_URL=redis.tcp_url(database=5))
    try:
        client = stack.client()
        wait_for_hit(client, f"/v1/products/{rows.product(client)['id']}")
        assert "db5" in redis.command("INFO", "keyspace")
        assert "s3cret" not in stack.first.log.read_text()
    finally:
        stack.close()
        redis.close()


def test_without_redis_the_cache_is_in_the_process(new_stack):
    stack = new_stack(redis=False, CACHE="process")
    client = stack.client()
    product = rows.product(client)
    path = f"/v1/products/{product['id']}"
    wait_for_hit(client, path)
    for stock in range(20):
        assert client.patch(path, {"stock": 100 + stock}).status == 200
        # Each connection may meet another worker.
        for _ in range(4):
            with stack.first.client() as other:
                assert other.get(path).json()["stock"] == 100 + stock


class TestNothingButItself:
    """`larder serve` with neither a database nor a Redis."""

    @pytest.fixture(scope="class")
    def service(self):
        service = Service()
        yield service
        service.close()

    @pytest.fixture(scope="class")
    def client(self, service):
        with service.client() as client:
            yield client

    def test_it_says_that_it_serves_from_memory(self, service):
        wait_until(lambda: "memory" in service.log.read_text().lower(), 5, "the log says it")

    def test_rows_are_created_read_changed_and_deleted(self, client):
        product = rows.product(client)
        path = f"/v1/products/{product['id']}"
        assert client.get(path).json() == product
        assert client.patch(path, {"stock": 3}).json()["version"] == 2
        assert client.get(path).json()["stock"] == 3
        assert client.delete(path).status == 204
        expect.problem(client.get(path), 404)

    def test_all_workers_have_the_same_rows(self, service, client):
        path = f"/v1/products/{rows.product(client)['id']}"
        for stock in range(20):
            assert client.patch(path, {"stock": stock + 100}).status == 200
            for _ in range(4):
                with service.client() as other:
                    assert other.get(path).json()["stock"] == stock + 100

    def test_constraints_hold(self, client):
        product = rows.product(client)
        name = client.get(f"/v1/categories/{product['category_id']}").json()["name"]
        expect.problem(client.post("/v1/categories", {"name": name}), 409)
        expect.problem(client.delete(f"/v1/categories/{product['category_id']}"), 409)
        expect.problem(client.post("/v1/products", rows.product_fields(999999999)), 409)

    def test_orders_take_stock_and_are_counted(self, client):
        product = rows.product(client, stock=5, price="10.00")
        customer = rows.customer(client)
        order = {
            "order_date": "2023-03-10", "customer_id": customer["id"], "lines": [{"product_id": product["id"], "quantity": 4}]}
        assert client.post("/v1/orders", order).json()["total_amount"] == "43.30"
        expect.problem(client.post("/v1/orders", order), 409)
        assert client.get(f"/v1/products/{product['id']}").json()["stock"] == 1
        assert client.get(f"/v1/orders/count?customer_id={customer['id']}").json() == {"count": 1}
        assert client.get(f"/v1/customers/{customer['id']}/summary").json()["total_spent"] == "43.30"

    def test_lists_have_pages(self, client):
        made = [rows.category(client)["id"] for _ in range(5)]
        first = client.get("/v1/categories?sort=-id&limit=3").json()
        rest = client.get("/v1/categories", sort="-id", limit=3, cursor=first["next"]).json()
        found = [row["id"] for row in first["items"] + rest["items"]]
        assert found[:5] == made[::-1]

    def test_it_is_ready_and_readable_by_a_machine(self, service):
        with service.admin() as admin:
            assert admin.get("/livez").status == 200
            assert admin.get("/readyz").status == 200
            metrics = admin.get("/metrics")
        assert metrics.status == 200
        assert all(line.startswith("#") or len(line.rsplit(" ", 1)) == 2 for line in metrics.body.decode().splitlines() if line)
