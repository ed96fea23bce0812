"""Orders: counted, placed with lines, and summed up; over the sample data, on two instances."""

import collections
import concurrent.futures
import decimal
import re

import pytest

from support import databases, expect, rows, sample
from support.stack import Stack, wait_for_hit

HIT = re.compile(r"larder; hit; ttl=\d+")
COUNT = "/v1/orders/count"


def test_an_order_shows_in_the_counts_at_once_and_leaves_other_customers_cached(new_stack):
    """The walk through the manual, on servers that nobody used before."""
    stack = new_stack(databases.dellstore())
    here, there = stack.client(stack.first), stack.client(stack.second)

    assert here.get(COUNT).json() == {"count": 10000}
    second = here.get(COUNT)
    assert second.json() == {"count": 10000}
    assert HIT.fullmatch(second.cache), second
    assert there.get(COUNT).json() == {"count": 10000}

    assert here.get(f"{COUNT}?customer_id=931").json() == {"count": 1}
    assert here.get(f"{COUNT}?customer_id=409").json() == {"count": 1}
    assert HIT.fullmatch(here.get(f"{COUNT}?customer_id=409").cache)

    order = {"order_date": "2023-03-10", "customer_id": 931, "net_amount": "23.00", "tax": "2.00"}
    created = here.post("/v1/orders", order)
    assert created.status == 201
    assert created.json()["total_amount"] == "25.00"
    # Ids that were imported are never given again.
    assert created.json()["id"] > 12000

    for client in (here, there):
        assert client.get(COUNT).json() == {"count": 10001}
        assert client.get(f"{COUNT}?customer_id=931").json() == {"count": 2}
    other = here.get(f"{COUNT}?customer_id=409")
    assert other.json() == {"count": 1}
    assert HIT.fullmatch(other.cache), other


@pytest.fixture(scope="module")
def pair():
    """Two instances over the sample data, whose cache is in use."""
    stack = Stack(databases.dellstore())
    for service in (stack.first, stack.second):
        wait_for_hit(stack.client(service), "/v1/products/1")
    yield stack
    stack.close()


@pytest.fixture(scope="module")
def here(pair):
    return pair.client(pair.first)


@pytest.fixture(scope="module")
def there(pair):
    return pair.client(pair.second)


def placed(client, lines, customer_id=931):
    """The answer to an order of (product id, quantity) pairs."""
    lines = [{"product_id": product, "quantity": quantity} for product, quantity in lines]
    return client.post("/v1/orders", {"order_date": "2023-03-10", "customer_id": customer_id, "lines": lines})


