"""Redis goes away, hangs, comes back, forgets."""

import concurrent.futures
import json
import signal
import time

import pytest

from support import larder, rows
from support.run import wait_until
from support.servers import Redis, Session, value
from support.stack import wait_for_hit

# How long a request may take when a cache server has just gone.
BOUND = 2.0


def timed(action):
    began = time.monotonic()
    answer = action()
    return answer, time.monotonic() - began


def goes_on(client, product, seconds=1.0):
    """Reads and writes that are right and in time; the last state of the product."""
    path = f"/v1/products/{product['id']}"
    stock, deadline = product["stock"], time.monotonic() + seconds
    while time.monotonic() < deadline:
        stock += 1
        answer, duration = timed(lambda: client.patch(path, {"stock": stock}))
        assert answer.status == 200 and duration < BOUND, (answer, duration)
        answer, duration = timed(lambda: client.get(path))
        assert answer.status == 200 and duration < BOUND, (answer, duration)
        assert answer.json()["stock"] == stock
        answer, duration = timed(lambda: client.get("/v1/products/count"))
        assert answer.status == 200 and duration < BOUND, (answer, duration)
        product = client.get(path).json()
    return product


class TestRedis:
    @pytest.fixture
    def stack(self, new_stack):
        return new_stack()

    @pytest.fixture
    def client(self, stack):
        return stack.client()

    @pytest.fixture
    def product(self, client):
        product = rows.product(client)
        wait_for_hit(client, f"/v1/products/{product['id']}")
        return product

    def test_killed_reads_and_writes_go_on_and_when_it_is_back_they_are_cached_again_and_right(self, stack, client, product):
        path = f"/v1/products/{product['id']}"
        stack.redis.kill()
        product = goes_on(client, product)
        answer = client.get(path)
        assert answer.cache == "larder; fwd=bypass; detail=cache-unreachable"
        stack.redis.start()
        product = goes_on(client, product)
        assert wait_for_hit(client, path).json() == product
        stock = product["stock"] + 1
        assert client.patch(path, {"stock": stock}).status == 200
        assert wait_for_hit(client, path).json()["stock"] == stock

    def test_what_others_wrote_under_its_keys_is_a_miss_that_heals(self, stack, client, product):
        other = stack.client(stack.second)
        assert client.get("/v1/products/999999999").status == 404
        breaks = [
            "redis.call('SET', KEYS[1], redis.call('GET', KEYS[2]))",  # that there is nothing, of a list
            "redis.call('SET', KEYS[1], string.sub(redis.call('GET', KEYS[1]), 1, -8))",
            "redis.call('SETRANGE', KEYS[1], 60, 'xyz')",
            "redis.call('SET', KEYS[1], '')",
            "redis.call('DEL', KEYS[1]) redis.call('LPUSH', KEYS[1], 'x')",
        ]
        for limit, script in enumerate(breaks, start=3):
            path = f"/v1/products?sort=id&limit={limit}"
            right = wait_for_hit(client, path).body
            [listed] = stack.redis.command("KEYS", f"*:e:products?*limit={limit}").split()
            [nothing] = stack.redis.command("KEYS", "*:e:products:999999999").split()
            stack.redis.command("EVAL", script, "2", listed, nothing)
            answer = other.get(path)
            assert answer.status == 200 and answer.body == right and "stored" in answer.cache, (script, answer)
            assert wait_for_hit(other, path).body == right
        with stack.second.admin() as admin:
            # A key of another type is no entry, as far as Redis says.
            assert "larder_cache_unusable_entries_total 4\n" in admin.get("/metrics").body.decode()

    def test_a_tag_that_others_wrote_over_gets_a_new_token(self, stack, client, product):
        other = stack.client(stack.second)
        path = f"/v1/products/{product['id']}"
        for script in ["redis.call('DEL', KEYS[1]) redis.call('LPUSH', KEYS[1], 'x')", "redis.call('SET', KEYS[1], 'x')"]:
            for write in (False, True):
                [tag] = stack.redis.command("KEYS", f"*:t:products:{product['id']}").split()
                stack.redis.command("EVAL", script, "1", tag)
                if write:
                    product["stock"] += 1
                    assert client.patch(path, {"stock": product["stock"]}).status == 200
                for reader in (client, other):
                    assert wait_for_hit(reader, path).json()["stock"] == product["stock"]

    def test_killed_between_two_instances_neither_is_stale_when_it_is_back(self, stack, client, product):
        other = stack.client(stack.second)
        path = f"/v1/products/{product['id']}"
        wait_for_hit(other, path)
        stack.redis.kill()
        assert client.patch(path, {"stock": 77}).status == 200
        assert other.get(path).json()["stock"] == 77
        stack.redis.start()
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            assert other.get(path).json()["stock"] == 77
        assert wait_for_hit(other, path).json()["stock"] == 77

    def test_restarted_at_once_what_it_held_is_not_served(self, stack, client, product):
        path = f"/v1/products/{product['id']}"
        for stock in (50, 60):
            stack.redis.restart()
            assert client.patch(path, {"stock": stock}).status == 200
            assert client.get(path).json()["stock"] == stock

    def test_hanging_reads_and_writes_go_on_and_what_was_written_is_seen_after(self, stack, client, product):
        path = f"/v1/products/{product['id']}"
        stack.redis.pause()
        answer, duration = timed(lambda: client.get(path))
        assert answer.json() == product and duration < BOUND, (answer, duration)
        product = goes_on(client, product)
        stack.redis.resume()
        deadline = time.monotonic() + 3
        while time.monotonic() < deadline:
            assert client.get(path).json() == product
        assert wait_for_hit(client, path).json() == product

    def test_hanging_a_write_through_one_worker_is_seen_through_all_at_once(self, new_stack):
        stack = new_stack(HTTP_WORKERS=4)
        clients = [stack.client() for _ in range(16)]  # each connection may meet another worker
        product = rows.product(clients[0])
        path = f"/v1/products/{product['id']}"
        for stock in range(1001, 1006):
            for client in clients:
                wait_for_hit(client, path)
            # The worker that writes notices that it hangs; those that were idle do not.
            stack.redis.pause()
            assert clients[0].patch(path, {"stock": stock}).status == 200
            stack.redis.resume()
            for client in clients[1:] + clients:
                assert client.get(path).json()["stock"] == stock

    def test_hanging_all_of_many_readers_are_answered_in_time(self, stack, client, product):
        stack.redis.pause()

        def read(_):
            with stack.first.client() as one:
                return timed(lambda: one.get(f"/v1/products/{product['id']}"))

        with concurrent.futures.ThreadPoolExecutor(40) as pool:
            answers = list(pool.map(read, range(40)))
        assert {answer.status for answer, _ in answers} == {200}
        assert max(duration for _, duration in answers) < BOUND

    def test_emptied_all_is_loaded_anew(self, stack, client, product):
        path = f"/v1/products/{product['id']}"
        stack.redis.command("FLUSHALL")
        assert client.patch(path, {"stock": 5}).status == 200
        assert client.get(path).json()["stock"] == 5
        assert wait_for_hit(client, path).json()["stock"] == 5

    def test_the_service_starts_without_it_and_uses_it_when_it_comes(self, stack):
        stack.redis.kill()
        client = stack.client()
        product = rows.product(client)
        goes_on(client, product, 0.2)
        stack.redis.start()
        wait_for_hit(client, f"/v1/products/{product['id']}")

    def test_the_log_tells_of_its_beginning_and_its_end_and_not_of_every_attempt(self, new_stack):
        stack = new_stack(HTTP_WORKERS=1)
        client = stack.client()
        product = rows.product(client)
        wait_for_hit(client, f"/v1/products/{product['id']}")
        start = stack.first.log.stat().st_size
        stack.redis.kill()
        product = goes_on(client, product, 3)
        stack.redis.start()
        wait_for_hit(client, f"/v1/products/{product['id']}")
        # A thread of its own writes it.
        wait_until(lambda: '"the cache is open"' in stack.first.log.read_text()[start:], 5, "the log tells of the end")
        found = [json.loads(line) for line in stack.first.log.read_text()[start:].splitlines()]
        told = [line["message"] for line in found if line["level"] == "warning"]
        assert told == ["Redis cannot be used", "nobody who reaches the cache announces a write: it is closed"], found
        assert found[-1]["level"] == "info" and found[-1]["message"] == "the cache is open", found
        assert len(found) <= 5, found

    def test_full_it_still_takes_announcements_and_keeps_nothing_new(self, new_stack):
        stack = new_stack(HTTP_WORKERS=1)
        stack.redis.command("CONFIG", "SET", "maxmemory-policy", "noeviction")
        here, there = stack.client(stack.first), stack.client(stack.second)
        product = rows.product(here)
        path = f"/v1/products/{product['id']}"
        # At the edge of its memory it has room one moment and none the next.
        for stock in range(1001, 1006):
            wait_for_hit(there, path)
            stack.redis.command("CONFIG", "SET", "maxmemory", "1")
            assert there.get(path).is_hit
            assert here.patch(path, {"stock": stock}).status == 200
            for client in (there, here, there):
                answer = client.get(path)
                assert answer.json()["stock"] == stock and not answer.is_hit, answer
            stack.redis.command("CONFIG", "SET", "maxmemory", "128mb")
        for service in (stack.first, stack.second):
            assert "cannot be used" not in service.log.read_text() and "is closed" not in service.log.read_text()

    def test_it_is_no_reason_not_to_be_ready(self, stack, client):
        stack.redis.kill()
        client.get("/v1/products/count")
        with stack.first.admin() as admin:
            assert admin.get("/readyz").status == 200


