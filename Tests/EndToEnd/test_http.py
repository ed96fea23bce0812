"""HTTP/1.1 as it goes over the wire: what is accepted, what is refused, and what becomes of the connection."""

import re
import time

import pytest

from support import expect, rows
from support.client import Raw

HOST = b"Host: localhost\r\n"
GET = b"GET /v1/categories/count HTTP/1.1\r\n" + HOST + b"\r\n"


@pytest.fixture(scope="module")
def service(stack):
    return stack.first


@pytest.fixture
def raw(service):
    with Raw(service.port) as connection:
        yield connection


def post(headers, body, path=b"/v1/categories"):
    return b"POST " + path + b" HTTP/1.1\r\n" + HOST + b"Content-Type: application/json\r\n" + headers + b"\r\n" + body


def a_category():
    return b'{"name": "%s"}' % rows.unique("category").encode()


def chunked(*chunks):
    return b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks) + b"0\r\n\r\n"


def get(headers=HOST, target=b"/v1/categories/count", version=b"HTTP/1.1", method=b"GET"):
    return method + b" " + target + b" " + version + b"\r\n" + headers + b"\r\n"


def te(value, body=chunked(b"{}")):
    return post(b"Transfer-Encoding: " + value + b"\r\n", body)


REFUSED = {
    "no host": (get(b""), 400),
    "two hosts": (get(HOST + HOST), 400),
    "an empty host": (get(b"Host:\r\n"), 400),
    "a host with a user": (get(b"Host: me@larder\r\n"), 400),
    "a host with a path": (get(b"Host: larder/v1\r\n"), 400),
    "a list of hosts": (get(b"Host: larder, other\r\n"), 400),
    "a host with a bad port": (get(b"Host: larder:80a\r\n"), 400),
    "a space before the colon": (get(HOST + b"Accept : */*\r\n"), 400),
    "a folded header": (get(HOST + b"Accept: a,\r\n b\r\n"), 400),
    "a space before the first header": (get(b" " + HOST), 400),
    "a header without a colon": (get(HOST + b"Accept\r\n"), 400),
    "a header without a name": (get(HOST + b": x\r\n"), 400),
    "a bare carriage return": (get(HOST + b"Accept: a\rb\r\n"), 400),
    "a NUL in a header": (get(HOST + b"Accept: a\0b\r\n"), 400),
    "a bare line feed after the request line": (b"GET /v1/categories/count HTTP/1.1\n" + HOST + b"\r\n", 400),
    "a bare line feed after a header": (get(b"Host: larder\n"), 400),
    "three empty lines first": (b"\r\n\r\n\r\n" + GET, 400),
    "both framings": (post(b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", chunked(b"{}")), 400),
    "chunks in HTTP/1.0": (te(b"chunked").replace(b"HTTP/1.1", b"HTTP/1.0"), 400),
    "an unknown transfer coding": (te(b"gzip, chunked"), 501),
    "chunked twice": (te(b"chunked, chunked"), 400),
    "an empty length": (post(b"Content-Length:\r\n", b"{}"), 400),
    "a signed length": (post(b"Content-Length: +2\r\n", b"{}"), 400),
    "a hexadecimal length": (post(b"Content-Length: 0x2\r\n", b"{}"), 400),
    "a length with an underscore": (post(b"Content-Length: 1_0\r\n", b"{}        "), 400),
    "a list of lengths": (post(b"Content-Length: 2, 2\r\n", b"{}"), 400),
    "two lengths": (post(b"Content-Length: 2\r\nContent-Length: 2\r\n", b"{}"), 400),
    "a length beyond numbers": (post(b"Content-Length: 99999999999999999999999\r\n", b"{}"), 400),
    "a chunk without a size": (te(b"chunked", b"\r\n{}\r\n0\r\n\r\n"), 400),
    "a chunk size with 0x": (te(b"chunked", b"0x2\r\n{}\r\n0\r\n\r\n"), 400),
    "a signed chunk size": (te(b"chunked", b"+2\r\n{}\r\n0\r\n\r\n"), 400),
    "a chunk size with a space": (te(b"chunked", b"2 \r\n{}\r\n0\r\n\r\n"), 400),
    "a chunk size of 17 digits": (te(b"chunked", b"00000000000000002\r\n{}\r\n0\r\n\r\n"), 400),
    "a chunk that is longer than its size": (te(b"chunked", b"1\r\n{}\r\n0\r\n\r\n"), 400),
    "a chunk size that ends in a bare line feed": (te(b"chunked", b"2\n{}\r\n0\r\n\r\n"), 400),
    "a fragment in the target": (get(target=b"/v1/categories#top"), 400),
    "a control character in the target": (get(target=b"/v1/cate\x01gories"), 400),
    "a NUL in the target": (get(target=b"/v1/cate\0gories"), 400),
    "a target that is not ASCII": (get(target="/v1/catégories".encode()), 400),
    "a space in the target": (get(target=b"/v1/cate gories"), 400),
    "a backslash in the target": (get(target=b"/v1\\categories"), 400),
    "an asterisk with GET": (get(target=b"*"), 400),
    "an authority with GET": (get(target=b"larder:80"), 400),
    "a method that is no token": (get(method=b"GE(T"), 400),
    "CONNECT": (get(method=b"CONNECT", target=b"larder:443"), 501),
    "no version": (b"GET /v1/categories/count\r\n" + HOST + b"\r\n", 400),
    "version 1.2": (get(version=b"HTTP/1.2"), 505),
    "version 2.0": (get(version=b"HTTP/2.0"), 505),
    "the preface of HTTP/2": (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
    "a line of 9000 bytes": (get(target=b"/v1/categories?" + b"a" * 9000), 414),
    "a header of 70 KB": (get(HOST + b"Accept: " + b"a" * 70_000 + b"\r\n"), 431),
    "200 headers": (get(HOST + b"".join(b"X-%d: 1\r\n" % number for number in range(200))), 431),
}
# These are understood and answered; the connection may go on.
KEEPS_CONNECTION = {"CONNECT", "an asterisk with GET", "an authority with GET"}


class TestRefused:
    @pytest.mark.parametrize("what", REFUSED)
    def test_it_is_answered_once_and_nothing_after_it_is_read(self, raw, what):
        data, status = REFUSED[what]
        # A request that was smuggled in behind must not be answered.
        raw.send(data + (b"" if what in KEEPS_CONNECTION else GET))
        answer = raw.response()
        assert answer is not None and answer.status == status, answer
        if what not in KEEPS_CONNECTION:
            assert answer.header("Connection") == "close"
            assert answer.header("Content-Length") is not None
            assert raw.is_closed()

    @pytest.mark.parametrize("data, status", [
        (b"HEAD /v1/categories/%zz HTTP/1.1\r\n" + HOST + b"\r\n", 400), (b"HEAD /" + b"a" * 9000, 414),
        (b"HEAD / HTTP/1.1\r\n" + HOST + b"X: " + b"a" * 70_000 + b"\r\n\r\n", 431),
        (b"HEAD / HTTP/1.1\r\n" + HOST + b"Content-Length: 99999999\r\n\r\n", 413),
    ])
    def test_the_answer_to_head_has_no_content(self, raw, data, status):
        raw.send(data)
        answer = raw.response(to="HEAD")
        assert answer.status == status and int(answer.header("Content-Length")) > 0, answer
        assert raw.is_closed()

    @pytest.mark.parametrize("target", [b"/v1/categories/%00", b"/v1/categories/%zz", b"/v1/categories/%4", b"/v1/categories?name=%ff"])
    def test_a_target_that_cannot_be_decoded_is_400(self, raw, target):
        raw.send(get(target=target))
        assert raw.response().status == 400

    @pytest.mark.parametrize("what", ["two hosts", "a chunk size with 0x", "an unknown transfer coding", "version 1.2"])
    def test_it_is_the_same_when_the_bytes_come_one_by_one(self, raw, what):
        data, status = REFUSED[what]
        for index in range(len(data)):
            raw.send(data[index:index + 1])
        assert raw.response().status == status
        assert raw.is_closed()


class TestAccepted:
    @pytest.mark.parametrize("request_bytes", [
        GET,
        b"\r\n" + GET,
        get(HOST + b"Upgrade: h2c\r\nConnection: Upgrade\r\n"),
        get(b"Host: elsewhere\r\n", target=b"http://localhost/v1/categories/count"),
        get(b"HOST:localhost\r\naccept:\t*/*  \r\n"),
        get(HOST + b"".join(b"X-%d: 1\r\n" % number for number in range(90))),
        get(HOST + b"Content-Length: 0000\r\n"),
    ], ids=["plain", "after an empty line", "upgrade", "absolute form", "loose spelling", "90 headers", "leading zeros"])
    def test_it_is_answered_and_the_connection_goes_on(self, raw, request_bytes):
        for _ in range(2):
            raw.send(request_bytes)
            answer = raw.response()
            assert answer.status == 200 and "count" in answer.json(), answer

    @pytest.mark.parametrize("method", [b"GET", b"DELETE"])
    def test_a_body_that_nobody_wants_is_never_the_next_request(self, raw, method):
        raw.send(get(HOST + b"Content-Type: text/plain\r\nContent-Length: %d\r\n" % len(GET), target=b"/v1/categories/999999999", method=method) + GET)
        assert raw.response().status in (404, 400)
        raw.finish_sending()
        assert raw.is_closed()

    def test_8000_bytes_of_a_request_line(self, raw):
        raw.send(get(target=b"/v1/categories/count?name=" + b"a" * 7900))
        assert raw.response().status == 200

    def test_a_body_in_chunks_with_extensions_and_trailers(self, raw):
        body = a_category()
        data = b"%x;name=value;other=\"quoted\"\r\n%s\r\n" % (9, body[:9]) + b"%X\r\n%s\r\n" % (len(body) - 9, body[9:])
        raw.send(te(b"chunked", data + b"0\r\nX-Trailer: 1\r\n\r\n") + GET)
        assert raw.response().status == 201
        assert raw.response().status == 200

    def test_a_request_that_comes_byte_by_byte(self, raw):
        data = te(b"chunked", chunked(a_category())) + GET
        for index in range(len(data)):
            raw.send(data[index:index + 1])
        assert raw.response().status == 201
        assert raw.response().status == 200

    def test_many_at_once_are_answered_in_order(self, service, raw):
        with service.client() as client:
            made = [rows.category(client)["id"] for _ in range(20)]
        raw.send(b"".join(get(target=b"/v1/categories/%d" % one) for one in made * 10))
        assert [raw.response().json()["id"] for _ in range(200)] == made * 10

    def test_a_read_behind_a_write_sees_it(self, raw):
        raw.send(GET)
        before = raw.response().json()["count"]
        body = a_category()
        raw.send(post(b"Content-Length: %d\r\n" % len(body), body) + GET)
        assert raw.response().status == 201
        assert raw.response().json()["count"] == before + 1

    def test_100_continue_comes_before_the_body_only_if_it_is_wanted(self, raw):
        body = a_category()
        raw.send(post(b"Content-Length: %d\r\nExpect: 100-continue\r\n" % len(body), b""))
        assert raw.response().status == 100
        raw.send(body)
        assert raw.response().status == 201

    def test_a_body_that_would_be_refused_is_not_asked_for(self, raw):
        raw.send(post(b"Content-Length: 99999999\r\nExpect: 100-continue\r\n", b""))
        assert raw.response().status == 413

    def test_other_expectations_are_417(self, raw):
        raw.send(get(HOST + b"Expect: wonders\r\n"))
        assert raw.response().status == 417

    def test_a_client_that_has_said_all_still_gets_its_answer(self, raw):
        raw.send(GET)
        raw.finish_sending()
        assert raw.response().status == 200
        assert raw.is_closed()


class TestConnections:
    def test_close_is_obeyed(self, raw):
        raw.send(get(HOST + b"Connection: close\r\n") + GET)
        answer = raw.response()
        assert answer.status == 200 and answer.header("Connection") == "close"
        assert raw.is_closed()

    def test_http_1_0_closes(self, raw):
        raw.send(get(version=b"HTTP/1.0"))
        assert raw.response().status == 200
        assert raw.is_closed()


class TestMethods:
    def test_head_is_get_without_the_body(self, service, raw):
        raw.send(get())
        full = raw.response()
        raw.send(get(method=b"HEAD") + get())
        head = raw.response(to="HEAD")
        assert head.status == 200
        for name in ("Content-Length", "Content-Type", "ETag", "Cache-Control"):
            assert head.header(name) == full.header(name)
        # What follows is the next answer, not a body.
        assert raw.response().body == full.body

    def test_head_knows_conditions(self, service):
        with service.client() as client:
            etag = client.get("/v1/categories/count").etag
            assert client.request("HEAD", "/v1/categories/count", headers={"If-None-Match": etag}).status == 304

    @pytest.mark.parametrize("path, methods", [
        ("/v1/categories", {"GET", "HEAD", "POST", "PATCH", "OPTIONS"}),
        ("/v1/categories/1", {"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"}),
        ("/v1/categories/count", {"GET", "HEAD", "OPTIONS"}),
    ])
    def test_options_says_what_a_path_can(self, service, path, methods):
        with service.client() as client:
            answer = client.request("OPTIONS", path)
        assert answer.status in (200, 204)
        assert set(re.split(r"\s*,\s*", answer.header("Allow"))) >= methods

    @pytest.mark.parametrize("method, path, allowed", [
        ("PUT", "/v1/categories", {"GET", "POST", "PATCH"}), ("DELETE", "/v1/products", {"GET", "POST"}),
        ("POST", "/v1/products/1", {"GET", "PUT", "PATCH", "DELETE"}), ("POST", "/v1/customers/1/summary", {"GET"}),
    ])
    def test_one_that_a_path_has_not_is_405_with_those_it_has(self, service, method, path, allowed):
        with service.client() as client:
            answer = client.request(method, path, {})
        expect.problem(answer, 405)
        found = set(re.split(r"\s*,\s*", answer.header("Allow")))
        assert found >= allowed and method not in found

    def test_one_that_nobody_knows_is_refused(self, raw):
        raw.send(get(method=b"BREW"))
        # Not implemented by the service, or not allowed on the path: both are true.
        assert raw.response().status in (405, 501)

    def test_options_of_the_service(self, raw):
        raw.send(get(method=b"OPTIONS", target=b"*"))
        assert raw.response().status in (200, 204)


class TestLimits:
    @pytest.fixture(scope="class")
    def small(self, stack):
        service = stack.service(HTTP_MAX_BODY_BYTES=2000, HTTP_HEADER_SECONDS=1, HTTP_IDLE_SECONDS=2)
        yield service
        service.close()

    @pytest.mark.parametrize("framing", ["length", "chunks"])
    @pytest.mark.parametrize("size, status", [(2000, 201), (2001, 413)])
    def test_a_body_has_exactly_as_many_bytes_as_it_may(self, small, framing, size, status):
        body = a_category().ljust(size)
        headers = b"Content-Length: %d\r\n" % size if framing == "length" else b"Transfer-Encoding: chunked\r\n"
        with Raw(small.port) as raw:
            raw.send(post(headers, body if framing == "length" else chunked(body[:999], body[999:])))
            assert raw.response().status == status

    def test_one_that_says_it_is_too_large_is_refused_before_it_comes(self, small):
        with Raw(small.port) as raw:
            raw.send(post(b"Content-Length: 2001\r\n", b""))
            answer = raw.response()
            assert answer.status == 413 and answer.header("Connection") == "close"

    @pytest.mark.parametrize("start", [b"", b"GET /v1/cat", b"GET /v1/categories HTTP/1.1\r\nHost: lar"])
    def test_one_who_does_not_finish_his_headers_is_sent_away(self, small, start):
        with Raw(small.port) as raw:
            raw.send(start)
            began = time.monotonic()
            answer = raw.response()
            assert answer is None or answer.status == 408
            assert raw.is_closed()
            assert time.monotonic() - began < 5

    def test_an_idle_connection_is_closed(self, small):
        with Raw(small.port) as raw:
            raw.send(GET)
            assert raw.response().status == 200
            began = time.monotonic()
            assert raw.is_closed()
            assert 1 < time.monotonic() - began < 6