class TestPlacing:
    def test_prices_come_from_the_products_and_tax_and_total_are_computed(self, here):
        one, two = rows.product(here, price="10.00"), rows.product(here, price="2.50")
        answer = placed(here, [(one["id"], 3), (two["id"], 4)])
        assert answer.status == 201, answer
        order = answer.json()
        assert (order["net_amount"], order["tax"], order["total_amount"]) == ("40.00", "3.30", "43.30")
        assert order["order_date"] == "2023-03-10" and order["customer_id"] == 931 and order["version"] == 1
        assert answer.header("Location").endswith(f"/v1/orders/{order['id']}")
        assert here.get(f"/v1/orders/{order['id']}").json()["total_amount"] == "43.30"

    def test_it_takes_stock_and_the_cached_products_show_it(self, here, there):
        products = [rows.product(here, stock=10, sold=5) for _ in range(2)]
        paths = [f"/v1/products/{product['id']}" for product in products]
        for client in (here, there):
            for path in paths:
                wait_for_hit(client, path)
        assert placed(here, zip((product["id"] for product in products), (3, 10))).status == 201
        for client in (here, there):
            found = [client.get(path).json() for path in paths]
            assert [row["stock"] for row in found] == [7, 0]
            assert [row["version"] for row in found] == [2, 2]

    def test_lists_of_products_show_it_too(self, here, there):
        product = rows.product(here, stock=10)
        path = f"/v1/products?category_id={product['category_id']}"
        for client in (here, there):
            wait_for_hit(client, path)
        assert placed(here, [(product["id"], 4)]).status == 201
        for client in (here, there):
            assert [row["stock"] for row in client.get(path).json()["items"]] == [6]

    def test_products_that_were_not_bought_stay_cached(self, here):
        bought, other = rows.product(here), rows.product(here)
        wait_for_hit(here, f"/v1/products/{other['id']}")
        assert placed(here, [(bought["id"], 1)]).status == 201
        assert here.get(f"/v1/products/{other['id']}").is_hit

    def test_lacking_stock_is_409_names_the_product_and_changes_nothing(self, here, there):
        enough, lacking = rows.product(here, stock=10), rows.product(here, stock=2)
        orders = here.get(COUNT).json()
        answer = placed(here, [(enough["id"], 3), (lacking["id"], 3)])
        expect.problem(answer, 409, mentions=[str(lacking["id"])])
        for client in (here, there):
            assert client.get(f"/v1/products/{enough['id']}").json() == enough
            assert client.get(f"/v1/products/{lacking['id']}").json() == lacking
            assert client.get(COUNT).json() == orders

    def test_two_lines_of_one_product_need_the_sum(self, here):
        product = rows.product(here, stock=5)
        expect.problem(placed(here, [(product["id"], 3), (product["id"], 3)]), 409)
        assert here.get(f"/v1/products/{product['id']}").json() == product
        assert placed(here, [(product["id"], 3), (product["id"], 2)]).status == 201
        assert here.get(f"/v1/products/{product['id']}").json()["stock"] == 0

    def test_the_same_stock_is_never_sold_twice(self, pair, here):
        products = [rows.product(here, stock=10) for _ in range(2)]

        def buy(number):
            with (pair.first, pair.second)[number % 2].client() as client:
                # In both orders of the lines, so that locks are taken crosswise.
                lines = [(product["id"], 1) for product in products[::1 if number % 4 < 2 else -1]]
                return placed(client, lines, customer_id=number + 1).status

        with concurrent.futures.ThreadPoolExecutor(12) as pool:
            statuses = collections.Counter(pool.map(buy, range(30)))
        assert statuses == {201: 10, 409: 20}
        for product in products:
            assert here.get(f"/v1/products/{product['id']}").json()["stock"] == 0

    def test_unknown_products_and_customers_are_409(self, here):
        product = rows.product(here)
        expect.problem(placed(here, [(product["id"], 1), (999999999, 1)]), 409)
        expect.problem(placed(here, [(product["id"], 1)], customer_id=999999999), 409)
        assert here.get(f"/v1/products/{product['id']}").json() == product

    @pytest.mark.parametrize("line, pointer", [
        ({"product_id": 1, "quantity": -1}, "/lines/1/quantity"), ({"product_id": 1, "quantity": "2"}, "/lines/1/quantity"),
        ({"product_id": 1}, "/lines/1/quantity"), ({"quantity": 1}, "/lines/1/product_id"),
        ({"product_id": "one", "quantity": 1}, "/lines/1/product_id"),
        ({"product_id": 1, "quantity": 1, "discount": 5}, "/lines/1/discount"), ("one of each", "/lines/1"),
    ])
    def test_a_wrong_line_is_422_at_its_pointer(self, here, line, pointer):
        order = {"order_date": "2023-03-10", "customer_id": 931, "lines": [{"product_id": 1, "quantity": 1}, line]}
        before = here.get("/v1/products/1").json()
        expect.problem(here.post("/v1/orders", order), 422, [pointer])
        assert here.get("/v1/products/1").json() == before

    def test_the_tax_is_a_setting(self, pair):
        service = pair.service(SALES_TAX_PERCENT="20")
        with service.client() as client:
            product = rows.product(client, price="10.00")
            order = placed(client, [(product["id"], 2)]).json()
        assert (order["net_amount"], order["tax"], order["total_amount"]) == ("20.00", "4.00", "24.00")


