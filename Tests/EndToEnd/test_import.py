"""CSV files into the store: the sample data, and files that are less well-behaved."""

import re

import pytest

from support import databases, larder, rows, sample
from support.servers import psql, value
from support.servers import rows as select
from support.stack import wait_for_hit

HEADER = "id,category_id,title,actor,price,special,stock,sold"
ROW = "{id},1,TITLE {id},ACTOR,12.50,true,5,0"


class TestSampleData:
    @pytest.fixture(scope="class")
    def uri(self):
        return databases.dellstore()

    def test_all_of_it_is_there(self, uri):
        counts = {table: int(value(uri, f"SELECT count(*) FROM {table}")) for table, _, _ in sample.IMPORTS}
        assert counts == {"categories": 16, "products": 10000, "customers": 20000, "orders": 10000, "order_lines": 50266}

    def test_it_is_there_quickly(self):
        assert databases.dellstore_import()["seconds"] < 60

    def test_amounts_are_those_of_the_file_to_the_cent(self, uri):
        found = select(uri, "SELECT id, net_amount, tax, total_amount FROM orders ORDER BY id")
        wanted = sorted(sample.orders(), key=lambda row: row["id"])
        assert found == [[str(row["id"]), row["net_amount"], row["tax"], row["total_amount"]] for row in wanted]

    def test_a_cell_with_a_line_break_is_one_cell(self, uri):
        wanted = sample.customers()[0]["address1"]
        assert "\n" in wanted
        assert psql(uri, "SELECT address FROM customers WHERE id = 1").stdout.rstrip("\n") == wanted

    def test_lines_belong_to_their_order_and_keep_their_number(self, uri):
        found = select(uri, "SELECT line_number, product_id, quantity FROM order_lines WHERE order_id = 2001 ORDER BY 1")
        wanted = [row for row in sample.order_lines() if row["order_id"] == 2001]
        assert [row[1:] for row in found] == [[str(row["product_id"]), str(row["quantity"])] for row in wanted]


@pytest.fixture
def load(stack, api, tmp_path):
    """Imports rows of products, whose category 1 is there."""
    categories = tmp_path / "categories.csv"
    categories.write_text("id,name\n1,The first\n")

    def load(text, *arguments, resource="products", status=0):
        path = tmp_path / f"{resource}.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        done = larder.run("import", resource, path, *arguments, **stack.settings)
        assert done.status == status, done
        return done

    done = larder.run("import", "categories", categories, **stack.settings)
    assert done.status == 0, done
    return load


@pytest.fixture
def numbers(api):
    """Ids that no row has yet."""
    highest = api.get("/v1/products?sort=-id&limit=1").json()["items"]
    start = (highest[0]["id"] if highest else 0) + 100
    return list(range(start, start + 10))


def lines(*found):
    return "".join(line + "\n" for line in (HEADER, *found))


def names_line(done, number):
    return re.search(rf"(?<![\w.]){number}(?![\w.]\w)", done.stderr) is not None


def product(api, number):
    answer = api.get(f"/v1/products/{number}")
    return answer.json() if answer.status == 200 else None


class TestRows:
    def test_they_are_inserted_and_later_replaced_by_id(self, load, api, numbers):
        load(lines(*(ROW.format(id=number) for number in numbers)))
        assert product(api, numbers[3])["title"] == f"TITLE {numbers[3]}"
        count = api.get("/v1/products/count").json()
        load(lines(ROW.format(id=numbers[3]).replace("TITLE", "NEW TITLE")))
        assert product(api, numbers[3])["title"] == f"NEW TITLE {numbers[3]}"
        assert product(api, numbers[4])["title"] == f"TITLE {numbers[4]}"
        assert api.get("/v1/products/count").json() == count

    def test_their_ids_are_never_given_again(self, load, api, numbers):
        load(lines(ROW.format(id=numbers[-1])))
        assert rows.product(api)["id"] > numbers[-1]

    def test_what_they_touch_is_invalidated(self, load, api, numbers):
        load(lines(ROW.format(id=numbers[0])))
        paths = [f"/v1/products/{numbers[0]}", "/v1/products?category_id=1&sort=-id", "/v1/products/count"]
        for path in paths:
            wait_for_hit(api, path)
        count = api.get(paths[2]).json()["count"]
        load(lines(ROW.format(id=numbers[0]).replace("TITLE", "NEW"), ROW.format(id=numbers[1])))
        assert api.get(paths[0]).json()["title"] == f"NEW {numbers[0]}"
        assert api.get(paths[1]).json()["items"][0]["id"] == numbers[1]
        assert api.get(paths[2]).json()["count"] == count + 1

    def test_cells_are_quoted_as_rfc_4180_has_it(self, load, api, numbers):
        text = HEADER + '\r\n' + f'{numbers[0]},1,"A, ""B""\r\nC",ACTOR,"12.50",0,5,0\r\n' + ROW.format(id=numbers[1])
        load(text)
        assert product(api, numbers[0])["title"] == 'A, "B"\r\nC'
        # The last line need not end.
        assert product(api, numbers[1]) is not None

    def test_a_byte_order_mark_is_no_part_of_the_first_column(self, load, api, numbers):
        load(b"\xef\xbb\xbf" + lines(ROW.format(id=numbers[0])).encode())
        assert product(api, numbers[0]) is not None

    @pytest.mark.parametrize("cell, wanted", [("true", True), ("false", False), ("1", True), ("0", False)])
    def test_booleans(self, load, api, numbers, cell, wanted):
        load(lines(ROW.format(id=numbers[0]).replace("true", cell)))
        assert product(api, numbers[0])["special"] is wanted

    def test_an_empty_cell_is_null(self, load, api, numbers):
        header = "id,first_name,last_name,email,username,address,city,state,zip,country,phone,age,income,gender\n"
        word = rows.unique("customer")
        load(header + f"{numbers[0]},Ada,King,{word}@example.org,{word},A street,London,,SW1Y,UK,,,,\n", resource="customers")
        customer = api.get(f"/v1/customers/{numbers[0]}").json()
        assert [customer[name] for name in ("state", "phone", "age", "income", "gender")] == [None] * 5

    def test_columns_are_renamed_dropped_and_in_any_order(self, load, api, numbers):
        load(
            f"note,stock,number,category_id,title,actor,price,special,sold\nx,77,{numbers[0]},1,T,A,1.00,1,0\n", "--map",
            "number=id,note=-")
        assert product(api, numbers[0])["stock"] == 77


