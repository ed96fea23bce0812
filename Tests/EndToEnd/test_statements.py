"""What clients ask for and what operators change decides on the statements of a session. Neither may fail a request of others."""

import itertools

import pytest

from support import rows
from support.servers import psql

ORDER_FIELDS = ["id", "order_date", "customer_id", "net_amount", "tax", "total_amount"]


@pytest.fixture
def service(new_stack):
    """One connection for reads that are alone and one for transactions, and nothing cached."""
    stack = new_stack(HTTP_WORKERS=1, DATABASE_POOL_SIZE=2, CACHE="off")
    return stack.client()


def reads_of_several_steps(client, order):
    return [
        client.get(path).status for path in [
            f"/v1/orders/{order['id']}?include=customer", f"/v1/orders/{order['id']}?include=lines", "/v1/orders?count=exact",
            "/v1/orders?include=customer,lines"]]


def test_hundreds_of_filters_do_not_fail_the_reads_of_several_steps_that_follow(service):
    order = rows.order(service, rows.customer(service)["id"])
    samples = {"order_date": "2024-01-01", "net_amount": "1.00", "tax": "1.00", "total_amount": "1.00"}
    conditions = [f"{field}[{operator}]={samples.get(field, 1)}" for field in ORDER_FIELDS for operator in ("gt", "lte", "ne")]
    sets = itertools.islice(itertools.combinations(conditions, 2), 0, 150)
    for number, filters in enumerate(sets):
        assert service.get("/v1/orders?" + "&".join(filters)).status == 200
        # With two statements in a snapshot, too.
        assert service.get("/v1/orders?count=exact&" + "&".join(filters)).status == 200
        if number % 10 == 0:
            assert reads_of_several_steps(service, order) == [200] * 4
    for _ in range(20):
        assert reads_of_several_steps(service, order) == [200] * 4


@pytest.mark.parametrize("change", [
    "ALTER TABLE categories ALTER COLUMN name TYPE varchar(300)",
    "ALTER TABLE categories ALTER COLUMN updated_at TYPE timestamptz(3)",
    "ALTER TABLE categories ADD COLUMN note text",
])
def test_a_table_that_is_altered_fails_no_request(change, new_stack):
    stack = new_stack(HTTP_WORKERS=1)
    client = stack.client()
    category = rows.category(client)
    path = f"/v1/categories/{category['id']}"
    names = (f"name {number}" for number in itertools.count())

    def use_all():
        name = next(names)
        written = client.patch(path, {"name": name})
        assert written.status == 200, written
        read = client.get(path)
        assert read.status == 200 and read.json() == written.json(), read
        assert client.put(path, {"name": next(names)}).status == 200
        made = client.post("/v1/categories", {"name": next(names)}, headers={"Idempotency-Key": next(names).replace(" ", "-")})
        assert made.status == 201, made
        batch = client.post("/v1/categories", [{"name": next(names)}, {"name": next(names)}])
        assert batch.status == 201, batch
        for question in ["?count=exact", "?sort=name", "/count"]:
            assert client.get(f"/v1/categories{question}").status == 200
        assert client.delete(f"/v1/categories/{made.json()['id']}").status == 204

    # All connections of the pool have everything prepared.
    for _ in range(8):
        use_all()
    psql(stack.database, change)
    before = client.get("/v1/categories/count").json()["count"]
    for number in range(1, 9):
        use_all()
        # Nothing was done twice.
        assert client.get("/v1/categories/count").json()["count"] == before + 2 * number
