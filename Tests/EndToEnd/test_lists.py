"""Lists over the sample data: pages, order, filters, counts."""

import itertools
import operator
import re
import urllib.parse

import pytest

from support import expect, sample


@pytest.fixture(scope="module")
def api(dellstore):
    return dellstore.client()


def ids(answer):
    assert answer.status == 200, answer
    return [row["id"] for row in answer.json()["items"]]


def pages(api, path, **parameters):
    """Follows `next` to the end."""
    while True:
        answer = api.get(path, **parameters)
        assert answer.status == 200, answer
        body = answer.json()
        assert set(body) >= {"items", "next"}
        yield body["items"]
        if body["next"] is None:
            return
        parameters["cursor"] = body["next"]


def all_ids(api, path, **parameters):
    return [row["id"] for page in pages(api, path, limit=200, **parameters) for row in page]


class TestLimit:
    def test_it_is_50_if_not_given(self, api):
        assert len(ids(api.get("/v1/products"))) == 50

    @pytest.mark.parametrize("limit", [1, 7, 200])
    def test_up_to_200_it_is_what_was_asked_for(self, api, limit):
        assert len(ids(api.get("/v1/products", limit=limit))) == limit

    @pytest.mark.parametrize("limit", ["201", "0", "-1", "1.5", "all", "", "99999999999999999999"])
    def test_beyond_it_is_an_error_and_no_silent_cut(self, api, limit):
        expect.problem(api.get("/v1/products", limit=limit), 400, mentions=["limit"])


class TestPages:
    def test_they_have_every_row_once_in_order_of_the_id(self, api):
        found = list(pages(api, "/v1/orders", limit=200))
        assert len(found) == 50 and all(len(page) == 200 for page in found)
        assert [row["id"] for page in found for row in page] == sorted(row["id"] for row in sample.orders())

    def test_the_last_one_says_so(self, api):
        sizes = [len(page) for page in pages(api, "/v1/categories", limit=5)]
        assert sizes == [5, 5, 5, 1]

    def test_a_sort_with_many_equals_still_has_every_row_once(self, api):
        found = all_ids(api, "/v1/orders", sort="-order_date,customer_id", **{"order_date[gte]": "2004-11-01"})
        wanted = [row for row in sample.orders() if row["order_date"] >= "2004-11-01"]
        assert sorted(found) == sorted(row["id"] for row in wanted)
        by_id = {row["id"]: row for row in wanted}
        order = [(by_id[one]["order_date"], -by_id[one]["customer_id"]) for one in found]
        assert order == sorted(order, reverse=True)

    def test_rows_that_come_and_go_meanwhile_neither_double_nor_hide_others(self, api):
        added = []
        seen = []
        for page in pages(api, "/v1/categories", limit=4):
            seen += [row["id"] for row in page]
            # Before the cursor in the order of names.
            answer = api.post("/v1/categories", {"name": f"{len(added)} before all"})
            added.append(answer.json()["id"])
        for one in added:
            assert api.delete(f"/v1/categories/{one}").status == 204
        assert len(seen) == len(set(seen)) and set(seen) >= set(sample.categories())

    def test_a_link_header_leads_to_the_next_page(self, api):
        path, seen = "/v1/categories?limit=6&sort=-name", []
        for _ in range(3):
            answer = api.get(path)
            seen += ids(answer)
            link = re.search(r'<([^>]*)>\s*;[^,]*rel="?next"?', answer.header("Link") or "")
            assert (link is None) == (answer.json()["next"] is None)
            if link:
                url = urllib.parse.urlsplit(urllib.parse.urljoin(path, link[1]))
                path = f"{url.path}?{url.query}"
        assert link is None
        assert seen == sorted(sample.categories(), key=sample.categories().get, reverse=True)

    @pytest.mark.parametrize("cursor", ["rubbish", "!!!", "", "A" * 500])
    def test_a_cursor_of_ones_own_making_is_400(self, api, cursor):
        expect.problem(api.get(f"/v1/products?cursor={cursor}"), 400, mentions=["cursor"])


