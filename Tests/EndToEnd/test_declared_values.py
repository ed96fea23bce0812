"""Values that a declaration does not allow: the tables keep them out, and what is there from before can be mended by the API."""

import json

import pytest

from support import databases, expect, larder, rows, run
from support.servers import psql, value
from support.stack import Stack

BEFORE = "0007"
# Columns of orders that cannot be read with such a value.
UNREADABLE = {"order_date": ["infinity", "20000-01-01", "0044-03-15 BC"], "total_amount": ["NaN"], "created_at": ["-infinity"]}
CASES = [(column, stored) for column, values in UNREADABLE.items() for stored in values]


@pytest.mark.parametrize("statement, rule", [
    ("UPDATE orders SET order_date = 'infinity'", "orders_order_date_check"),
    ("UPDATE products SET price = 'NaN'", "products_price_check"),
    ("UPDATE products SET stock = -1", "products_stock_check"),
    ("UPDATE customers SET email = 'nobody'", "customers_email_check"),
    ("UPDATE categories SET updated_at = 'infinity'", "categories_updated_at_check"),
])
def test_no_program_can_store_them(statement, rule):
    done = psql(databases.dellstore(), statement, check=False)
    assert done.returncode != 0 and f'violates check constraint "{rule}"' in done.stderr, done


class TestRowsFromBefore:
    """As a database has them that was made before the tables kept such values out."""

    @pytest.fixture(scope="class")
    def uri(self):
        uri = databases.migrated()
        psql(uri, "ALTER TABLE orders DROP CONSTRAINT orders_order_date_check, DROP CONSTRAINT orders_total_amount_check,"
                  " DROP CONSTRAINT orders_created_at_check")
        return uri

    @pytest.fixture(scope="class")
    def api(self, uri):
        stack = Stack(uri)
        yield stack.client()
        stack.close()

    @pytest.fixture
    def stored(self, uri, api):
        """Makes an order, and puts a value into it behind the service's back."""
        made = []

        def stored(column, value):
            order = rows.order(api, rows.customer(api)["id"])
            made.append(order["id"])
            psql(uri, f"UPDATE orders SET {column} = '{value}' WHERE id = {order['id']}")
            return order, f"/v1/orders/{order['id']}"

        yield stored
        for number in made:
            psql(uri, f"DELETE FROM orders WHERE id = {number}")

    @pytest.mark.parametrize("column, value", CASES)
    def test_they_are_named_and_can_be_replaced(self, api, stored, column, value):
        order, path = stored(column, value)
        for target in path, "/v1/orders?sort=-id", f"/v1/orders?customer_id={order['customer_id']}":
            problem = expect.problem(api.get(target, headers={"Cache-Control": "no-cache"}), 500)
            assert problem["type"] == "/problems/unreadable-row"
            assert problem["detail"] == (
                f"The row {order['id']} of orders holds a value in {column} that its declaration does not allow; "
                "PUT another row in its place, or delete it.")
        whole = {name: order[name] for name in ("order_date", "customer_id", "net_amount", "tax")}
        answer = api.put(path, whole)
        assert answer.status == 200 and answer.json()["version"] == order["version"] + 1, answer
        assert answer.json() | {"version": 1, "updated_at": "", "created_at": ""} == order | {
            "version": 1, "updated_at": "", "created_at": ""}
        assert api.get(path).json() == answer.json()
        assert api.get("/v1/orders").status == 200

    @pytest.mark.parametrize("column, value", CASES)
    def test_they_can_be_deleted(self, api, stored, column, value):
        _, path = stored(column, value)
        assert api.delete(path).status == 204
        assert api.get(path).status == 404

    def test_a_patch_has_to_give_a_new_value(self, api, stored):
        order, path = stored("order_date", "infinity")
        expect.problem(api.patch(path, {"tax": "3.00"}), 422, ["/order_date"])
        expect.problem(api.patch("/v1/orders", [{"id": order["id"], "tax": "3.00"}]), 422, ["/0/order_date"])
        answer = api.patch(path, {"order_date": "2024-05-01"})
        assert answer.status == 200 and answer.json()["order_date"] == "2024-05-01", answer

    def test_a_patch_computes_what_is_computed(self, api, stored):
        _, path = stored("total_amount", "NaN")
        answer = api.patch(path, {"tax": "3.00"})
        assert answer.status == 200 and answer.json()["total_amount"] == "26.00", answer

    def test_nobody_has_their_etag(self, api, stored):
        order, path = stored("order_date", "infinity")
        was = api.get(path, headers={"If-None-Match": '"x"'})
        assert was.status == 500
        assert api.delete(path, headers={"If-Match": '"00000000000000000000000000000000"'}).status == 412
        assert api.delete(path, headers={"If-Match": "*"}).status == 204

    def test_an_import_replaces_them(self, uri, api, stored, tmp_path):
        order, path = stored("order_date", "infinity")
        file = tmp_path / "orders.csv"
        file.write_text(f"id,order_date,customer_id,net_amount,tax\n{order['id']},2024-05-01,{order['customer_id']},1.00,0.10\n")
        done = larder.run("import", "orders", file, DATABASE_URL=uri)
        assert done.status == 0, done
        assert api.get(path, headers={"Cache-Control": "no-cache"}).json()["order_date"] == "2024-05-01"

    def test_they_do_not_fill_the_log_however_often_they_are_read(self, new_stack, uri, stored):
        _, path = stored("order_date", "infinity")
        other = new_stack(uri, HTTP_WORKERS=1)
        with other.first.client() as client:
            for _ in range(100):
                assert client.get(path, headers={"Cache-Control": "no-cache"}).status == 500
        other.first.interrupt()
        other.first.wait(10)
        lines = [json.loads(line) for line in other.first.log.read_text().splitlines() if "a request failed" in line]
        # Some, and how many there were beside them.
        assert 1 < len(lines) < 10, lines
        assert len(lines) - 1 + int(lines[-1]["more_times"]) == 100

    def test_a_summary_of_them_says_so(self, api, stored):
        order, _ = stored("order_date", "infinity")
        problem = expect.problem(api.get(f"/v1/customers/{order['customer_id']}/summary"), 500)
        assert problem["detail"].startswith("One of the orders holds a value in order_date that its declaration does not allow")


