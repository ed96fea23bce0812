"""Create, read, replace, change and delete: categories, products, customers and orders."""

import datetime
import itertools

import pytest

from support import expect, rows

PRODUCT = ["category_id", "title", "actor", "price", "special", "stock", "sold"]
CUSTOMER = [
    "first_name", "last_name", "email", "username", "address", "city", "state", "zip", "country", "phone", "age", "income",
    "gender",
]
ORDER = ["order_date", "customer_id", "net_amount", "tax", "total_amount", "status"]


def some_order_fields(client):
    return {"order_date": "2023-03-10", "customer_id": rows.customer(client)["id"], "net_amount": "23.00", "tax": "2.00"}


# For each resource: a valid body, its fields in an answer, and a change of one of them.
RESOURCES = {
    "categories": (lambda client: {"name": rows.unique("category")}, ["name"], lambda: {"name": rows.unique("renamed")}),
    "products": (
        lambda client: rows.product_fields(rows.category(client)["id"]), PRODUCT, lambda: {"price": "0.07", "stock": 3}),
    "customers": (lambda client: rows.customer_fields(), CUSTOMER, lambda: {"city": "Paris", "age": 37}),
    "orders": (some_order_fields, ORDER, lambda: {"order_date": "2024-02-29"}),
}


@pytest.fixture(params=RESOURCES)
def resource(request, api):
    """A resource's path, its fields, a change, and a row of it as it was sent and as it was answered."""
    body, fields, change = RESOURCES[request.param]
    sent = body(api)
    answer = api.post(f"/v1/{request.param}", sent)
    return type("Resource", (), {
        "path": f"/v1/{request.param}", "body": staticmethod(lambda: body(api)), "fields": fields, "change": change(),
        "sent": sent, "answer": answer,
        "row_path": f"/v1/{request.param}/{answer.json().get('id')}",
    })


class TestEveryResource:
    def test_post_answers_201_the_entity_and_its_location(self, api, resource):
        assert resource.answer.status == 201
        row = resource.answer.json()
        expect.entity(row, resource.fields)
        assert type(row["id"]) is int and row["version"] == 1
        assert {name: row[name] for name in resource.sent} == resource.sent
        assert resource.answer.header("Location").endswith(resource.row_path)
        assert resource.answer.header("Content-Type").split(";")[0] == "application/json"

    def test_get_answers_what_post_answered(self, api, resource):
        answer = api.get(resource.row_path)
        assert answer.status == 200
        assert answer.json() == resource.answer.json()
        assert answer.header("Content-Type").split(";")[0] == "application/json"

    def test_put_replaces_and_counts_the_version(self, api, resource):
        sent = resource.sent | resource.change
        answer = api.put(resource.row_path, sent)
        assert answer.status == 200, answer
        row = answer.json()
        expect.entity(row, resource.fields)
        assert {name: row[name] for name in sent} == sent
        assert row["version"] == 2
        assert api.get(resource.row_path).json() == row

    def test_patch_changes_what_it_names_and_nothing_else(self, api, resource):
        before = resource.answer.json()
        answer = api.patch(resource.row_path, resource.change)
        assert answer.status == 200, answer
        after = answer.json()
        assert after == before | resource.change | {"version": 2, "updated_at": after["updated_at"]}
        assert after["updated_at"] > before["updated_at"] and after["created_at"] == before["created_at"]
        assert api.get(resource.row_path).json() == after

    def test_patch_takes_the_media_type_of_merge_patches(self, api, resource):
        answer = api.patch(resource.row_path, resource.change, {"Content-Type": "application/merge-patch+json"})
        assert answer.status == 200, answer
        assert answer.json()["version"] == 2

    def test_each_change_counts_one_version(self, api, resource):
        name = next(iter(resource.change))
        for version, value in zip((2, 3, 4), itertools.cycle((resource.change[name], resource.sent[name]))):
            assert api.patch(resource.row_path, {name: value}).json()["version"] == version
            assert api.get(resource.row_path).json()["version"] == version

    @pytest.mark.parametrize("body", ["nothing", "the same"])
    def test_a_patch_that_changes_nothing_makes_no_version(self, api, resource, body):
        answer = api.patch(resource.row_path, {} if body == "nothing" else resource.sent)
        assert answer.status == 200, answer
        assert answer.json() == resource.answer.json()
        assert api.get(resource.row_path).json() == resource.answer.json()

    def test_a_put_of_the_same_makes_no_version(self, api, resource):
        answer = api.put(resource.row_path, resource.sent)
        assert answer.status == 200, answer
        assert answer.json() == resource.answer.json()

    def test_delete_answers_204_and_the_row_is_gone(self, api, resource):
        answer = api.delete(resource.row_path)
        assert answer.status == 204 and answer.body == b""
        for gone in (
            api.get(resource.row_path), api.delete(resource.row_path), api.patch(resource.row_path, resource.change),
            api.put(resource.row_path, resource.body()),
        ):
            expect.problem(gone, 404)

    def test_times_are_of_now(self, resource):
        row = resource.answer.json()
        age = datetime.datetime.now(datetime.UTC) - datetime.datetime.fromisoformat(row["created_at"])
        assert abs(age) < datetime.timedelta(seconds=30)
        assert row["created_at"] == row["updated_at"]

    def test_an_unknown_id_is_404(self, api, resource):
        expect.problem(api.get(f"{resource.path}/999999999"), 404)

    def test_a_malformed_id_is_400(self, api, resource):
        expect.problem(api.get(f"{resource.path}/seven"), 400)
        expect.problem(api.delete(f"{resource.path}/1.5"), 400)


