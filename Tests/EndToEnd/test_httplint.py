"""A linter of HTTP has nothing to object to in answers of any shape."""

import httplint
import pytest

from support import databases, larder, shapes
from support.run import wait_until
from support.servers import Postgres
from support.stack import Stack

# By shape, and for all of them.
EXEMPT = {
    "body in gzip": {"REQUEST_HDR_IN_RESPONSE": "Accept-Encoding is one of 415 too (RFC 9110, section 12.5.3)"},
    None: {
        "STATUS_BAD_REQUEST": "it says again what 400 says",
        "STATUS_URI_TOO_LONG": "it says again what 414 says",
    },
    "creation of many": {"CREATED_WITHOUT_LOCATION": "many rows have no one path; where they all are was the target"},
}


@pytest.fixture(scope="module")
def service():
    stack = Stack(databases.migrated(), **shapes.SETTINGS)
    shapes.prepare(stack.client())
    yield stack.first
    stack.close()


@pytest.fixture(scope="module")
def api(service):
    with service.client() as client:
        yield client


@pytest.fixture(scope="module")
def admin(service):
    with service.admin() as client:
        yield client


def objections(sent, answer):
    """What the linter thinks is bad, or may be: the kind of each note, and its sentence."""
    url = f"http://larder.example{sent.path}"
    request = httplint.HttpRequestLinter()
    request.process_request_topline(sent.method.encode(), url.encode(), b"HTTP/1.1")
    request.process_headers([(name.encode(), value.encode()) for name, value in sent.headers.items()])
    request.finish_content(True)
    response = httplint.HttpResponseLinter(_related=request)
    response.base_uri = url
    response.is_head_response = sent.method == "HEAD"
    response.process_response_topline(b"HTTP/1.1", str(answer.status).encode())
    response.process_headers([(name.encode(), value.encode()) for name, value in answer.headers])
    if answer.body:
        response.feed_content(answer.body)
    response.finish_content(True)
    notes = list(response.notes)
    for note in notes:
        notes += note.subnotes
    return {
        type(note).__name__: note.summary for note in notes if note.level in (httplint.levels.WARN, httplint.levels.BAD)}


def check(name, sent, answer):
    exempt = EXEMPT[None] | EXEMPT.get(name, {})
    assert {kind: text for kind, text in objections(sent, answer).items() if kind not in exempt} == {}, answer.headers


@pytest.mark.parametrize("name", shapes.OF_API)
def test_the_api(api, name):
    check(name, *shapes.send(api, shapes.OF_API[name]))


@pytest.mark.parametrize("name", shapes.OF_ADMIN)
def test_the_admin_listener(admin, api, name):
    check(name, *shapes.send(admin, shapes.OF_ADMIN[name], api))


def test_the_service_without_its_database():
    server = Postgres()
    stack = Stack(server.uri())
    try:
        assert larder.run("migrate", "up", DATABASE_URL=server.uri()).status == 0
        api, admin = stack.client(), stack.first.admin()
        server.stop()
        for client, path in (api, "/v1/categories"), (admin, "/readyz"):
            sent = shapes.Shape(503, "GET", path)
            answer = wait_until(
                lambda: (answer := client.get(path)).status == 503 and answer, 15, f"{path} is 503", every=0.1)
            assert answer.header("Retry-After")
            check("unavailable", sent, answer)
    finally:
        stack.close()
        server.close()


def test_the_linter_is_heard(api):
    sent, answer = shapes.send(api, shapes.OF_API["row"])
    answer.body += b" "
    answer.headers.append(("ETag", "no quotes"))
    assert {"CL_INCORRECT", "SINGLE_HEADER_REPEAT"} <= objections(sent, answer).keys()
