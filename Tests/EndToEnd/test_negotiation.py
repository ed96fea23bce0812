"""What clients and the service agree on for each answer: its method, its type, its form."""

import gzip

import pytest

from support import databases, expect, larder, rows
from support.stack import Stack, wait_for_hit

RESOURCES = ["categories", "products", "customers", "orders", "users", "articles", "comments", "applications", "deployments"]


@pytest.fixture(scope="module")
def stack():
    """Servers over a database in which each resource has rows."""
    database = databases.migrated()
    assert larder.run("seed", DATABASE_URL=database).status == 0
    stack = Stack(database)
    yield stack
    stack.close()


class TestMethods:
    # What differs from one answer to the next.
    OF_EACH = {"Date", "X-Request-Id", "Cache-Status"}

    @pytest.mark.parametrize("coding", ["identity", "gzip"])
    @pytest.mark.parametrize("resource", RESOURCES)
    def test_head_has_the_fields_of_get(self, api, resource, coding):
        row = api.get(f"/v1/{resource}?limit=1").json()["items"][0]["id"]
        for path in "", "/count", f"/{row}", "?limit=2", "?unknown=1", "/0":
            get, head = (api.request(method, f"/v1/{resource}{path}", headers={"Accept-Encoding": coding})
                         for method in ("GET", "HEAD"))
            assert head.status == get.status and head.body == b""
            assert [field for field in head.headers if field[0] not in self.OF_EACH] == [
                field for field in get.headers if field[0] not in self.OF_EACH], path

    @pytest.mark.parametrize("resource", RESOURCES)
    def test_options_and_405_tell_the_methods(self, api, resource):
        for path, allow in (
            (f"/v1/{resource}", "GET, HEAD, POST, PATCH, OPTIONS"), (f"/v1/{resource}/count", "GET, HEAD, OPTIONS"),
            (f"/v1/{resource}/1", "GET, HEAD, PUT, PATCH, DELETE, OPTIONS"),
        ):
            options = api.request("OPTIONS", path)
            assert (options.status, options.body, options.header("Allow")) == (204, b"", allow)
            for method in {"PUT", "POST", "PATCH", "DELETE", "TRACE", "QUERY"} - set(allow.split(", ")):
                refused = api.request(method, path)
                expect.problem(refused, 405, mentions=[allow])
                assert refused.header("Allow") == allow