class TestSummary:
    def expected(self, customer_id):
        orders = [row for row in sample.orders() if row["customer_id"] == customer_id]
        dates = sorted(row["order_date"] for row in orders)
        total = sum((decimal.Decimal(row["total_amount"]) for row in orders), decimal.Decimal("0.00"))
        category_of = {row["id"]: row["category_id"] for row in sample.products()}
        pieces = collections.Counter()
        numbers = {row["id"] for row in orders}
        for line in sample.order_lines():
            if line["order_id"] in numbers:
                pieces[category_of[line["product_id"]]] += line["quantity"]
        best = pieces.most_common(2)
        # Without a clear favourite there is nothing to compare.
        favourite = best[0][0] if len(best) == 1 or best and best[0][1] > best[1][1] else None
        return {
            "customer_id": customer_id, "orders": len(orders), "total_spent": str(total), "first_order_date": dates[0],
            "last_order_date": dates[-1]}, favourite

    def test_it_sums_up_what_the_customer_bought(self, here):
        buyers = collections.Counter(row["customer_id"] for row in sample.orders())
        for customer_id, _ in buyers.most_common(6):
            body = here.get(f"/v1/customers/{customer_id}/summary").json()
            wanted, favourite = self.expected(customer_id)
            assert set(body) == {*wanted, "favourite_category"}
            assert {name: body[name] for name in wanted} == wanted
            if favourite:
                assert body["favourite_category"] in (sample.categories()[favourite], favourite)

    def test_one_without_orders_has_a_summary_too(self, here):
        customer = rows.customer(here)
        assert here.get(f"/v1/customers/{customer['id']}/summary").json() == {
            "customer_id": customer["id"], "orders": 0, "total_spent": "0.00", "first_order_date": None,
            "last_order_date": None, "favourite_category": None}

    def test_an_unknown_customer_is_404(self, here):
        expect.problem(here.get("/v1/customers/999999999/summary"), 404)

    def test_it_is_cached_and_an_order_shows_in_it_at_once(self, here, there):
        customer = rows.customer(here)
        product = rows.product(here, price="100.00")
        path = f"/v1/customers/{customer['id']}/summary"
        for client in (here, there):
            wait_for_hit(client, path)
        rows.order(here, customer["id"])
        for client in (here, there):
            assert client.get(path).json()["total_spent"] == "25.00"
            wait_for_hit(client, path)
        order = placed(there, [(product["id"], 1)], customer["id"]).json()
        for client in (here, there):
            body = client.get(path).json()
            assert (body["orders"], body["total_spent"]) == (2, "133.25")
            assert body["favourite_category"] is not None
            wait_for_hit(client, path)
        assert here.delete(f"/v1/orders/{order['id']}").status == 204
        for client in (here, there):
            assert client.get(path).json()["orders"] == 1

    def test_an_order_of_another_customer_leaves_it_cached(self, here):
        one, other = rows.customer(here), rows.customer(here)
        path = f"/v1/customers/{one['id']}/summary"
        wait_for_hit(here, path)
        rows.order(here, other["id"])
        assert here.get(path).is_hit


