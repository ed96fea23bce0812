"""What a client may ask of a write beside the write itself."""

import pytest

from support import expect, rows


class TestMinimalAnswers:
    MINIMAL = {"Prefer": "return=minimal"}

    def test_what_was_created_is_only_named(self, api):
        answer = api.post("/v1/categories", {"name": rows.unique("category")}, self.MINIMAL)
        assert (answer.status, answer.body, answer.header("Preference-Applied")) == (201, b"", "return=minimal"), answer
        assert answer.header("Content-Length") == "0"
        found = api.get(answer.header("Location"))
        assert found.status == 200 and found.etag == answer.etag

    @pytest.mark.parametrize("method", ["PUT", "PATCH"])
    def test_what_was_changed_is_not_sent(self, api, method):
        product = rows.product(api)
        path = f"/v1/products/{product['id']}"
        answer = api.request(method, path, rows.product_fields(product["category_id"], stock=77), self.MINIMAL)
        assert (answer.status, answer.body, answer.header("Preference-Applied")) == (204, b"", "return=minimal"), answer
        found = api.get(path)
        assert found.json()["stock"] == 77 and found.etag == answer.etag
        # The tag serves the next write as that of a whole answer does.
        assert api.patch(path, {"stock": 78}, self.MINIMAL | {"If-Match": answer.etag}).status == 204
        expect.problem(api.patch(path, {"stock": 79}, self.MINIMAL | {"If-Match": answer.etag}), 412)