class TestSort:
    @pytest.mark.parametrize("sort, key, reverse", [
        ("title", lambda row: (row["title"], row["id"]), False),
        ("-title", lambda row: row["title"], True),
        ("price", lambda row: (float(row["price"]), row["id"]), False),
        ("-stock", lambda row: row["stock"], True),
        ("-id", lambda row: row["id"], True),
        ("category_id,-sold", lambda row: (row["category_id"], -row["sold"]), False),
    ])
    def test_the_first_page_is_the_first_of_all(self, api, sort, key, reverse):
        found = [key(row) for row in api.get("/v1/products", sort=sort, limit=100).json()["items"]]
        wanted = sorted((key(row) for row in sample.products()), reverse=reverse)[:100]
        assert found == wanted

    @pytest.mark.parametrize("sort", ["weight", "-weight", "title,", "+title", "title desc"])
    def test_another_is_400(self, api, sort):
        expect.problem(api.get("/v1/products", sort=sort), 400, mentions=["sort"])


COMPARISONS = {
    "gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt, "ne": operator.ne, None: operator.eq,
}


class TestFilters:
    @pytest.mark.parametrize("name, value, read", [
        ("stock", "250", int), ("price", "20.99", float), ("title", "ACADEMY ADAPTATION", str), ("category_id", "8", int),
        ("id", "5000", int),
    ])
    @pytest.mark.parametrize("comparison", COMPARISONS)
    def test_a_comparison_selects_what_it_says(self, api, name, value, read, comparison):
        parameter = f"{name}[{comparison}]" if comparison else name
        holds = COMPARISONS[comparison]
        wanted = [row["id"] for row in sample.products() if holds(read(row[name]), read(value))]
        assert api.get("/v1/products/count", **{parameter: value}).json() == {"count": len(wanted)}
        assert ids(api.get("/v1/products", limit=200, **{parameter: value})) == wanted[:200]

    @pytest.mark.parametrize("name, values", [
        ("id", ["3", "7", "7777", "99999"]), ("price", ["9.99", "20.99"])])
    def test_in_selects_any_of_several(self, api, name, values):
        wanted = [row["id"] for row in sample.products() if str(row[name]) in values]
        # The client encodes commas; in no number they could be anything else.
        assert all_ids(api, "/v1/products", **{f"{name}[in]": ",".join(values)}) == wanted

    def test_in_selects_any_of_several_texts(self, api):
        titles = ["ACADEMY ACE", "ACADEMY ACADEMY"]
        wanted = [row["id"] for row in sample.products() if row["title"] in titles]
        assert ids(api.get("/v1/products?title[in]=" + ",".join(map(urllib.parse.quote_plus, titles)))) == wanted

    def test_in_takes_an_encoded_comma_for_a_part_of_a_text(self, api):
        # Two titles are asked for, of which one has a comma in it.
        wanted = [row["id"] for row in sample.products() if row["title"] == "ACADEMY ACE"]
        assert ids(api.get("/v1/products?title[in]=ACADEMY+ACE%2CACADEMY+ACADEMY,ACADEMY+ACE")) == wanted

    def test_contains_finds_a_part_of_a_text(self, api):
        wanted = [row["id"] for row in sample.products() if "DINOSAUR" in row["title"]]
        assert wanted and all_ids(api, "/v1/products", **{"title[contains]": "DINOSAUR"}) == wanted

    @pytest.mark.parametrize("text", ["%", "_", "\\", "A%E", "'"])
    def test_contains_knows_no_wildcards(self, api, text):
        wanted = sum(text in row["title"] for row in sample.products())
        assert api.get("/v1/products/count", **{"title[contains]": text}).json() == {"count": wanted}

    def test_a_boolean(self, api):
        wanted = sum(row["special"] for row in sample.products())
        assert api.get("/v1/products/count?special=true").json() == {"count": wanted}
        assert api.get("/v1/products/count?special=false").json() == {"count": 10000 - wanted}

    def test_a_date(self, api):
        wanted = sum("2004-12-01" <= row["order_date"] < "2004-12-25" for row in sample.orders())
        answer = api.get("/v1/orders/count?order_date[gte]=2004-12-01&order_date[lt]=2004-12-25")
        assert answer.json() == {"count": wanted}

    def test_null(self, api):
        total = len(sample.customers())
        assert api.get("/v1/customers/count?phone[null]=true").json() == {"count": 0}
        assert api.get("/v1/customers/count?phone[null]=false").json() == {"count": total}

    def test_all_of_several_hold(self, api):
        wanted = [
            row["id"] for row in sample.products()
            if row["category_id"] == 8 and float(row["price"]) >= 20 and row["special"]]
        parameters = {"category_id": 8, "price[gte]": "20", "special": "true"}
        assert all_ids(api, "/v1/products", **parameters) == wanted
        assert api.get("/v1/products/count", **parameters).json() == {"count": len(wanted)}

    def test_brackets_may_be_percent_encoded_or_not(self, api):
        plain, encoded = api.get("/v1/products/count?price[gt]=25"), api.get("/v1/products/count?price%5Bgt%5D=25")
        assert plain.status == 200 and plain.json() == encoded.json()

    @pytest.mark.parametrize("parameter, value", [
        ("colour", "red"), ("stock", "many"), ("stock", ""), ("stock[gte]", "1.5"), ("stock[like]", "1"), ("price[gt]", "cheap"),
        ("price[in]", "1.00,much"), ("special", "maybe"), ("stock[]", "1"), ("stock[gte", "1"), ("id[eq][ne]", "1"),
        ("stock", "99999999999999999999"),
    ])
    def test_what_makes_no_sense_is_400_and_named(self, api, parameter, value):
        for path in ("/v1/products", "/v1/products/count"):
            expect.problem(api.get(path, **{parameter: value}), 400, mentions=[parameter])

    @pytest.mark.parametrize("parameter, value", [("order_date", "2004-02-30"), ("order_date[gte]", "yesterday")])
    def test_a_wrong_date_is_400_and_named(self, api, parameter, value):
        expect.problem(api.get("/v1/orders", **{parameter: value}), 400, mentions=[parameter])

    def test_a_wrong_null_is_400_and_named(self, api):
        expect.problem(api.get("/v1/customers", **{"phone[null]": "perhaps"}), 400, mentions=["phone[null]"])

    def test_a_filter_that_selects_nothing_gives_an_empty_page(self, api):
        body = api.get("/v1/products?stock[gt]=1000000").json()
        assert body["items"] == [] and body["next"] is None


