"""Makes rows through the API, each different from all others."""

import itertools
import os

_numbers = itertools.count(1)


def unique(word):
    return f"{word}-{os.getpid()}-{next(_numbers)}"


def created(client, path, body):
    answer = client.post(path, body)
    assert answer.status == 201, answer
    return answer.json()


def category(client):
    return created(client, "/v1/categories", {"name": unique("category")})


def product_fields(category_id, **others):
    return {
        "category_id": category_id, "title": unique("title"), "actor": "GRETA GARBO", "price": "12.50", "special": False,
        "stock": 10, "sold": 0,
    } | others


def product(client, **others):
    if "category_id" not in others:
        others["category_id"] = category(client)["id"]
    return created(client, "/v1/products", product_fields(**others))


def customer_fields(**others):
    word = unique("customer")
    return {
        "first_name": "Ada", "last_name": "Lovelace", "email": f"{word}@example.org", "username": word,
        "address": "12 St James's Square", "city": "London", "state": "Greater London", "zip": "SW1Y", "country": "UK",
        "phone": "555-0100", "age": 36, "income": 100000, "gender": "F",
    } | others


def customer(client, **others):
    return created(client, "/v1/customers", customer_fields(**others))


def order(client, customer_id, **others):
    return created(
        client, "/v1/orders",
        {"order_date": "2023-03-10", "customer_id": customer_id, "net_amount": "23.00", "tax": "2.00"} | others)
