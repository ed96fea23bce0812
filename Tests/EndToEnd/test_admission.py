"""Who is let in: pages of other origins, other names, bodies that say nothing of themselves; and that all can read why not."""

import json
import zlib

import pytest

from support import expect, larder, rows
from support.client import Raw

SHOP = "https://shop.example.org"
EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def service():
    service = larder.Service(HTTP_CORS_ORIGINS=f"{SHOP},http://localhost:3000", HTTP_HEADER_SECONDS=1)
    yield service
    service.close()


@pytest.fixture(scope="module")
def api(service):
    with service.client() as client:
        yield client


@pytest.fixture(scope="module")
def admin(service):
    with service.admin() as client:
        yield client


def count(api):
    return api.get("/v1/categories/count").json()["count"]


def category():
    return {"name": rows.unique("category")}


class TestAPageOfAnotherOrigin:
    # What a page can send without asking first, as browsers send it.
    FORMS = {
        "bytes by fetch": {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Origin": EVIL},
        "text by a beacon": {"Sec-Fetch-Site": "cross-site", "Origin": EVIL, "Content-Type": "text/plain;charset=UTF-8"},
        "a form": {"Origin": EVIL, "Content-Type": "application/x-www-form-urlencoded"},
        "a form of a file": {"Origin": "null", "Content-Type": "text/plain"},
        "JSON of a browser that did not ask": {"Origin": EVIL, "Content-Type": "application/json"},
        "JSON from a neighbour": {"Sec-Fetch-Site": "same-site", "Origin": "http://localhost:9999", "Content-Type": "application/json"},
    }

    @pytest.mark.parametrize("form", FORMS)
    def test_plants_no_row(self, api, form):
        before = count(api)
        answer = api.post("/v1/categories", json.dumps(category()).encode(), self.FORMS[form])
        expect.problem(answer, 403)
        assert count(api) == before

    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("path, body", [
        ("/cache/clear", b""), ("/cache/clear", b"x"), ("/cache/invalidate", b'{"tags": ["categories"]}')])
    def test_administers_nothing(self, admin, form, path, body):
        expect.problem(admin.post(path, body, self.FORMS[form]), 403)

    def test_administers_nothing_though_it_may_use_the_api(self, admin):
        expect.problem(admin.post("/cache/clear", b"", {"Origin": SHOP}), 403)

    def test_deletes_nothing(self, api):
        row = rows.category(api)
        expect.problem(api.delete(f"/v1/categories/{row['id']}", {"Origin": EVIL}), 403)
        assert api.get(f"/v1/categories/{row['id']}").status == 200

    def test_may_if_the_operator_says_so(self, api):
        headers = {"Origin": SHOP, "Sec-Fetch-Site": "cross-site"}
        assert api.post("/v1/categories", category(), headers).status == 201

    def test_of_this_service_may(self, service, api, admin):
        for host in f"127.0.0.1:{service.port}", f"localhost:{service.port}":
            headers = {"Host": host, "Origin": f"http://{host}"}
            assert api.post("/v1/categories", category(), headers).status == 201
            assert api.post("/v1/categories", category(), headers | {"Sec-Fetch-Site": "same-origin"}).status == 201
        own = {"Origin": f"http://127.0.0.1:{service.admin_port}", "Sec-Fetch-Site": "same-origin"}
        assert admin.post("/cache/clear", None, own).status == 204


class TestAnotherName:
    @pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example:8080", "192.0.2.1", "127.0.0.1.nip.io"])
    def test_reads_nothing_and_writes_nothing(self, api, admin, host):
        headers = {"Host": host, "Sec-Fetch-Site": "same-origin", "Origin": f"http://{host}"}
        for answer in (
                api.get("/v1/categories", headers), api.post("/v1/categories", category(), headers), api.get("/docs", headers),
                admin.get("/metrics", headers), admin.post("/cache/clear", None, headers)):
            expect.problem(answer, 421)

    def test_is_the_one_in_the_target(self, service):
        with Raw(service.port) as raw:
            raw.send(b"GET http://evil.example/v1/categories HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert raw.response().status == 421

    def test_need_not_be_given_before_http_1_1(self, service):
        with Raw(service.port) as raw:
            raw.send(b"GET /v1/categories HTTP/1.0\r\n\r\n")
            assert raw.response().status == 200

    def test_is_ours_if_the_operator_says_so(self):
        service = larder.Service(HTTP_HOSTS="api.example.org,admin.example.org:8443")
        try:
            with service.client() as api, service.admin() as admin:
                assert api.get("/v1/categories", {"Host": "api.example.org"}).status == 200
                assert api.get("/v1/categories", {"Host": "API.example.org:9999"}).status == 200
                assert api.get("/v1/categories", {"Host": "admin.example.org:8443"}).status == 200
                expect.problem(api.get("/v1/categories", {"Host": "admin.example.org"}), 421)
                expect.problem(api.get("/v1/categories"), 421)
                # Health checks go on.
                assert admin.get("/livez").status == 200
                assert admin.get("/livez", {"Host": "api.example.org"}).status == 200
                answer = admin.get("/livez", {"Host": "evil.example"})
                expect.problem(answer, 421)
                assert "ADMIN_HOSTS" in answer.json()["detail"]
        finally:
            service.close()


class TestABody:
    def test_that_says_nothing_of_itself_is_415(self, api, admin):
        expect.problem(api.post("/v1/categories", json.dumps(category()).encode()), 415)
        expect.problem(api.request("DELETE", "/v1/categories/1", b"{}"), 415)
        expect.problem(admin.post("/cache/invalidate", b'{"tags": ["categories"]}'), 415)
        expect.problem(admin.post("/cache/clear", b"x"), 415)

    def test_that_a_form_can_send_is_no_json_for_the_administration_either(self, admin):
        expect.problem(admin.post("/cache/invalidate", b'{"tags": ["categories"]}', {"Content-Type": "text/plain"}), 415)

    def test_is_not_needed_where_there_is_nothing_to_say(self, admin):
        assert admin.post("/cache/clear", None).status == 204
        assert admin.post("/cache/clear", b"").status == 204

    @pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip", "unheard-of"])
    def test_in_a_coding_is_415_and_says_what_could_be(self, api, coding):
        body = zlib.compress(json.dumps(category()).encode()) if coding != "br" else json.dumps(category()).encode()
        answer = api.post("/v1/categories", body, {"Content-Type": "application/json", "Content-Encoding": coding})
        expect.problem(answer, 415)
        assert answer.header("Accept-Encoding") == "identity"

    def test_in_no_coding_may_say_so(self, api):
        headers = {"Content-Type": "application/json", "Content-Encoding": "identity"}
        assert api.post("/v1/categories", json.dumps(category()).encode(), headers).status == 201


class TestARefusal:
    """The server's own, before there is a request: pages that may use the API can read it, and it has an id."""

    HEADERS = f"Host: localhost\r\nOrigin: {SHOP}\r\nX-Request-Id: mine\r\n"
    REFUSED = {
        "a length beyond the limit": (f"POST /v1/categories HTTP/1.1\r\n{HEADERS}Content-Length: 99999999\r\n\r\n", 413),
        "a target that is too long": (f"GET /v1/categories?{'a' * 9000} HTTP/1.1\r\n{HEADERS}\r\n", 414),
        "a header that is too large": (f"GET /v1/categories HTTP/1.1\r\nX: {'a' * 70_000}\r\n{HEADERS}\r\n", 431),
        "too many headers": (f"GET /v1/categories HTTP/1.1\r\n{HEADERS}" + "X: y\r\n" * 101 + "\r\n", 431),
        "too many headers before those": ("GET /v1/categories HTTP/1.1\r\n" + "X: y\r\n" * 200 + f"{HEADERS}\r\n", 431),
        "no http": (f"GET /v1/cate gories HTTP/1.1\r\n{HEADERS}\r\n", 400),
        "a field that is none": (f"GET /v1/categories HTTP/1.1\r\nA b: c\r\n{HEADERS}\r\n", 400),
        "a version that is none of ours": (f"GET /v1/categories HTTP/1.3\r\n{HEADERS}\r\n", 505),
        "a head that does not end": (f"GET /v1/categories HTTP/1.1\r\n{HEADERS}", 408),
    }

    @pytest.mark.parametrize("what", REFUSED)
    def test_is_read_by_pages_that_may(self, service, what):
        data, status = self.REFUSED[what]
        with Raw(service.port) as raw:
            raw.send(data.encode())
            answer = raw.response()
        assert answer.status == status
        assert answer.header("Access-Control-Allow-Origin") == SHOP
        assert "X-Request-Id" in answer.header("Access-Control-Expose-Headers")
        assert answer.header("X-Request-Id") == "mine"

    @pytest.mark.parametrize("what", REFUSED)
    def test_is_not_read_by_others(self, service, what):
        data, status = self.REFUSED[what]
        with Raw(service.port) as raw:
            # Nothing is left over from a request before it on the connection.
            raw.send(f"GET /v1/categories HTTP/1.1\r\n{self.HEADERS}\r\n".encode())
            assert raw.response().header("Access-Control-Allow-Origin") == SHOP
            raw.send(data.replace(SHOP, EVIL).replace("mine", "theirs").encode())
            answer = raw.response()
        assert answer.status == status
        assert answer.header("Access-Control-Allow-Origin") is None
        assert answer.header("Vary") == "Origin"
        assert answer.header("X-Request-Id") == "theirs"

    def test_of_a_connection_that_is_one_too_many_has_an_id(self):
        service = larder.Service(HTTP_MAX_CONNECTIONS=1, HTTP_WORKERS=1)
        try:
            with Raw(service.port) as first:
                first.send(b"GET /v1/categories HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert first.response().status == 200
                for _ in range(60):
                    with Raw(service.port) as raw:
                        answer = raw.response()
                        assert answer.status == 503 and answer.header("X-Request-Id")
            service.interrupt()
            service.wait(10)
            log = [json.loads(line) for line in service.log.read_text().splitlines()]
            lines = [line for line in log if "was refused" in line["message"]]
            # Some, and how many there were beside them; not a line for each.
            assert 1 < len(lines) < 10
            assert len(lines) - 1 + int(lines[-1]["more_times"]) == 60
        finally:
            service.close()
