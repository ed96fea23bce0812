"""CSV files into the store: the sample data, and files that are less well-behaved."""

import gzip
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


    def test_one_that_a_constraint_of_the_table_refuses_is_reported_and_the_others_are_kept(self, new_stack, tmp_path):
        stack = new_stack()
        psql(stack.database, "ALTER TABLE categories ADD CONSTRAINT short CHECK (length(name) < 10)")
        psql(stack.database, """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'never % here', NEW.name; END $$;
            CREATE TRIGGER refuse BEFORE INSERT ON categories FOR EACH ROW WHEN (NEW.name = 'blue') EXECUTE FUNCTION refuse()""")
        path = tmp_path / "categories.csv"
        path.write_text("id,name\n1,red\n2,far too long a name\n3,blue\n4,green\n")
        done = larder.run("import", "categories", path, **stack.settings)
        assert done.status == 1 and done.stdout == "2 categories imported, 2 not\n", done
        assert "line 3: the database refuses it" in done.stderr and '"short"' in done.stderr
        assert "line 4: the database refuses it: never blue here" in done.stderr
        assert select(stack.database, "SELECT name FROM categories ORDER BY id") == [["red"], ["green"]]

    def test_a_quote_that_is_never_closed_is_named_and_all_it_swallows_is_counted(self, load, api, numbers):
        found = [ROW.format(id=number) for number in numbers[:5]]
        found[1] = found[1].replace("ACTOR", '"ACTOR')
        done = load(lines(*found), status=1)
        assert done.stdout == "1 products imported, 4 not\n"
        assert "line 3: the quote that opens on line 3 is never closed; lines 3 to 6 were passed over" in done.stderr

    def test_text_in_latin_1_is_reported_and_what_to_do(self, load, api, numbers):
        found = [ROW.format(id=number) for number in numbers[:2]]
        text = lines(found[0], found[1].replace("ACTOR", "ACT\u00d6R")).encode("latin-1")
        done = load(text, status=1)
        assert done.stdout == "1 products imported, 1 not\n"
        assert "line 3: it is not UTF-8" in done.stderr and "iconv -f WINDOWS-1252 -t UTF-8" in done.stderr

    @pytest.mark.parametrize("id", ["9223372036854775807", "9007199254740992", "0", "-5"])
    def test_an_id_behind_which_none_could_follow_is_reported(self, load, api, numbers, id):
        done = load(f"id,name\n{id},{rows.unique('top')}\n", resource="categories", status=1)
        assert names_line(done, 2) and id in done.stderr, done
        assert rows.category(api)


class TestValues:
    def test_that_are_unique_may_change_places(self, load, api, numbers):
        a, b, c = rows.unique("a"), rows.unique("b"), rows.unique("c")
        one, two, three = numbers[:3]
        load(f"id,name\n{one},{a}\n{two},{b}\n{three},{c}\n", resource="categories")
        load(f"id,name\n{one},{b}\n{two},{a}\n", resource="categories")
        assert [api.get(f"/v1/categories/{number}").json()["name"] for number in numbers[:3]] == [b, a, c]
        # So far apart that they are not written together; and one that is outside of the file keeps its own.
        between = "".join(f"{numbers[0] + 1000 + index},{rows.unique('n')}\n" for index in range(1200))
        done = load(f"id,name\n{one},{a}\n{numbers[3]},{c}\n{between}{two},{b}\n", resource="categories", status=1)
        assert done.stdout == "1202 categories imported, 1 not\n" and names_line(done, 3), done
        assert [api.get(f"/v1/categories/{number}").json()["name"] for number in numbers[:3]] == [a, b, c]

    def test_may_come_without_ids(self, load, api):
        names = [rows.unique("name") for _ in range(3)]
        load("name\n" + "".join(f"{name}\n" for name in names), resource="categories")
        found = [api.get("/v1/categories", name=name).json()["items"][0] for name in names]
        assert [row["name"] for row in found] == names and len({row["id"] for row in found}) == 3
        load(f"name,email\nAda,{rows.unique('ada')}@example.org\n", resource="users")


class TestStandardInput:
    def test_is_read_to_its_end(self, stack, api):
        names = [rows.unique("piped") for _ in range(2000)]
        text = "name\n" + "".join(f"{name}\n" for name in names)
        done = larder.run("import", "categories", "-", input=text, **stack.settings)
        assert done.status == 0 and done.stdout == "2000 categories imported\n", done

    def test_is_named_in_what_is_reported(self, stack):
        done = larder.run("import", "categories", "-", input="id,name\nx,a\n", **stack.settings)
        assert done.status == 1 and done.stderr.startswith('standard input: line 2: id "x" is not'), done


class TestBeforeAnythingIsWritten:
    @pytest.mark.parametrize("content, words", [
        ("id;name\n1;a\n".encode(), "semicolons"), ("id\tname\n1\ta\n".encode(), "tabs"),
        ("id,name\n1,a\n".encode("utf-16"), "iconv -f UTF-16"), ("id,n\u00e4me\n".encode("latin-1"), "iconv -f WINDOWS-1252"),
        (gzip.compress(b"id,name\n1,a\n", mtime=0), "gzip -dc"), (b"id,name,\n1,a,\n", "--map =-"), (b'id,"name\n1,a\n', "line 1"),
    ], ids=lambda value: value if isinstance(value, str) else "")
    def test_a_file_of_another_form_is_named_with_what_to_do(self, stack, tmp_path, content, words):
        path = tmp_path / "categories.csv"
        path.write_bytes(content)
        settings = stack.settings | {"REDIS_URL": "unix:///nowhere/redis.sock"}
        done = larder.run("import", "categories", path, **settings)
        assert done.status in (1, 2) and words in done.stderr and "Redis" not in done.stderr, done

    def test_the_advice_for_a_column_without_a_name_works(self, load, api, numbers):
        name = rows.unique("name")
        load(f"id,name,\n{numbers[0]},{name},\n", "--map", "=-", resource="categories")
        assert api.get(f"/v1/categories/{numbers[0]}").json()["name"] == name

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
