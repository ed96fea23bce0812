"""The cache: what it says of itself, conditional requests, settings, and that two instances are never stale."""

import concurrent.futures
import itertools
import re
import time

import pytest

from support import expect, larder, rows
from support.run import wait_until
from support.servers import Session, commits_held, held_commits, psql
from support.stack import wait_for_hit

FORMS = re.compile(
    r"larder; (hit; ttl=-?\d+(; detail=stale-if-error)?|fwd=uri-miss; stored|fwd=miss; collapsed|fwd=bypass; detail=[a-z-]+"
    r"|fwd=request)")


# Ids that no row has. An import of one lets the store count on from there, so they become fewer.
unknown_numbers = itertools.count(900_000_000, -1)


@pytest.fixture(scope="module")
def here(stack):
    client = stack.client(stack.first)
    wait_for_hit(client, "/v1/products/count")
    return client


@pytest.fixture(scope="module")
def there(stack, here):
    client = stack.client(stack.second)
    wait_for_hit(client, "/v1/products/count")
    return client


@pytest.fixture
def product(here):
    return rows.product(here)


@pytest.fixture
def path(product):
    return f"/v1/products/{product['id']}"


@pytest.fixture
def cold(stack, product):
    """The path of a row that no instance has read."""
    copied = psql(
        stack.database,
        "INSERT INTO products (category_id, title, actor, price, special, stock, sold) SELECT category_id, title, actor, price,"
        f" special, stock, sold FROM products WHERE id = {product['id']} RETURNING id")
    return f"/v1/products/{copied.stdout.strip()}"


class TestWhatTheClientAsks:
    """Cache-Control of requests."""

    def test_no_cache_reads_the_store_and_stores_that(self, stack, here, there, cold):
        assert wait_for_hit(here, cold).json()["stock"] != 77777
        # As the service, which says so and announces it, so that nobody hears of it.
        psql(stack.database, f"SET larder.writer = 'on'; UPDATE products SET stock = 77777 WHERE id = {cold.rpartition('/')[2]}")
        assert here.get(cold).json()["stock"] != 77777
        answer = here.get(cold, {"Cache-Control": "no-cache"})
        assert answer.cache == "larder; fwd=request" and answer.json()["stock"] == 77777
        answer = here.get(cold)
        assert answer.is_hit and answer.json()["stock"] == 77777

    def test_no_store_stores_nothing(self, here, cold):
        assert here.get(cold, {"Cache-Control": "no-store"}).cache == "larder; fwd=request"
        assert here.get(cold).cache == "larder; fwd=uri-miss; stored"

    def test_only_if_cached_never_asks_the_store(self, here, there, cold):
        only = {"Cache-Control": "only-if-cached"}
        answer = here.get(cold, only)
        assert answer.status == 504 and answer.json()["type"] == "/problems/not-cached"
        wait_for_hit(here, cold)
        assert here.get(cold, only).is_hit
        assert there.get(cold, only).is_hit, "what is in Redis is cached too"

    def test_max_stale_is_for_those_who_ask_for_it(self, stack, there):
        """One worker, so that it is the one whose memory has the entry."""
        service = stack.service(HTTP_WORKERS=1)
        with service.client() as client:
            path = f"/v1/products/{rows.product(there)['id']}"
            before = wait_for_hit(client, path).json()["stock"]
            assert there.patch(path, {"stock": before + 1}).status == 200
            assert client.get(path, {"Cache-Control": "max-stale=60"}).json()["stock"] == before
            assert client.get(path, {"Cache-Control": "max-stale=0"}).json()["stock"] == before + 1
            assert client.get(path, {"Cache-Control": "max-stale"}).json()["stock"] == before + 1


