"""`larder cache warm`: what it read is a hit for everybody, and no staler than anything else."""

import concurrent.futures
import os
import pty
import re
import subprocess
import threading
import time

import pytest

from support import databases, larder
from support.servers import Redis, psql
from support.servers import rows as select
from support.stack import wait_for_hit

RESOURCES = ["categories", "products", "customers", "orders", "users", "articles", "comments", "applications", "deployments"]
LINE = re.compile(r"warmed ([a-z]+): (\d+) entries in \d+\.\d s")


def warm(stack, *arguments):
    """How many entries each resource has now, in the order of the command's lines."""
    done = larder.run("cache", "warm", *arguments, **stack.settings)
    assert done.status == 0, done
    lines = [LINE.fullmatch(line) for line in done.stdout.splitlines()]
    assert all(lines), done
    return {line[1]: int(line[2]) for line in lines}


@pytest.fixture
def seeded():
    """A database of its own for each test."""
    database = databases.migrated()
    assert larder.run("seed", DATABASE_URL=database).status == 0
    return database


@pytest.fixture
def stack(seeded, new_stack):
    return new_stack(seeded)


class TestAFreshDeployment:
    def test_every_row_and_each_first_page_and_count_is_a_hit_of_the_first_read(self, stack, seeded):
        numbers = warm(stack)
        assert list(numbers) == RESOURCES
        client = stack.client(stack.service())
        for resource in RESOURCES:
            ids = [row[0] for row in select(seeded, f"SELECT id FROM {resource}")]
            assert numbers[resource] == len(ids) + 2
            for path in ["", "/count", *(f"/{id}" for id in ids)]:
                answer = client.get(f"/v1/{resource}{path}")
                assert answer.status == 200 and answer.is_hit, (resource, path, answer)

    def test_what_is_warm_already_stays_as_it_is(self, stack):
        first = warm(stack, "products")
        entries = stack.redis.command("DBSIZE")
        assert warm(stack, "products") == first
        assert stack.redis.command("DBSIZE") == entries

    def test_those_resources_that_are_named_and_the_newest_rows(self, stack):
        assert warm(stack, "orders", "articles", "--limit", "3") == {"orders": 5, "articles": 5}
        client = stack.client()
        for resource in ("orders", "articles"):
            ids = [row["id"] for row in client.get(f"/v1/{resource}?sort=-id&limit=4").json()["items"]]
            assert [client.get(f"/v1/{resource}/{id}").is_hit for id in ids] == [True, True, True, False]
        assert not client.get("/v1/products").is_hit

    def test_a_redis_that_those_who_run_do_not_use_is_refused(self, stack):
        wait_for_hit(stack.client(), "/v1/categories/count")
        other = Redis()
        done = larder.run(
            "cache", "warm", "categories", **(stack.settings | {"REDIS_URL": other.url, "CACHE_LEASE_SECONDS": 1}))
        other.close()
        assert done.status == 1 and "who runs may use another" in done.stderr, done

    def test_more_rows_than_are_read_at_a_time(self, new_stack):
        stack = new_stack(databases.dellstore())
        assert warm(stack, "products") == {"products": 10002}
        client = stack.client()
        for id in (1, 4711, 9800, 9801, 10000):
            assert client.get(f"/v1/products/{id}").is_hit


