"""The requests that get an answer of each shape that the service has."""

import dataclasses
import json

from . import rows

PAGE = "https://shop.example.org"
# The service is to let pages of this origin in, and to say so to caches.
SETTINGS = {"HTTP_CORS_ORIGINS": f"{PAGE},https://other.example.org"}

ALL, ROW = "/v1/categories", "/v1/categories/{id}"
GZIP = {"Accept-Encoding": "gzip"}
SHORT = {"Prefer": "return=minimal"}
TRACE = {"traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
PREFLIGHT = {"Origin": PAGE, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}


@dataclasses.dataclass(frozen=True)
class Shape:
    """A request, in which {id}, {etag} and {name} are those of a row that is there and {new} is a name that is not."""

    status: int
    method: str
    # With its parameters as the description has it.
    path: str
    headers: dict = dataclasses.field(default_factory=dict)
    body: object = None
    query: str = ""
    # How often it is sent; the last answer counts.
    times: int = 1


NEW = {"name": "{new}"}
OF_API = {
    "row": Shape(200, "GET", ROW),
    "list": Shape(200, "GET", ALL),
    "page of a list": Shape(200, "GET", ALL, query="?limit=2&count=exact"),
    "list in gzip": Shape(200, "GET", ALL, GZIP),
    "count": Shape(200, "GET", f"{ALL}/count"),
    "count again": Shape(200, "GET", f"{ALL}/count", times=2),
    "head of a row": Shape(200, "HEAD", ROW),
    "head of a list in gzip": Shape(200, "HEAD", ALL, GZIP),
    "row that the client has": Shape(304, "GET", ROW, {"If-None-Match": "{etag}"}),
    "row in a trace": Shape(200, "GET", ROW, TRACE),
    "row for a page": Shape(200, "GET", ROW, {"Origin": PAGE}),
    "row for another page": Shape(200, "GET", ROW, {"Origin": "https://elsewhere.example"}),
    "methods of a row": Shape(204, "OPTIONS", ROW),
    "preflight": Shape(204, "OPTIONS", ALL, PREFLIGHT),
    "preflight of another page": Shape(204, "OPTIONS", ALL, PREFLIGHT | {"Origin": "https://elsewhere.example"}),
    "creation": Shape(201, "POST", ALL, {}, NEW),
    "creation told shortly": Shape(201, "POST", ALL, SHORT, NEW),
    "creation sent again": Shape(201, "POST", ALL, {"Idempotency-Key": "{new}"}, NEW, times=2),
    "creation of many": Shape(201, "POST", ALL, {}, [NEW]),
    "replacement": Shape(200, "PUT", ROW, {}, NEW),
    "replacement told shortly": Shape(204, "PUT", ROW, SHORT, NEW),
    "change": Shape(200, "PATCH", ROW, {}, NEW),
    "change told shortly": Shape(204, "PATCH", ROW, SHORT, NEW),
    "deletion": Shape(204, "DELETE", ROW),
    "unknown parameter": Shape(400, "GET", ALL, query="?colour=red"),
    "no id": Shape(400, "GET", "/v1/categories/seven"),
    "no JSON": Shape(400, "POST", ALL, {"Content-Type": "application/json"}, b"{"),
    "no row": Shape(404, "GET", "/v1/categories/987654321"),
    "no path": Shape(404, "GET", "/v1/nothing"),
    "no such method": Shape(405, "DELETE", ALL),
    "no such form": Shape(406, "GET", ROW, {"Accept": "text/html"}),
    "name that is taken": Shape(409, "POST", ALL, {}, {"name": "{name}"}),
    "condition that does not hold": Shape(412, "PUT", ROW, {"If-Match": '"another"'}, NEW),
    "body that is too large": Shape(413, "POST", ALL, {"Content-Type": "application/json"}, b" " * 1_048_577),
    "target that is too long": Shape(414, "GET", ALL, query="?name=" + "x" * 8_192),
    "text": Shape(415, "POST", ALL, {"Content-Type": "text/plain"}, b"{}"),
    "text for a change": Shape(415, "PATCH", ROW, {"Content-Type": "text/plain"}, b"{}"),
    "body in gzip": Shape(415, "POST", ALL, {"Content-Type": "application/json", "Content-Encoding": "gzip"}, b"\x1f\x8b"),
    "body of which nothing is said": Shape(415, "POST", ALL, {}, b"{}"),
    "write for another page": Shape(403, "POST", ALL, {"Origin": "https://elsewhere.example"}, NEW),
    "host of another": Shape(421, "GET", ALL, {"Host": "elsewhere.example"}),
    "expectation": Shape(417, "POST", ALL, {"Expect": "a miracle"}, NEW),
    "invalid row": Shape(422, "POST", ALL, {}, {"title": 7}),
    "too many fields": Shape(431, "GET", ROW, {f"X-{number}": "x" for number in range(101)}),
    "unknown coding": Shape(501, "POST", ALL, {"Transfer-Encoding": "br"}, NEW),
    "nothing in the cache": Shape(504, "GET", ALL, {"Cache-Control": "only-if-cached"}, query="?name={new}"),
    "description": Shape(200, "GET", "/openapi.json"),
    "description in gzip": Shape(200, "GET", "/openapi.json", GZIP),
    "docs": Shape(200, "GET", "/docs"),
    "style of the docs": Shape(200, "GET", "/docs/style.css", GZIP),
    "script of the docs": Shape(200, "GET", "/docs/script.js"),
}
OF_ADMIN = {
    "alive": Shape(200, "GET", "/livez"),
    "ready": Shape(200, "GET", "/readyz"),
    "metrics": Shape(200, "GET", "/metrics"),
    "head of metrics": Shape(200, "HEAD", "/metrics"),
    "statistics": Shape(200, "GET", "/cache/stats"),
    "invalidation": Shape(204, "POST", "/cache/invalidate", {}, {"tags": ["categories"]}),
    "invalid invalidation": Shape(422, "POST", "/cache/invalidate", {}, {}),
    "clearing for another page": Shape(403, "POST", "/cache/clear", {"Origin": PAGE}),
    "clearing": Shape(204, "POST", "/cache/clear"),
    "no path of admin": Shape(404, "GET", "/nothing"),
    "no such method of admin": Shape(405, "DELETE", "/livez"),
    "methods of admin": Shape(204, "OPTIONS", "/livez"),
}


def prepare(client):
    """Enough rows for a list to be compressed."""
    for _ in range(20):
        rows.category(client)


def send(client, shape, api=None):
    """Sends the request about a row of its own.

    :param api: makes the row; `client` if there is none.
    :return: the request as it was sent, and the answer.
    """
    there = (api or client).post(ALL, {"name": rows.unique("there")})
    words = {"{id}": str(there.json()["id"]), "{name}": there.json()["name"], "{etag}": there.etag, "{new}": rows.unique("new")}

    def filled(text):
        for word, value in words.items():
            text = text.replace(word, value)
        return text

    body = shape.body if isinstance(shape.body, bytes | None) else json.loads(filled(json.dumps(shape.body)))
    headers = {name: filled(value) for name, value in shape.headers.items()}
    sent = dataclasses.replace(shape, path=filled(shape.path + shape.query), query="", headers=headers, body=body)
    for _ in range(shape.times):
        answer = client.request(sent.method, sent.path, sent.body, sent.headers)
    assert answer.status == shape.status, answer
    return sent, answer