class TestCacheStatus:
    def test_the_first_read_is_stored_and_the_second_is_a_hit(self, here, cold):
        assert here.get(cold).cache == "larder; fwd=uri-miss; stored"
        seconds = re.fullmatch(r"larder; hit; ttl=(\d+)", here.get(cold).cache)
        assert seconds and 0 < int(seconds[1]) <= 300

    def test_what_one_instance_stored_the_other_hits(self, here, there, cold):
        stored = here.get(cold)
        answer = there.get(cold)
        assert answer.is_hit and answer.body == stored.body and answer.etag == stored.etag

    @pytest.mark.parametrize("kind", [
        "/v1/products", "/v1/products?limit=2&sort=-price&stock[gt]=1", "/v1/products/count", "/v1/products/count?stock[lt]=5"])
    def test_lists_and_counts_are_cached_too(self, here, product, kind):
        answer = wait_for_hit(here, kind)
        assert FORMS.fullmatch(answer.cache)

    def test_it_is_not_on_writes(self, here, product, path):
        for answer in (
            here.post("/v1/categories", {"name": rows.unique("category")}), here.patch(path, {"stock": 3}),
            here.put(path, rows.product_fields(product["category_id"])), here.delete(path),
        ):
            assert answer.status < 300 and answer.cache is None, answer

    def test_waiting_for_another_load_is_told(self, stack, here, cold):
        """Many at once on a cold key cost the store one query."""
        service = stack.service(HTTP_WORKERS=1)
        with service.client() as client:
            wait_for_hit(client, "/v1/products/count")
        with Session(stack.database) as session, concurrent.futures.ThreadPoolExecutor(10) as pool:
            session.run("BEGIN")
            session.run("LOCK TABLE products IN ACCESS EXCLUSIVE MODE")
            answers = [pool.submit(lambda: service.client().get(cold)) for _ in range(10)]
            time.sleep(0.5)
            session.run("COMMIT")
            found = sorted(answer.result().cache for answer in answers)
        service.close()
        assert found == ["larder; fwd=miss; collapsed"] * 9 + ["larder; fwd=uri-miss; stored"]

    def test_a_write_that_may_commit_any_moment_is_told(self, stack, here, there, product, path):
        for client in (here, there):
            wait_for_hit(client, path)
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            with held_commits(stack.database, product["id"]):
                writing = pool.submit(lambda: stack.first.client().patch(path, {"stock": 77}))
                wait_until(lambda: commits_held(stack.database) == 1, 5, "the write is about to be committed")
                for client in (here, there):
                    answer = client.get(path)
                    assert answer.json() == product
                    assert answer.cache == "larder; fwd=bypass; detail=write-in-flight"
            assert writing.result().status == 200
        for client in (here, there):
            assert client.get(path).json()["stock"] == 77


