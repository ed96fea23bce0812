"""What others write to the database, past the service, is seen through it all the same."""

import time

import pytest

from support import databases, larder, rows
from support.run import wait_until
from support.servers import Session, psql, renamed, value
from support.stack import wait_for_hit

# Seconds within which a change is to be seen, on a machine that does other things as well.
SOON = 1.0


@pytest.fixture
def stack(new_stack):
    return new_stack(HTTP_WORKERS=1)


@pytest.fixture
def clients(stack):
    return [stack.client(stack.first), stack.client(stack.second)]


def seen(clients, path, expected, what):
    for client in clients:
        wait_until(lambda: expected(client.get(path)), SOON, what, every=0.002)


class TestAStatement:
    def test_that_updates_a_row_is_seen_at_once(self, stack, clients):
        product = rows.product(clients[0])
        path = f"/v1/products/{product['id']}"
        times = []
        with Session(stack.database) as session:
            for stock in range(1001, 1031):
                for client in clients:
                    wait_for_hit(client, path)
                session.run(f"UPDATE products SET stock = {stock} WHERE id = {product['id']}")
                began = time.monotonic()
                seen(clients, path, lambda answer: answer.json()["stock"] == stock, "the new stock")
                times.append(time.monotonic() - began)
        assert sorted(times)[len(times) // 2] < 0.05, times

    def test_that_inserts_and_deletes_changes_lists_and_counts(self, stack, clients):
        product = rows.product(clients[0])
        listed = f"/v1/products?category_id={product['category_id']}"
        assert wait_for_hit(clients[0], "/v1/products/90001").status == 404
        for path in ("/v1/products/count", listed):
            for client in clients:
                wait_for_hit(client, path)
        count = clients[0].get("/v1/products/count").json()["count"]
        psql(stack.database, f"""INSERT INTO products (id, category_id, title, actor, price, special, stock, sold)
            OVERRIDING SYSTEM VALUE VALUES (90001, {product['category_id']}, 'T', 'A', 1, false, 1, 0)""")
        seen(clients, "/v1/products/90001", lambda answer: answer.status == 200, "the row")
        seen(clients, "/v1/products/count", lambda answer: answer.json()["count"] == count + 1, "the count")
        seen(clients, listed, lambda answer: 90001 in [item["id"] for item in answer.json()["items"]], "the list")
        psql(stack.database, "DELETE FROM products WHERE id = 90001")
        seen(clients, "/v1/products/90001", lambda answer: answer.status == 404, "that it is gone")
        seen(clients, "/v1/products/count", lambda answer: answer.json()["count"] == count, "the count")
        seen(clients, listed, lambda answer: 90001 not in [item["id"] for item in answer.json()["items"]], "the list")

    def test_that_moves_a_row_changes_the_lists_of_both_parts(self, stack, clients):
        product = rows.product(clients[0])
        other = rows.category(clients[0])["id"]
        lists = [f"/v1/products?category_id={id}" for id in (product["category_id"], other)]
        for path in lists:
            wait_for_hit(clients[0], path)
        psql(stack.database, f"UPDATE products SET category_id = {other} WHERE id = {product['id']}")
        seen(clients, lists[0], lambda answer: answer.json()["items"] == [], "it is gone from one")
        seen(clients, lists[1], lambda answer: len(answer.json()["items"]) == 1, "it is in the other")

    def test_that_changes_what_a_row_owns_changes_the_row(self, new_stack):
        stack = new_stack(databases.dellstore(), HTTP_WORKERS=1)
        clients = [stack.client(stack.first), stack.client(stack.second)]
        order = value(stack.database, "SELECT order_id FROM order_lines LIMIT 1")
        path = f"/v1/orders/{order}?include=lines"
        for client in clients:
            assert wait_for_hit(client, path).json()["lines"] != []
        psql(stack.database, f"DELETE FROM order_lines WHERE order_id = {order}")
        seen(clients, path, lambda answer: answer.json()["lines"] == [], "no lines")

    @pytest.mark.parametrize("statement", [
        "UPDATE products SET stock = 4242",
        "CREATE TEMP TABLE t AS SELECT * FROM products; COPY (SELECT 1) TO '/dev/null'; UPDATE products p SET stock = 4242 FROM t WHERE t.id = p.id",
    ])
    def test_that_touches_more_than_can_be_listed_begins_the_cache_anew(self, new_stack, statement):
        stack = new_stack(databases.dellstore(), HTTP_WORKERS=1)
        clients = [stack.client(stack.first), stack.client(stack.second)]
        for client in clients:
            wait_for_hit(client, "/v1/products/4711")
        psql(stack.database, statement)
        seen(clients, "/v1/products/4711", lambda answer: answer.json()["stock"] == 4242, "the new stock")
        for client in clients:
            wait_for_hit(client, "/v1/products/4711")

    def test_that_empties_a_table_is_seen(self, stack, clients):
        rows.product(clients[0])
        for client in clients:
            wait_for_hit(client, "/v1/categories/count")
        psql(stack.database, "TRUNCATE categories CASCADE")
        for path in ("/v1/categories/count", "/v1/products/count"):
            seen(clients, path, lambda answer: answer.json()["count"] == 0, "nothing is left")

    def test_that_copies_rows_in_is_seen(self, stack, clients):
        for client in clients:
            wait_for_hit(client, "/v1/categories/count")
        count = clients[0].get("/v1/categories/count").json()["count"]
        with Session(stack.database) as session:
            session.run(f"COPY categories (name) FROM STDIN;\n{rows.unique('copied')}\n\\.\nSELECT 1")
        seen(clients, "/v1/categories/count", lambda answer: answer.json()["count"] == count + 1, "the new row")

    def test_that_is_rolled_back_changes_nothing(self, stack, clients):
        product = rows.product(clients[0])
        path = f"/v1/products/{product['id']}"
        wait_for_hit(clients[0], path)
        with Session(stack.database) as session:
            session.run("BEGIN")
            session.run(f"UPDATE products SET stock = 5 WHERE id = {product['id']}")
            session.run("ROLLBACK")
        time.sleep(0.2)
        answer = clients[0].get(path)
        assert answer.is_hit and answer.json() == product

    def test_that_was_missed_while_nobody_listened_is_seen_when_they_do_again(self, stack, clients):
        product = rows.product(clients[0])
        path = f"/v1/products/{product['id']}"
        for client in clients:
            wait_for_hit(client, path)
        with Session(stack.database) as session:
            session.run("BEGIN")
            session.run(f"UPDATE products SET stock = 77 WHERE id = {product['id']}")
            session.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'membership of larder'"
                        " AND datname = current_database()")
            session.run("COMMIT")
        for client in clients:
            wait_until(lambda: client.get(path).json()["stock"] == 77, 5, "the new stock")


