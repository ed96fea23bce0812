"""What clients and the service agree on for each answer: its method, its type, its form."""

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
            (f"/v1/{resource}", "GET, HEAD, POST, OPTIONS"), (f"/v1/{resource}/count", "GET, HEAD, OPTIONS"),
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