class TestTheMigration:
    def test_names_the_rows_that_break_a_rule_and_goes_on(self):
        uri = databases.empty()
        assert larder.run("migrate", "up", "--to", BEFORE, DATABASE_URL=uri).status == 0
        psql(uri, """
            INSERT INTO categories (name) SELECT 'category ' || n FROM generate_series(1, 3) n;
            INSERT INTO products (category_id, title, actor, price, special, stock, sold)
            SELECT 1, 't', 'a', CASE WHEN n > 2 THEN numeric 'NaN' ELSE 1 END, false, 0, 0 FROM generate_series(1, 20) n""")
        done = larder.run("migrate", "up", DATABASE_URL=uri)
        assert done.status == 0, done
        warning = ("WARNING: products_price_check is broken by these products (ten at most are named): 3, 4, 5, 6, 7, 8, 9, 10, 11, 12."
                   " Replace or delete them, then run ALTER TABLE products VALIDATE CONSTRAINT products_price_check.")
        assert [line for line in done.stderr.splitlines() if "WARNING" in line] == [warning]
        assert value(uri, "SELECT string_agg(conname, ' ') FROM pg_constraint WHERE contype = 'c' AND NOT convalidated") == (
            "products_price_check")
        service = larder.Service(DATABASE_URL=uri)
        try:
            words = "rows of table products may break the constraint products_price_check"
            run.wait_until(lambda: words in service.text(), 10, "its log tells of them")
        finally:
            service.close()
        # From now on it holds.
        assert psql(uri, "UPDATE products SET price = 'NaN' WHERE id = 1", check=False).returncode != 0
        psql(uri, "DELETE FROM products WHERE price = 'NaN'; ALTER TABLE products VALIDATE CONSTRAINT products_price_check")

    def test_can_be_taken_back_and_applied_again(self):
        uri = databases.migrated()
        for command in (("down", "--to", BEFORE), ("up",)):
            assert larder.run("migrate", *command, DATABASE_URL=uri).status == 0
        assert value(uri, "SELECT count(*) FROM pg_constraint WHERE contype = 'c' AND NOT convalidated") == "0"