class TestATrigger:
    def test_that_is_missing_is_told_by_readiness_and_comes_with_the_next_migration(self, stack, clients):
        psql(stack.database, "DROP TRIGGER larder_changed_update ON products")
        with stack.first.admin() as admin:
            answer = admin.get("/readyz")
            assert answer.status == 200 and b"warning: table products has no trigger" in answer.body, answer
            assert larder.run("migrate", "up", DATABASE_URL=stack.database).status == 0
            assert admin.get("/readyz").body == b"ok\n"

    def test_that_may_not_be_created_is_told(self, database):
        assert larder.run("migrate", "up", DATABASE_URL=database).status == 0
        role = rows.unique("role").replace(" ", "_").lower()
        psql(database, f"""DROP TRIGGER larder_changed_update ON products; CREATE ROLE "{role}" LOGIN;
            GRANT ALL ON ALL TABLES IN SCHEMA public TO "{role}"; REVOKE TRIGGER ON products FROM "{role}";
            GRANT EXECUTE ON FUNCTION pg_control_system() TO "{role}\"""")
        try:
            done = larder.run("migrate", "up", DATABASE_URL=renamed(database, user=role))
            assert done.status == 0 and "No trigger can be created on table products" in done.stderr, done
        finally:
            psql(database, f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')

    def test_costs_a_write_of_the_service_no_message(self, stack, clients):
        product = rows.product(clients[0])
        with Session(stack.database) as session:
            session.run("DO $$ BEGIN EXECUTE 'LISTEN larder_' || 'public'::regnamespace::oid; END $$")
            for stock, outside in ((5, False), (6, True)):
                path = f"/v1/products/{product['id']}"
                if outside:
                    psql(stack.database, f"UPDATE products SET stock = {stock} WHERE id = {product['id']}")
                else:
                    assert clients[0].patch(path, {"stock": stock}).status == 200
                time.sleep(0.1)
                assert ("changed" in "".join(session.run("SELECT 1"))) == outside