class TestAccept:
    @pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, application/*;q=0.1"])
    def test_json_is_sent_to_those_who_take_it(self, api, accept):
        assert api.get("/v1/categories", {"Accept": accept}).header("Content-Type") == "application/json"

    @pytest.mark.parametrize("accept", ["text/html", "application/json;q=0, */*"])
    def test_it_is_not_sent_to_others(self, api, accept):
        answer = api.get("/v1/categories", {"Accept": accept})
        expect.problem(answer, 406)
        before = api.get("/v1/categories/count").json()
        assert api.post("/v1/categories", {"name": rows.unique("category")}, {"Accept": accept}).status == 406
        assert api.get("/v1/categories/count").json() == before

    def test_what_has_no_content_is_for_all(self, api):
        path = f"/v1/categories/{rows.category(api)['id']}"
        assert api.delete(path, {"Accept": "text/html"}).status == 204
        assert api.get("/docs", {"Accept": "text/html"}).status == 200
        assert api.get("/docs/style.css", {"Accept": "text/css"}).status == 200


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

    @pytest.mark.parametrize("accept", ["", "identity", "gzip;q=0", "gzip;q=0.5, identity", "br, deflate"])
    def test_it_is_not_sent_to_those_who_do_not_want_it(self, api, path, accept):
        answer = api.get(path, {"Accept-Encoding": accept})
        assert answer.header("Content-Encoding") is None and answer.json()["items"]
        assert not answer.etag.endswith('-gzip"') and answer.header("Vary") == "Accept-Encoding"

    def test_what_fits_into_a_packet_is_sent_as_it_is(self, api):
        answer = api.get("/v1/categories/count", self.GZIP)
        assert answer.header("Content-Encoding") is None and answer.header("Vary") == "Accept-Encoding"

    def test_problems_and_writes_are_sent_as_they_are(self, api):
        many = [{"name": rows.unique("category")} for _ in range(20)]
        created = api.post("/v1/categories", many, self.GZIP)
        assert created.status == 201 and len(created.json()["items"]) == 20
        refused = api.post("/v1/categories", [{}] * 20, self.GZIP)
        assert len(expect.problem(refused, 422)["errors"]) == 20

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

    def preflight(self, client, origin, path="/v1/categories"):
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,idempotency-key"}
        return client.request("OPTIONS", path, headers={"Origin": origin} | asked)

    def told(self, answer):
        return {name.removeprefix("Access-Control-"): value for name, value in answer.headers if name.startswith("Access-Control-")}

    def test_a_listed_page_may_ask(self, client):
        preflight = self.preflight(client, self.PAGE)
        told = self.told(preflight)
        assert preflight.status == 204 and told.keys() == {"Allow-Origin", "Allow-Methods", "Allow-Headers", "Max-Age"}
        assert told["Allow-Origin"] == self.PAGE and told["Max-Age"] == "7200"
        assert {"POST", "PATCH", "DELETE"} < set(told["Allow-Methods"].split(", "))
        assert {"Content-Type", "Idempotency-Key", "If-Match", "Prefer"} < set(told["Allow-Headers"].split(", "))

    def test_it_may_read_answers_and_problems(self, client):
        created = client.post("/v1/categories", {"name": rows.unique("category")}, {"Origin": self.PAGE})
        refused = client.get("/v1/categories/987654321", {"Origin": self.PAGE})
        assert (created.status, refused.status) == (201, 404)
        for answer in created, refused:
            told = self.told(answer)
            assert told.keys() == {"Allow-Origin", "Expose-Headers"} and told["Allow-Origin"] == self.PAGE
            assert {"Location", "ETag", "X-Request-Id"} < set(told["Expose-Headers"].split(", "))

    def test_others_may_not(self, api, client):
        for one in api, client:
            assert self.told(one.get("/v1/categories", {"Origin": "https://elsewhere.example"})) == {}
            assert self.told(self.preflight(one, "https://elsewhere.example")) == {}

    def test_caches_are_told_that_it_depends(self, api, client):
        for origin in {"Origin": self.PAGE}, {"Origin": "https://elsewhere.example"}, {}:
            assert client.get("/v1/categories", origin).header("Vary") == "Accept-Encoding, Origin"
            assert client.get("/v1/categories/987654321", origin).header("Vary") == "Origin"
        assert api.get("/v1/categories").header("Vary") == "Accept-Encoding"

    def test_all_pages_may_if_the_operator_says_so(self, stack):
        with stack.service(HTTP_CORS_ORIGINS="*").client() as client:
            answer = client.get("/v1/categories", {"Origin": "https://elsewhere.example"})
            assert self.told(answer)["Allow-Origin"] == "*" and answer.header("Vary") == "Accept-Encoding"


class TestTraces:
    TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"

    def ask(self, api, flags):
        return api.get("/v1/categories", {"traceparent": f"00-{self.TRACE}-{self.SPAN}-{flags}"})

    def test_they_go_on_in_the_answer(self, api):
        answers = [self.ask(api, "01") for _ in range(2)]
        spans = set()
        for answer in answers:
            version, trace, span, flags = answer.header("traceparent").split("-")
            assert (version, trace, flags) == ("00", self.TRACE, "01")
            spans.add(span)
            assert float(answer.header("Server-Timing").removeprefix("total;dur=")) > 0
        assert len(spans | {self.SPAN}) == 3

    def test_only_recorded_ones_are_measured(self, api):
        answer = self.ask(api, "00")
        assert answer.header("traceparent").endswith("-00") and answer.header("Server-Timing") is None

    @pytest.mark.parametrize("parent", ["junk", f"00-{'0' * 32}-{SPAN}-01", f"ff-{TRACE}-{SPAN}-01"])
    def test_what_is_none_is_ignored(self, api, parent):
        answer = api.get("/v1/categories", {"traceparent": parent})
        assert answer.status == 200
        assert answer.header("traceparent") is None and answer.header("Server-Timing") is None


class TestRequestIds:
    def test_a_sane_one_is_taken_over_and_others_get_another(self, api):
        for given, is_kept in ("checkout-42", True), ("x" * 128, True), ("x" * 129, False), ("two words", False), ("<script>", False):
            answer = api.get("/v1/nothing", {"X-Request-Id": given})
            assert (answer.header("X-Request-Id") == given) == is_kept and answer.header("X-Request-Id")

    def test_each_request_has_its_own(self, api):
        assert len({api.get("/v1/categories/count").header("X-Request-Id") for _ in range(20)}) == 20