class TestBadRows:
    def test_three_are_named_by_their_lines_and_the_others_are_kept(self, load, api, numbers):
        good = [numbers[0], numbers[2], numbers[4], numbers[6]]
        found = [ROW.format(id=number) for number in numbers[:7]]
        found[1] = found[1].replace("12.50", "much")
        found[3] = found[3].replace(",1,TITLE", ",999999,TITLE")
        found[5] = f"{numbers[5]},1,TOO SHORT"
        done = load(lines(*found), status=1)
        # The header is line 1.
        assert [line for line in (3, 5, 7) if not names_line(done, line)] == [], done
        assert "price" in done.stderr
        assert [number for number in numbers[:7] if product(api, number)] == good
        assert api.get(f"/v1/products/count?id[in]={','.join(map(str, numbers[:7]))}").json() == {"count": 4}

    @pytest.mark.parametrize("good, bad", [
        ("12.50", "12.505"), ("true", "yes"), ("true", ""), (",5,0", ",5.5,0"), (",5,0", ",,0"), ("ACTOR", "ACTOR,extra"),
        ("TITLE", '"TITLE" x'), ("ACTOR", "A\0B"),
    ], ids=repr)
    def test_each_kind_is_reported(self, load, api, numbers, good, bad):
        done = load(lines(ROW.format(id=numbers[0]), ROW.format(id=numbers[1]).replace(good, bad, 1)), status=1)
        assert names_line(done, 3), done
        assert product(api, numbers[0]) and not product(api, numbers[1])

    def test_two_of_one_name_are_reported(self, load, api, numbers):
        word = rows.unique("name")
        done = load(f"id,name\n{numbers[0]},{word}\n{numbers[1]},{word}\n{numbers[2]},{word}x\n", resource="categories", status=1)
        assert names_line(done, 3), done
        assert [api.get(f"/v1/categories/{number}").status for number in numbers[:3]] == [200, 404, 200]

    def test_many_bad_ones_among_many_good_ones(self, load, api, numbers):
        start = numbers[0]
        found = [ROW.format(id=start + index) for index in range(3000)]
        for index in range(0, 3000, 1000):
            found[index + 7] = found[index + 7].replace("12.50", "much")
        done = load(lines(*found), status=1)
        assert all(names_line(done, index + 9) for index in range(0, 3000, 1000)), done
        assert api.get(f"/v1/products/count?id[gte]={start}").json() == {"count": 2997}


class TestBeforeAnythingIsWritten:
    @pytest.mark.parametrize("text, word", [
        (HEADER + ",colour\n" + ROW + ",red\n", "colour"), (HEADER.replace("sold", "sales") + "\n" + ROW + "\n", "sales")])
    def test_an_unknown_column_is_refused(self, load, api, numbers, text, word, stack, tmp_path):
        path = tmp_path / "unknown.csv"
        path.write_text(text.format(id=numbers[0]))
        done = larder.run("import", "products", path, **stack.settings)
        assert done.status in (1, 2) and word in done.stderr, done
        assert product(api, numbers[0]) is None

    def test_a_map_to_what_is_no_field_is_refused(self, load, api, numbers, stack, tmp_path):
        path = tmp_path / "products.csv"
        path.write_text(lines(ROW.format(id=numbers[0])))
        done = larder.run("import", "products", path, "--map", "sold=sales", **stack.settings)
        assert done.status in (1, 2) and "sold" in done.stderr, done
        assert product(api, numbers[0]) is None

    def test_a_file_that_is_not_there_is_told(self, stack):
        done = larder.run("import", "products", "/nowhere/products.csv", **stack.settings)
        assert done.status in (1, 2) and "/nowhere/products.csv" in done.stderr, done

    @pytest.mark.parametrize("resource, word", [("products", "colour"), ("apples", "apples")])
    def test_what_can_be_refused_is_without_redis(self, stack, tmp_path, resource, word):
        path = tmp_path / "unknown.csv"
        path.write_text("id,colour\n1,red\n")
        settings = stack.settings | {"REDIS_URL": "unix:///nowhere/redis.sock"}
        done = larder.run("import", resource, path, **settings)
        assert done.status == 2 and word in done.stderr and "Redis" not in done.stderr, done

    def test_an_empty_file_is_told(self, stack, tmp_path):
        (tmp_path / "empty.csv").write_text("")
        done = larder.run("import", "products", tmp_path / "empty.csv", **stack.settings)
        assert done.status in (1, 2) and done.stderr.strip(), done