class TestFreshness:
    def test_a_change_after_it_shows_on_an_instance_that_starts_then(self, stack):
        client = stack.client(stack.first)
        row = wait_for_hit(client, "/v1/products/7").json()
        warm(stack, "products")
        assert client.patch("/v1/products/7", {"stock": row["stock"] + 1}).status == 200
        fresh = stack.client(stack.service())
        assert fresh.get("/v1/products/7").json()["stock"] == row["stock"] + 1
        assert fresh.get("/v1/products/8").is_hit

    def test_while_it_runs_writers_are_never_hidden(self, stack):
        here, there = stack.client(stack.first), stack.client(stack.second)
        wait_for_hit(here, "/v1/products/7")
        stop = threading.Event()

        def warm_again_and_again():
            runs = 0
            while not stop.is_set():
                stack.redis.command("EVAL", "for _, k in ipairs(redis.call('KEYS', '*:e:*')) do redis.call('DEL', k) end", "0")
                warm(stack, "products", "categories")
                runs += 1
            return runs

        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            warming = pool.submit(warm_again_and_again)
            try:
                for stock in range(1000, 1300):
                    assert here.patch(f"/v1/products/{7 + stock % 3}", {"stock": stock}).status == 200
                    for client in (there, here):
                        assert client.get(f"/v1/products/{7 + stock % 3}").json()["stock"] == stock
            finally:
                stop.set()
            assert warming.result() > 1


class TestWhenItCannot:
    @pytest.mark.parametrize("arguments, missing, words", [
        (["apples"], None, ["apples", *RESOURCES]), (["products"], "DATABASE_URL", ["set DATABASE_URL"]),
        (["products"], "REDIS_URL", ["set REDIS_URL"]), (["--limit", "none"], None, ["--limit"]),
    ])
    def test_what_is_wrong_is_said_before_anything_is_done(self, seeded, arguments, missing, words):
        settings = {"DATABASE_URL": seeded, "REDIS_URL": "unix:///nowhere/redis.sock"} | ({missing: None} if missing else {})
        done = larder.run("cache", "warm", *arguments, **settings)
        assert done.status == 2 and done.stdout == "", done
        assert all(word in done.stderr for word in words) and "nowhere" not in done.stderr, done

    def test_a_redis_that_goes_away_meanwhile_is_told(self, new_stack):
        stack = new_stack(databases.dellstore())
        warm(stack, "categories")
        command = larder.start("cache", "warm", "products", "customers", **stack.settings)
        assert LINE.fullmatch(command.stdout.readline().rstrip("\n"))
        stack.redis.kill()
        done = larder.finish(command)
        assert done.status == 1 and done.stdout == "", done
        assert f"Redis at {stack.redis.url} cannot be used any more" in done.stderr, done

    def test_a_redis_that_is_busy_for_a_second_is_waited_for(self, new_stack):
        stack = new_stack(databases.dellstore())
        warm(stack, "categories")
        command = larder.start("cache", "warm", "products", "customers", **stack.settings)
        assert LINE.fullmatch(command.stdout.readline().rstrip("\n"))
        stack.redis.pause()
        time.sleep(1)
        stack.redis.resume()
        done = larder.finish(command)
        assert done.status == 0 and LINE.fullmatch(done.stdout.rstrip("\n")), done

    def test_what_redis_does_not_take_is_told(self, seeded, new_stack):
        """An article of control characters is larger than an entry may be, and so is the page that shows it."""
        stack = new_stack(seeded)
        psql(seeded, "UPDATE articles SET body = repeat(E'\\x01', 100000) WHERE id = (SELECT min(id::text)::uuid FROM articles)")
        done = larder.run("cache", "warm", "articles", **stack.settings)
        assert done.status == 0 and done.stdout.startswith("warmed articles: 40 entries"), done
        assert done.stderr.startswith("2 of the articles were not stored"), done


def test_a_terminal_shows_how_far_it_is(stack):
    warm(stack, "categories")
    mine, its = pty.openpty()
    command = subprocess.Popen(
        [larder.binary(), "cache", "warm", "products"], env=larder.environment(**stack.settings), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=its, text=True)
    os.close(its)
    assert LINE.match(command.communicate(timeout=30)[0])
    shown = b""
    try:
        while part := os.read(mine, 1000):
            shown += part
    except OSError:
        pass  # the other end is closed
    os.close(mine)
    shown = shown.decode()
    assert "products" in shown and "100 % 40 rows" in shown and shown.endswith("\r\x1b[2K"), repr(shown)