class TestCancelling:
    def cancel(self, client, order, **headers):
        return client.post(f"/v1/orders/{order['id']}/cancel", None, headers)

    def test_it_gives_the_stock_back_once(self, here, there):
        product = rows.product(here, stock=10, sold=0)
        path = f"/v1/products/{product['id']}"
        order = placed(here, [(product["id"], 3), (product["id"], 1)]).json()
        assert order["status"] == "placed"
        for client in (here, there):
            assert (client.get(path).json()["stock"], client.get(path).json()["sold"]) == (6, 4)
            wait_for_hit(client, path)

        cancelled = self.cancel(there, order)
        assert cancelled.status == 200, cancelled
        assert cancelled.json() == order | {
            "status": "cancelled", "version": 2, "updated_at": cancelled.json()["updated_at"]}
        for client in (here, there):
            assert client.get(f"/v1/orders/{order['id']}").json() == cancelled.json()
            assert (client.get(path).json()["stock"], client.get(path).json()["sold"]) == (10, 0)

        problem = expect.problem(self.cancel(here, order), 409)
        assert problem["type"] == "/problems/already-cancelled"
        assert here.get(path).json()["stock"] == 10

    def test_many_at_once_give_it_back_once(self, pair, here):
        product = rows.product(here, stock=5)
        order = placed(here, [(product["id"], 5)]).json()

        def cancel(number):
            with pair.client((pair.first, pair.second)[number % 2]) as client:
                return self.cancel(client, order).status

        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            statuses = list(pool.map(cancel, range(8)))
        assert sorted(statuses) == [200] + [409] * 7
        assert here.get(f"/v1/products/{product['id']}").json()["stock"] == 5

    def test_one_that_is_sent_again_has_the_first_answer(self, here):
        order = placed(here, [(rows.product(here, stock=5)["id"], 1)]).json()
        key = {"Idempotency-Key": rows.unique("cancel")}
        first, second = self.cancel(here, order, **key), self.cancel(here, order, **key)
        assert (first.status, second.status) == (200, 200)
        assert second.json() == first.json()
        assert second.header("idempotency-replayed") == "true"

    def test_conditions_and_preferences_hold(self, here):
        order = placed(here, [(rows.product(here, stock=5)["id"], 1)]).json()
        tag = here.get(f"/v1/orders/{order['id']}").header("etag")
        expect.problem(self.cancel(here, order, **{"If-Match": '"0123"'}), 412)
        assert self.cancel(here, order, **{"If-Match": tag, "Prefer": "return=minimal"}).status == 204

    def test_an_unknown_order_is_404_and_a_body_is_none_of_its_business(self, here):
        expect.problem(here.post("/v1/orders/999999999/cancel", None), 404)
        expect.problem(here.post("/v1/orders/one/cancel", None), 400)
        order = placed(here, [(rows.product(here, stock=5)["id"], 1)]).json()
        expect.problem(here.post(f"/v1/orders/{order['id']}/cancel", {"why": "changed my mind"}), 422, ["/why"])
        assert here.post(f"/v1/orders/{order['id']}/cancel", {}).status == 200

    def test_nobody_else_changes_the_status(self, here):
        order = placed(here, [(rows.product(here, stock=5)["id"], 1)]).json()
        expect.problem(here.patch(f"/v1/orders/{order['id']}", {"status": "cancelled"}), 422, ["/status"])
        self.cancel(here, order)
        changed = here.patch(f"/v1/orders/{order['id']}", {"order_date": "2024-01-01"})
        assert (changed.status, changed.json()["status"]) == (200, "cancelled")
        whole = {name: order[name] for name in ("order_date", "customer_id", "net_amount", "tax")}
        assert here.put(f"/v1/orders/{order['id']}", whole).json()["status"] == "cancelled"

    def test_a_summary_leaves_it_out(self, here):
        customer = rows.customer(here)
        order = placed(here, [(rows.product(here, stock=5)["id"], 1)], customer["id"]).json()
        path = f"/v1/customers/{customer['id']}/summary"
        assert here.get(path).json()["orders"] == 1
        self.cancel(here, order)
        assert here.get(path).json()["orders"] == 0


class TestSales:
    def test_they_are_those_of_the_sample_by_month(self, here):
        dates = {row["id"]: row["order_date"] for row in sample.orders()}
        product = collections.Counter(line["product_id"] for line in sample.order_lines()).most_common(1)[0][0]
        quantities, orders = collections.Counter(), collections.defaultdict(set)
        for line in sample.order_lines():
            if line["product_id"] == product:
                month = dates[line["order_id"]][:7]
                quantities[month] += line["quantity"]
                orders[month].add(line["order_id"])
        assert here.get(f"/v1/products/{product}/sales").json() == {
            "product_id": product, "months": [
                {"month": month, "quantity": quantities[month], "orders": len(orders[month])} for month in sorted(orders)]}

    def test_they_are_cached_and_what_is_sold_or_cancelled_shows_at_once(self, here, there):
        product = rows.product(here, stock=50)
        path = f"/v1/products/{product['id']}/sales"
        assert here.get(path).json() == {"product_id": product["id"], "months": []}
        for client in (here, there):
            wait_for_hit(client, path)
        order = placed(here, [(product["id"], 2), (product["id"], 3)]).json()
        for client in (here, there):
            assert client.get(path).json()["months"] == [
                {"month": order["order_date"][:7], "quantity": 5, "orders": 1}]
            wait_for_hit(client, path)
        assert there.post(f"/v1/orders/{order['id']}/cancel", None).status == 200
        for client in (here, there):
            assert client.get(path).json()["months"] == []

    def test_an_unknown_product_is_404(self, here):
        expect.problem(here.get("/v1/products/999999999/sales"), 404)
