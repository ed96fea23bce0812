"""What clients and the service agree on for each answer: its method, its type, its form."""

import gzip

import pytest

from support import rows
from support.stack import wait_for_hit

RESOURCES = ["categories", "products", "customers", "orders", "users", "articles", "comments", "applications", "deployments"]


class TestMethods:
    @pytest.mark.parametrize("resource", RESOURCES)
    def test_head_has_the_fields_of_get(self, api, resource):
        for path in f"/v1/{resource}", f"/v1/{resource}/count", f"/v1/{resource}/1":
            wait_for_hit(api, f"/v1/{resource}/count")
            get, head = api.get(path), api.request("HEAD", path)
            assert head.status == get.status and head.body == b""
            for name in "Content-Type", "Content-Length", "ETag", "Cache-Control", "Vary", "Allow":
                assert head.header(name) == get.header(name), f"{name} of {path}"

    @pytest.mark.parametrize("resource", RESOURCES)
    def test_options_and_405_tell_the_methods(self, api, resource):
        for path, allow in (
            (f"/v1/{resource}", "GET, HEAD, POST, PATCH, OPTIONS"), (f"/v1/{resource}/count", "GET, HEAD, OPTIONS"),
            (f"/v1/{resource}/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ):
            options, refused = api.request("OPTIONS", path), api.request("TRACE", path)
            assert (options.status, refused.status) == (204, 405)
            assert options.header("Allow") == refused.header("Allow") == allow


class TestAccept:
    @pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, application/*;q=0.1"])
    def test_json_is_sent_to_those_who_take_it(self, api, accept):
        assert api.get("/v1/categories", {"Accept": accept}).header("Content-Type") == "application/json"

    @pytest.mark.parametrize("accept", ["text/html", "application/json;q=0, */*"])
    def test_it_is_not_sent_to_others(self, api, accept):
        answer = api.get("/v1/categories", {"Accept": accept})
        assert answer.status == 406 and answer.header("Content-Type") == "application/problem+json"
        before = api.get("/v1/categories/count").json()
        assert api.post("/v1/categories", {"name": rows.unique("category")}, {"Accept": accept}).status == 406
        assert api.get("/v1/categories/count").json() == before


class TestGzip:
    GZIP = {"Accept-Encoding": "gzip, deflate"}

    @pytest.fixture(scope="class")
    def path(self, api):
        for _ in range(20):
            rows.category(api)
        return "/v1/categories?limit=20"

    def test_it_is_passed_through_from_every_cache(self, stack, api, path):
        plain = wait_for_hit(api, path)
        there = stack.client(stack.second)
        wait_for_hit(there, path)
        for client in api, there:
            for _ in range(3):
                coded = client.get(path, self.GZIP)
                assert coded.is_hit and coded.header("Content-Encoding") == "gzip"
                assert gzip.decompress(coded.body) == plain.body and len(coded.body) < len(plain.body) / 2
                assert coded.etag == plain.etag[:-1] + '-gzip"'
                assert coded.header("Vary") == plain.header("Vary") == "Accept-Encoding"
            assert client.get(path).body == plain.body

    def test_it_is_in_redis_if_the_one_who_filled_it_took_it(self, stack, api, path):
        rows.category(api)
        assert api.get(path, self.GZIP).cache == "larder; fwd=uri-miss; stored"
        # An answer does not wait for the entry to arrive. What this worker asks Redis next does arrive after it.
        assert api.get(path, self.GZIP).is_hit
        there = stack.client(stack.second)
        plain, coded = there.get(path), there.get(path, self.GZIP)
        assert plain.is_hit and coded.is_hit and gzip.decompress(coded.body) == plain.body

    def test_conditions_hold_for_either_form(self, api, path):
        tags = [api.get(path).etag, api.get(path, self.GZIP).etag]
        for tag in tags:
            for headers, own in ({}, tags[0]), (self.GZIP, tags[1]):
                answer = api.get(path, headers | {"If-None-Match": tag})
                assert answer.status == 304 and answer.etag == own and answer.header("Content-Encoding") is None

    @pytest.mark.parametrize("settings", [{"CACHE": "off"}, {"HTTP_COMPRESSION": "off"}], ids=str)
    def test_it_needs_no_cache_and_can_be_switched_off(self, stack, path, settings):
        with stack.service(**settings).client() as client:
            answer = client.get(path, self.GZIP)
            expected = None if "HTTP_COMPRESSION" in settings else "gzip"
            assert answer.status == 200 and answer.header("Content-Encoding") == expected


class TestCrossOrigin:
    PAGE = "https://shop.example.org"

    @pytest.fixture(scope="class")
    def client(self, stack):
        with stack.service(HTTP_CORS_ORIGINS=f"{self.PAGE},http://localhost:3000").client() as client:
            yield client

    def test_a_listed_page_may_ask_and_read(self, client):
        preflight = client.request(
            "OPTIONS", "/v1/categories",
            headers={"Origin": self.PAGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"})
        assert preflight.status == 204 and "POST" in preflight.header("Access-Control-Allow-Methods")
        answer = client.post("/v1/categories", {"name": rows.unique("category")}, {"Origin": self.PAGE})
        assert answer.status == 201 and answer.header("Access-Control-Allow-Origin") == self.PAGE
        assert "Location" in answer.header("Access-Control-Expose-Headers")

    def test_others_may_not(self, api, client):
        for one in api, client:
            assert one.get("/v1/categories", {"Origin": "https://elsewhere.example"}).header("Access-Control-Allow-Origin") is None
        assert "Origin" in client.get("/v1/categories").header("Vary")


class TestTraces:
    TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"

    def test_they_go_on_in_the_answer(self, api):
        answer = api.get("/v1/categories", {"traceparent": f"00-{self.TRACE}-00f067aa0ba902b7-01"})
        assert answer.header("traceparent").startswith(f"00-{self.TRACE}-") and "00f067aa" not in answer.header("traceparent")
        assert answer.header("Server-Timing").startswith("total;dur=")
        assert api.get("/v1/categories", {"traceparent": "junk"}).header("traceparent") is None
