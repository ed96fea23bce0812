"""The description of the API, as programs read it."""

import json

import openapi_spec_validator

from support import larder


def test_the_description_is_valid_openapi(api):
    answer = api.get("/openapi.json")
    assert answer.status == 200 and answer.header("Content-Type") == "application/json"
    document = answer.json()
    assert document["openapi"].startswith("3.1.")
    openapi_spec_validator.validate(document)


def test_the_description_is_revalidated(api):
    answer = api.get("/openapi.json")
    assert answer.header("Cache-Control") == "private, no-cache"
    again = api.get("/openapi.json", headers={"If-None-Match": answer.etag})
    assert (again.status, again.body) == (304, b"")
    head = api.request("HEAD", "/openapi.json")
    assert (head.status, head.etag, head.body) == (200, answer.etag, b"")
    assert int(head.header("Content-Length")) == len(answer.body)


def test_the_command_writes_what_is_served(api):
    written = larder.run("openapi")
    assert written.status == 0 and written.stderr == ""
    assert json.loads(written.stdout) == api.get("/openapi.json").json()


def test_each_route_is_described(api):
    described = {
        (method.upper(), path) for path, methods in api.get("/openapi.json").json()["paths"].items() for method in methods}
    assert described == {tuple(line.split()) for line in larder.run("routes").stdout.splitlines()}
