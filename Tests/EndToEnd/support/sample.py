"""The sample data as Python sees it: what the service's answers are compared with."""

import csv
import functools
import os
import pathlib

from .run import CHECKOUT

# As the manual has it.
IMPORTS = [
    ("categories", "categories.csv", "category=id,categoryname=name"),
    ("products", "products.csv", "prod_id=id,category=category_id,quan_in_stock=stock,sales=sold"),
    ("customers", "customers.csv", "customerid=id,firstname=first_name,lastname=last_name,address1=address"),
    (
        "orders", "orders.csv",
        "orderid=id,orderdate=order_date,customerid=customer_id,netamount=net_amount,totalamount=total_amount",
    ),
    ("order_lines", "orderlines.csv", "orderlineid=line_number,orderid=order_id,prod_id=product_id,orderdate=-"),
]


def path(file):
    folder = CHECKOUT / "SampleData" / "dellstore"
    if not folder.is_dir():
        folder = pathlib.Path(os.environ["LARDER_SAMPLE_DATA"])
    return folder / file


@functools.cache
def _table(file):
    with open(path(file), newline="", encoding="utf-8") as text:
        return list(csv.DictReader(text))


@functools.cache
def products():
    return [
        {
            "id": int(row["prod_id"]), "category_id": int(row["category"]), "title": row["title"], "actor": row["actor"],
            "price": row["price"], "special": row["special"] == "1", "stock": int(row["quan_in_stock"]),
            "sold": int(row["sales"]),
        }
        for row in _table("products.csv")
    ]


@functools.cache
def orders():
    return [
        {
            "id": int(row["orderid"]), "order_date": row["orderdate"], "customer_id": int(row["customerid"]),
            "net_amount": row["netamount"], "tax": row["tax"], "total_amount": row["totalamount"],
        }
        for row in _table("orders.csv")
    ]


@functools.cache
def order_lines():
    return [
        {"order_id": int(row["orderid"]), "product_id": int(row["prod_id"]), "quantity": int(row["quantity"])}
        for row in _table("orderlines.csv")
    ]


@functools.cache
def categories():
    return {int(row["category"]): row["categoryname"] for row in _table("categories.csv")}


@functools.cache
def customers():
    return _table("customers.csv")
