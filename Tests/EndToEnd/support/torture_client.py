"""One client of the torture test, a process of its own: reads and patches products and writes down what it saw.

    python torture_client.py NUMBER PORT,PORT PRODUCT,PRODUCT,... SECONDS SHARE_OF_WRITES HISTORY
"""

import json
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))

from support.client import Client  # noqa: E402


def operate(client, kind, product, stock):
    """Status, version, stock and cache of one operation; the version is None if it failed or nobody knows."""
    path = f"/v1/products/{product}"
    try:
        answer = client.get(path) if kind == "read" else client.patch(path, {"stock": stock})
    except OSError as error:
        return type(error).__name__, None, None, ""
    if answer.status != 200:
        return answer.status, None, None, ""
    row = answer.json()
    return 200, row["version"], row["stock"], answer.cache or ""


def main(number, ports, products, seconds, share_of_writes, history):
    chance = random.Random(number)
    # A request in which an instance dies must not cost the client the rest of the time.
    clients = [Client(int(port), timeout=5) for port in ports.split(",")]
    products = [int(product) for product in products.split(",")]
    writes = 0
    end = time.monotonic() + float(seconds)
    with open(history, "w", encoding="utf-8") as file:
        while time.monotonic() < end:
            product = chance.choice(products)
            kind = "write" if chance.random() < float(share_of_writes) else "read"
            instance = chance.randrange(len(clients))
            # Never the same stock twice, so that every write is a change.
            writes += kind == "write"
            stock = int(number) * 10_000_000 + writes
            invoked = time.monotonic_ns()
            status, version, seen, cache = operate(clients[instance], kind, product, stock)
            answered = time.monotonic_ns()
            file.write(json.dumps([kind, product, invoked, answered, version, seen, number, "AB"[instance], cache, status]) + "\n")
            if status != 200:
                # Whoever is refused at once would fill the history with refusals.
                time.sleep(0.02)


if __name__ == "__main__":
    main(*sys.argv[1:])