class TestOptionalFields:
    OPTIONAL = ["state", "zip", "phone", "age", "income", "gender"]

    @pytest.mark.parametrize("name", OPTIONAL)
    def test_one_that_is_not_given_is_null(self, api, name):
        fields = rows.customer_fields()
        del fields[name]
        answer = api.post("/v1/customers", fields)
        assert answer.status == 201, answer
        assert answer.json()[name] is None

    @pytest.mark.parametrize("name", OPTIONAL)
    def test_a_patch_with_null_clears_it(self, api, name):
        row = rows.customer(api)
        answer = api.patch(f"/v1/customers/{row['id']}", {name: None})
        assert answer.status == 200, answer
        assert answer.json()[name] is None and answer.json()["version"] == 2

    def test_a_put_without_it_clears_it(self, api):
        fields = rows.customer_fields()
        row = rows.created(api, "/v1/customers", fields)
        del fields["phone"]
        answer = api.put(f"/v1/customers/{row['id']}", fields)
        assert answer.status == 200, answer
        assert answer.json()["phone"] is None


class TestMoney:
    @pytest.mark.parametrize("price", ["0.00", "0.01", "34.47", "1234567.89"])
    def test_it_is_a_decimal_string_and_exact(self, api, price):
        row = rows.product(api, price=price)
        assert row["price"] == price
        assert api.get(f"/v1/products/{row['id']}").json()["price"] == price

    def test_the_total_of_an_order_is_computed(self, api):
        row = rows.order(api, rows.customer(api)["id"], net_amount="0.10", tax="0.20")
        assert row["total_amount"] == "0.30"


class TestTextOfTheWorld:
    @pytest.mark.parametrize("title", ["Amélie \"quoted\" \\ / <b>", "七人の侍", "👩‍👩‍👧 family", "line\nbreak\ttab", "'; DROP TABLE products; --"])
    def test_it_comes_back_as_it_was_sent(self, api, title):
        row = rows.product(api, title=title)
        assert row["title"] == title
        assert api.get(f"/v1/products/{row['id']}").json()["title"] == title


class TestDeletesAreRefusedWhileReferredTo:
    def test_a_category_with_products(self, api):
        product = rows.product(api)
        path = f"/v1/categories/{product['category_id']}"
        expect.problem(api.delete(path), 409)
        assert api.get(path).status == 200
        assert api.delete(f"/v1/products/{product['id']}").status == 204
        assert api.delete(path).status == 204

    def test_a_customer_with_orders(self, api):
        order = rows.order(api, rows.customer(api)["id"])
        path = f"/v1/customers/{order['customer_id']}"
        expect.problem(api.delete(path), 409)
        assert api.delete(f"/v1/orders/{order['id']}").status == 204
        assert api.delete(path).status == 204

    def test_a_product_in_an_order(self, api):
        product = rows.product(api)
        order = rows.created(api, "/v1/orders", {
            "order_date": "2023-03-10", "customer_id": rows.customer(api)["id"],
            "lines": [{"product_id": product["id"], "quantity": 1}],
        })
        path = f"/v1/products/{product['id']}"
        expect.problem(api.delete(path), 409)
        # Lines live only inside their order.
        assert api.delete(f"/v1/orders/{order['id']}").status == 204
        assert api.delete(path).status == 204


def test_two_categories_of_one_name_are_409(api):
    first, second = rows.category(api), rows.category(api)
    expect.problem(api.post("/v1/categories", {"name": first["name"]}), 409)
    expect.problem(api.patch(f"/v1/categories/{second['id']}", {"name": first["name"]}), 409)
    assert api.get(f"/v1/categories/{second['id']}").json() == second


@pytest.mark.parametrize("name", ["email", "username"])
def test_two_customers_of_one_name_are_409(api, name):
    customer = rows.customer(api)
    answer = api.post("/v1/customers", rows.customer_fields(**{name: customer[name]}))
    expect.problem(answer, 409, mentions=[name])


def test_a_reference_to_nothing_is_409(api):
    expect.problem(api.post("/v1/products", rows.product_fields(999999999)), 409)
    product = rows.product(api)
    expect.problem(api.patch(f"/v1/products/{product['id']}", {"category_id": 999999999}), 409)
    answer = api.post(
        "/v1/orders", {"order_date": "2023-03-10", "customer_id": 999999999, "net_amount": "1.00", "tax": "0.00"})
    expect.problem(answer, 409)
