"""`larder seed`: made-up rows, always the same."""

from support import databases, larder
from support.servers import rows, value

TABLES = ["categories", "products", "customers", "orders", "users", "articles", "comments", "applications", "deployments"]


def content(database):
    """All but the times of writing."""
    return {
        table: rows(database, f"SELECT to_jsonb(t) - 'created_at' - 'updated_at' FROM {table} t ORDER BY 1")
        for table in [*TABLES, "order_lines"]}


def test_a_sample_is_in_every_table_and_always_the_same():
    first, second = databases.migrated(), databases.migrated()
    for database in (first, second):
        done = larder.run("seed", DATABASE_URL=database)
        assert done.status == 0 and done.stderr == "", done
    assert done.stdout.splitlines()[:2] == ["10 categories", "40 products"]
    assert content(first) == content(second)
    assert all(content(first).values())


def test_rows_that_are_there_are_not_replaced_unasked():
    database = databases.migrated()
    assert larder.run("seed", DATABASE_URL=database).status == 0
    refused = larder.run("seed", "--size", "medium", DATABASE_URL=database)
    assert refused.status == 1 and "There are categories already" in refused.stderr
    done = larder.run("seed", "--size", "medium", "--replace", DATABASE_URL=database)
    assert done.status == 0, done
    assert value(database, "SELECT count(*) FROM comments") == "8000"


def test_new_rows_come_after_the_sample(new_stack):
    database = databases.migrated()
    assert larder.run("seed", DATABASE_URL=database).status == 0
    client = new_stack(database).client()
    assert client.get("/v1/products/1").status == 200
    assert client.post("/v1/categories", {"name": "New"}).json()["id"] == 11


def test_a_sample_needs_a_database():
    done = larder.run("seed")
    assert done.status == 2 and "set DATABASE_URL" in done.stderr
