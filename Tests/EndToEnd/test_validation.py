"""Input that is not accepted: what is wrong with it is told precisely, and all at once."""

import pytest

from support import expect, rows


@pytest.fixture(scope="module")
def product(api):
    return rows.product(api)


@pytest.fixture
def path(product):
    return f"/v1/products/{product['id']}"


@pytest.fixture
def fields(product):
    return rows.product_fields(product["category_id"])


class TestBrokenSchema:
    def test_all_that_is_missing_is_named_at_once(self, api):
        answer = api.post("/v1/customers", {"first_name": "Ada"})
        body = expect.problem(answer, 422)
        required = {"/last_name", "/email", "/username", "/address", "/city", "/country"}
        assert {error["pointer"] for error in body["errors"]} >= required

    def test_missing_unknown_and_wrong_are_named_at_once(self, api, fields):
        del fields["title"]
        answer = api.post("/v1/products", fields | {"colour": "red", "price": "much", "stock": True})
        expect.problem(answer, 422, ["/title", "/colour", "/price", "/stock"])

    def test_put_needs_all_fields(self, api, path):
        body = expect.problem(api.put(path, {"price": "1.00"}), 422)
        assert {error["pointer"] for error in body["errors"]} >= {"/category_id", "/title", "/actor"}

    @pytest.mark.parametrize("name, value", [
        ("title", 7), ("title", None), ("title", ["a"]), ("title", {"a": 1}), ("title", "nul\0inside"),
        ("price", 12.5), ("price", "1.234"), ("price", "12,50"), ("price", "1e3"), ("price", ""), ("price", "99999999999999999999"),
        ("stock", "5"), ("stock", 1.5), ("stock", None), ("stock", 10**30),
        ("special", "true"), ("special", 1), ("special", None),
        ("category_id", "1"), ("category_id", None),
    ])
    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_a_wrong_value_is_422_at_its_pointer(self, api, path, fields, method, name, value):
        if method == "PATCH":
            answer = api.patch(path, {name: value})
        else:
            answer = api.request(method, "/v1/products" if method == "POST" else path, fields | {name: value})
        expect.problem(answer, 422, [f"/{name}"])

    @pytest.mark.parametrize("date", ["2023-02-29", "10.03.2023", "2023-3-1", "", 20230310, "2023-03-10T00:00:00Z"])
    def test_a_wrong_date_is_422(self, api, date):
        order = {"order_date": date, "customer_id": rows.customer(api)["id"], "net_amount": "1.00", "tax": "0.00"}
        expect.problem(api.post("/v1/orders", order), 422, ["/order_date"])

    @pytest.mark.parametrize("method", ["POST", "PUT", "PATCH"])
    def test_an_unknown_field_is_refused(self, api, path, fields, method):
        sent = {"colour": "red"} if method == "PATCH" else fields | {"colour": "red"}
        answer = api.request(method, "/v1/products" if method == "POST" else path, sent)
        expect.problem(answer, 422, ["/colour"])

    @pytest.mark.parametrize("name, value", [
        ("id", 77), ("version", 1), ("created_at", "2023-03-10T00:00:00.000000Z"), ("updated_at", "2023-03-10T00:00:00.000000Z")])
    def test_a_field_that_only_the_service_writes_is_refused(self, api, path, fields, name, value):
        expect.problem(api.post("/v1/products", fields | {name: value}), 422, [f"/{name}"])
        expect.problem(api.patch(path, {name: value}), 422, [f"/{name}"])

    def test_a_pointer_is_escaped(self, api, path):
        expect.problem(api.patch(path, {"a/b~c": 1}), 422, ["/a~1b~0c"])

    def test_nothing_is_written(self, api, product, path):
        api.patch(path, {"title": "changed", "price": "much"})
        assert api.get(path).json() == product


class TestBrokenBodies:
    BROKEN = {
        "empty": b"", "no JSON": b"hello", "cut off": b'{"price": "1.00"', "two values": b"{} {}", "trailing comma": b'{"stock": 1,}',
        "single quotes": b"{'stock': 1}", "not UTF-8": b'{"title": "\xff"}', "a leading zero": b'{"stock": 01}',
        "a control character": b'{"title": "\x01"}', "NaN": b'{"stock": NaN}',
    }

    @pytest.mark.parametrize("what", BROKEN)
    @pytest.mark.parametrize("method", ["POST", "PATCH"])
    def test_what_is_not_json_is_400(self, api, path, method, what):
        answer = api.request(
            method, "/v1/products" if method == "POST" else path, self.BROKEN[what], {"Content-Type": "application/json"})
        expect.problem(answer, 400)

    def test_half_a_surrogate_pair_is_no_text(self, api, path):
        answer = api.patch(path, b'{"title": "\\ud800"}', {"Content-Type": "application/json"})
        assert answer.status in (400, 422), answer

    def test_nesting_has_a_limit(self, api, path):
        answer = api.patch(path, b'{"title": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", {"Content-Type": "application/json"})
        assert answer.status in (400, 422), answer
        assert api.get(path).status == 200

    def test_another_media_type_is_415(self, api, path):
        expect.problem(api.patch(path, b"stock=1", {"Content-Type": "application/x-www-form-urlencoded"}), 415)
        expect.problem(api.post("/v1/products", b"<product/>", {"Content-Type": "application/xml"}), 415)


class TestUnknownParameters:
    @pytest.mark.parametrize("query", ["/v1/products?colour=red", "/v1/orders/count?colour=red"])
    def test_they_are_400_and_named(self, api, query):
        expect.problem(api.get(query), 400, mentions=["colour"])

    def test_they_are_400_on_one_row_too(self, api, path):
        expect.problem(api.get(path + "?colour=red"), 400, mentions=["colour"])

    def test_all_are_named_at_once(self, api):
        expect.problem(
            api.get("/v1/products?colour=red&limit=0&sort=weight&price[gte]=much"), 400,
            mentions=["colour", "limit", "sort", "price[gte]"])


class TestUnknownPaths:
    @pytest.mark.parametrize("path", ["/v1/nothing", "/v1/products/1/nothing", "/v2/products", "/V1/products"])
    def test_they_are_404(self, api, path):
        expect.problem(api.get(path), 404)
