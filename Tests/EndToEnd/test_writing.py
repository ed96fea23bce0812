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


class TestMany:
    def test_all_are_created_in_their_order(self, api):
        category = rows.category(api)["id"]
        count = f"/v1/products/count?category_id={category}"
        assert api.get(count).json() == {"count": 0}
        answer = api.post("/v1/products", [rows.product_fields(category, stock=number) for number in range(500)])
        assert answer.status == 201, answer
        items = answer.json()["items"]
        assert [item["stock"] for item in items] == list(range(500))
        assert api.get(f"/v1/products/{items[3]['id']}").json() == items[3]
        assert api.get(count).json() == {"count": 500}

    def test_one_that_is_wrong_keeps_all_out(self, api):
        category = rows.category(api)["id"]
        bad = [rows.product_fields(category), rows.product_fields(category, price=5), rows.product_fields(10**9)]
        expect.problem(api.post("/v1/products", bad), 422, ["/1/price"])
        expect.problem(api.post("/v1/products", [bad[0], bad[2]]), 409, ["/1/category_id"])
        assert api.get(f"/v1/products/count?category_id={category}").json() == {"count": 0}

    def test_more_than_500_are_refused(self, api):
        name = rows.unique("category")
        expect.problem(api.post("/v1/categories", [{"name": f"{name} {number}"} for number in range(501)]), 422, [""], ["500"])

    def test_all_are_changed_and_every_instance_shows_it(self, stack, api):
        other = stack.client(stack.second)
        products = [rows.product(api) for _ in range(3)]
        for product in products:
            assert other.get(f"/v1/products/{product['id']}").json() == product
        answer = api.patch("/v1/products", [{"id": product["id"], "stock": 70} for product in reversed(products)])
        assert answer.status == 200, answer
        assert [item["id"] for item in answer.json()["items"]] == [product["id"] for product in reversed(products)]
        for product in products:
            assert other.get(f"/v1/products/{product['id']}").json()["stock"] == 70

    def test_one_that_cannot_be_changed_keeps_all_as_they_were(self, api):
        products = [rows.product(api) for _ in range(2)]
        changes = [{"id": product["id"], "stock": 70} for product in products]
        expect.problem(api.patch("/v1/products", [*changes, {"id": 10**9}]), 404, ["/2/id"])
        expect.problem(api.patch("/v1/products", [*changes, {"id": products[0]["id"]}]), 422, ["/2/id"])
        names = [rows.category(api) for _ in range(2)]
        taken = [{"id": names[0]["id"], "name": "x"}, {"id": names[1]["id"], "name": "x"}]
        expect.problem(api.patch("/v1/categories", taken), 409, ["/1/name"])
        for path, row in [("products", products[0]), ("products", products[1]), ("categories", names[0])]:
            assert api.get(f"/v1/{path}/{row['id']}").json() == row

    def test_rows_with_other_ids_too(self, api):
        users = api.post("/v1/users", [{"name": "Ada", "email": f"{rows.unique('ada')}@example.org"} for _ in range(2)])
        assert users.status == 201, users
        ids = [user["id"] for user in users.json()["items"]]
        answer = api.patch("/v1/users", [{"id": one, "name": "Grace"} for one in ids])
        assert [(user["id"], user["name"]) for user in answer.json()["items"]] == [(one, "Grace") for one in ids]

    def test_orders_with_lines_are_placed_together_or_not_at_all(self, api):
        customer, product = rows.customer(api)["id"], rows.product(api, stock=5)

        def order(quantity):
            lines = [{"product_id": product["id"], "quantity": quantity}]
            return {"order_date": "2023-03-10", "customer_id": customer, "lines": lines}

        expect.problem(api.post("/v1/orders", [order(3), order(3)]), 409, ["/1"], [str(product["id"])])
        assert api.get(f"/v1/products/{product['id']}").json() == product
        assert api.post("/v1/orders", [order(3), order(2)]).status == 201
        assert api.get(f"/v1/products/{product['id']}").json()["stock"] == 0