@pytest.fixture
def another_redis():
    redis = Redis()
    yield redis
    redis.close()


@pytest.mark.parametrize("setting", ["REDIS_URL", "CACHE_PREFIX"])
def test_an_instance_with_another_cache_has_none_and_is_right_all_the_same(new_stack, another_redis, setting):
    stack = new_stack()
    client = stack.client()
    product = rows.product(client)
    path = f"/v1/products/{product['id']}"
    other = stack.service(**{setting: {"REDIS_URL": another_redis.url, "CACHE_PREFIX": "other"}[setting]})
    with other.client() as there:
        for stock in range(77, 87):
            wait_for_hit(client, path)
            assert there.patch(path, {"stock": stock}).status == 200
            assert client.get(path).json()["stock"] == stock
            assert there.get(path).json()["stock"] == stock
            assert client.patch(path, {"stock": stock + 100}).status == 200
            answer = there.get(path)
            assert answer.json()["stock"] == stock + 100 and answer.cache == "larder; fwd=bypass; detail=closed", answer


class TestAWriteWhileRedisHangs:
    @pytest.fixture
    def stack(self, new_stack):
        return new_stack(HTTP_WORKERS=2)

    @pytest.fixture
    def product(self, stack):
        product = rows.product(stack.client())
        wait_for_hit(stack.client(stack.second), f"/v1/products/{product['id']}")
        return product

    def test_is_seen_though_its_instance_ends(self, stack, product):
        path = f"/v1/products/{product['id']}"
        stack.redis.pause()
        assert stack.client().patch(path, {"stock": 77}).status == 200
        stack.first.interrupt(signal.SIGTERM)
        assert stack.first.wait(5) == 0
        stack.redis.resume()
        assert stack.client(stack.second).get(path).json()["stock"] == 77

    def test_is_seen_though_its_instance_is_killed(self, stack, product):
        path = f"/v1/products/{product['id']}"
        stack.redis.pause()
        assert stack.client().patch(path, {"stock": 77}).status == 200
        stack.first.kill()
        stack.redis.resume()
        assert stack.client(stack.second).get(path).json()["stock"] == 77

    def test_by_an_import_is_seen_and_needs_no_redis(self, stack, product, tmp_path):
        file = tmp_path / "products.csv"
        file.write_text(
            f"id,category_id,title,actor,price,special,stock,sold\n{product['id']},{product['category_id']},T,A,1,false,77,0\n")
        stack.redis.pause()
        done = larder.run("import", "products", file, **stack.settings)
        assert done.status == 0, done
        assert stack.client(stack.second).get(f"/v1/products/{product['id']}").json()["stock"] == 77
        stack.redis.resume()
        assert stack.client(stack.second).get(f"/v1/products/{product['id']}").json()["stock"] == 77