class TestWhatIsNotThere:
    """It is cached like what is there, and ends when it is made."""

    PATHS = ["/v1/products/{}", "/v1/products/{}?include=category", "/v1/customers/{}/summary", "/v1/applications/{}/status",
             "/v1/articles/00000000-0000-7000-8000-{:012}"]

    @pytest.fixture
    def unknown(self):
        return next(unknown_numbers)

    @pytest.mark.parametrize("path", PATHS)
    def test_the_second_404_is_a_hit_on_both_instances(self, here, there, path, unknown):
        path = path.format(unknown)
        first = here.get(path)
        expect.problem(first, 404)
        assert first.cache == "larder; fwd=uri-miss; stored"
        for client in (here, there, here):
            answer = client.get(path)
            expect.problem(answer, 404)
            assert answer.is_hit and answer.body == first.body and answer.header("Cache-Control") == "no-store"
            assert client.request("HEAD", path).is_hit

    def test_what_the_client_asks_holds_for_it_too(self, stack, here, there, unknown):
        path = f"/v1/products/{unknown}"
        only = {"Cache-Control": "only-if-cached"}
        expect.problem(here.get(path, only), 504)
        assert here.get(path, {"Cache-Control": "no-store"}).cache == "larder; fwd=request"
        expect.problem(here.get(path, only), 504)
        assert here.get(path).status == 404
        for client in (here, there):
            answer = client.get(path, only)
            assert answer.status == 404 and answer.is_hit
        # As the service, which says so and announces it, so that nobody hears of it.
        category = rows.category(here)["id"]
        psql(stack.database,
             "SET larder.writer = 'on'; INSERT INTO products (id, category_id, title, actor, price, special, stock, sold)"
             f" VALUES ({unknown}, {category}, 'A', 'B', 1, false, 1, 1)")
        assert here.get(path).status == 404
        answer = here.get(path, {"Cache-Control": "no-cache"})
        assert answer.status == 200 and answer.cache == "larder; fwd=request"
        assert here.get(path).status == 200 and there.get(path, {"Cache-Control": "no-cache"}).status == 200

    def test_what_is_made_on_one_shows_on_the_other_every_time(self, here, there):
        clients = [here, there]
        id = rows.category(here)["id"]
        for turn in range(30):
            for client in clients:
                assert client.get(f"/v1/categories/{id + 1}").status == 404
            id = rows.category(clients[turn % 2])["id"]
            for client in clients:
                assert client.get(f"/v1/categories/{id}").status == 200

    def test_a_customer_who_is_made_has_a_summary_and_an_application_a_status(self, here, there):
        customer = rows.customer(here)["id"]
        application = rows.created(here, "/v1/applications", {"name": rows.unique("app"), "owner": "ops"})["id"]
        paths = [f"/v1/customers/{customer + 1}/summary", f"/v1/applications/{application + 1}/status"]
        assert [client.get(path).status for client in (here, there) for path in paths] == [404] * 4
        rows.customer(there)
        rows.created(there, "/v1/applications", {"name": rows.unique("app"), "owner": "ops"})
        assert [client.get(path).status for client in (here, there) for path in paths] == [200] * 4

    def test_what_is_imported_shows_and_what_is_deleted_is_gone_again(self, stack, here, there, unknown, tmp_path):
        path = f"/v1/categories/{unknown}"
        assert [client.get(path).status for client in (here, there)] == [404, 404]
        file = tmp_path / "categories.csv"
        for _ in range(2):
            file.write_text(f"id,name\n{unknown},{rows.unique('category')}\n")
            assert larder.run("import", "categories", file, **stack.settings).status == 0
            assert [client.get(path).status for client in (here, there)] == [200, 200]
            assert there.delete(path).status == 204
            assert [client.get(path).status for client in (here, there)] == [404, 404]
            assert here.get(path).is_hit

    def test_404_of_a_write_says_nothing_of_the_cache(self, here, unknown):
        for answer in (here.delete(f"/v1/products/{unknown}"), here.patch(f"/v1/products/{unknown}", {"stock": 1})):
            expect.problem(answer, 404)
            assert answer.cache is None