class TestCounts:
    @pytest.mark.parametrize("resource, count", [("categories", 16), ("products", 10000), ("customers", 20000), ("orders", 10000)])
    def test_each_resource_has_one(self, api, resource, count):
        assert api.get(f"/v1/{resource}/count").json() == {"count": count}

    def test_one_of_a_customer(self, api):
        for customer_id, group in itertools.islice(
                itertools.groupby(sorted(row["customer_id"] for row in sample.orders())), 10):
            assert api.get(f"/v1/orders/count?customer_id={customer_id}").json() == {"count": len(list(group))}

    def test_a_list_has_one_if_it_is_asked_for(self, api):
        body = api.get("/v1/products?category_id=8&limit=3&count=exact").json()
        assert len(body["items"]) == 3
        assert body["count"] == sum(row["category_id"] == 8 for row in sample.products())
        assert "count" not in api.get("/v1/products?category_id=8&limit=3").json()

    def test_another_way_of_counting_is_400(self, api):
        expect.problem(api.get("/v1/products?count=roughly"), 400, mentions=["count"])


class TestItems:
    def test_they_are_what_a_single_read_gives(self, api):
        for resource in ("categories", "products", "customers", "orders"):
            for row in api.get(f"/v1/{resource}?limit=3").json()["items"]:
                assert api.get(f"/v1/{resource}/{row['id']}").json() == row

    def test_their_fields_are_the_samples(self, api):
        for row, wanted in zip(api.get("/v1/products?limit=200").json()["items"], sample.products()):
            assert {name: row[name] for name in wanted} == wanted
        first = sorted(sample.orders(), key=lambda row: row["id"])
        for row, wanted in zip(api.get("/v1/orders?limit=200").json()["items"], first):
            assert {name: row[name] for name in wanted} == wanted