class TestConditionalRequests:
    def test_every_200_has_an_etag(self, here, path):
        for read in (path, "/v1/products", "/v1/products/count", "/v1/categories?limit=1"):
            assert re.fullmatch(r'(W/)?"[!-~]+"', here.get(read).etag), read

    @pytest.mark.parametrize("form", ["{etag}", "W/{opaque}", '"other", {etag}', '"other",W/{opaque} , "another"', "*"])
    def test_what_the_client_has_is_304(self, here, path, form):
        full = here.get(path)
        condition = form.format(etag=full.etag, opaque=full.etag.removeprefix("W/"))
        answer = here.get(path, {"If-None-Match": condition})
        assert answer.status == 304 and answer.body == b""
        assert answer.etag == full.etag and answer.header("Cache-Control") == full.header("Cache-Control")

    @pytest.mark.parametrize("condition", ['"other"', '"other", "another"', "other", '"'])
    def test_what_the_client_has_not_is_200(self, here, path, condition):
        assert here.get(path, {"If-None-Match": condition}).status == 200

    def test_a_hit_and_a_load_have_the_same_etag_and_bytes(self, here, there, cold):
        loaded = here.get(cold)
        hit = wait_for_hit(there, cold)
        assert (loaded.etag, loaded.body) == (hit.etag, hit.body)

    @pytest.mark.parametrize("write", ["PATCH", "PUT"])
    def test_after_a_write_the_old_etag_is_200(self, here, there, product, path, write):
        for client in (here, there):
            wait_for_hit(client, path)
        old = here.get(path).etag
        change = {"stock": 3} if write == "PATCH" else rows.product_fields(product["category_id"])
        assert here.request(write, path, change).status == 200
        for client in (here, there):
            answer = client.get(path, {"If-None-Match": old})
            assert answer.status == 200 and answer.etag != old
            assert answer.json()["version"] == 2

    def test_lists_and_counts_too(self, here, there, product):
        paths = [f"/v1/products?category_id={product['category_id']}", f"/v1/products/count?category_id={product['category_id']}"]
        old = {path: wait_for_hit(here, path).etag for path in paths}
        rows.product(here, category_id=product["category_id"])
        for client in (here, there):
            for path in paths:
                answer = client.get(path, {"If-None-Match": old[path]})
                assert answer.status == 200 and answer.etag != old[path]

    def test_a_change_that_is_taken_back_has_the_content_but_not_the_version(self, here, product, path):
        here.patch(path, {"stock": 3})
        here.patch(path, {"stock": product["stock"]})
        assert here.get(path).json()["version"] == 3


class TestCacheControl:
    def test_others_have_to_ask_again(self, here, path):
        for read in (path, "/v1/products", "/v1/products/count"):
            assert here.get(read).header("Cache-Control") == "private, no-cache"

    def test_answers_to_writes_are_for_nobody_else(self, here):
        answer = here.post("/v1/categories", {"name": rows.unique("category")})
        assert answer.header("Cache-Control") == "no-store"


class TestTwoInstances:
    def test_a_change_on_one_shows_on_the_other_every_time(self, here, there, path):
        clients = [here, there]
        for stock in range(100, 160):
            assert clients[stock % 2].patch(path, {"stock": stock}).status == 200
            for client in clients:
                assert client.get(path).json()["stock"] == stock

    def test_what_was_deleted_is_404_on_both(self, here, there, path):
        for client in (here, there):
            wait_for_hit(client, path)
        assert there.delete(path).status == 204
        assert [client.get(path).status for client in (here, there)] == [404, 404]

    def test_what_moved_to_another_category_is_in_its_list_and_no_longer_in_the_old_one(self, here, there, product, path):
        other = rows.category(here)["id"]
        lists = {one: f"/v1/products?category_id={one}" for one in (product["category_id"], other)}
        for client in (here, there):
            for one in lists.values():
                wait_for_hit(client, one)
        assert here.patch(path, {"category_id": other}).status == 200
        for client in (here, there):
            found = [[row["id"] for row in client.get(one).json()["items"]] for one in lists.values()]
            assert found == [[], [product["id"]]]

    def test_a_write_that_was_refused_leaves_no_trace(self, here, there, product, path):
        assert here.patch(path, {"stock": 3, "category_id": 999999999}).status == 409
        for client in (here, there):
            assert client.get(path).json() == product


def test_hits_that_are_audited_are_counted_and_none_differs(new_stack):
    stack = new_stack(HTTP_WORKERS=1, CACHE_AUDIT_ONE_IN=1)
    client = stack.client()
    product = rows.product(client)
    path = f"/v1/products/{product['id']}"
    wait_for_hit(client, path)
    for stock in range(50, 60):
        assert client.patch(path, {"stock": stock}).status == 200
        assert client.get(path).json()["stock"] == stock
    with stack.first.admin() as admin:
        text = admin.get("/metrics").body.decode()
    audited = int(re.search(r"^larder_freshness_audited_total (\d+)$", text, re.M)[1])
    assert audited >= 10 and "\nlarder_freshness_violations_total 0\n" in text, text
