"""What clients saw of the products, and whether a store that is never stale can have shown it to them.

Times are of one monotonic clock. The store counts a product's versions, so the order of its states is known, and it is
enough to look at each operation once: nobody may see less than was known to anybody before he asked.
"""

import bisect
import collections
import dataclasses


@dataclasses.dataclass(frozen=True)
class Operation:
    kind: str  # "read" or "write"
    product: int
    invoked: int
    answered: int
    version: int | None  # None: failed, or nobody knows
    stock: int | None = None
    client: str = ""
    instance: str = ""
    cache: str = ""
    status: int | None = None

    @property
    def succeeded(self):
        return self.version is not None

    def __str__(self):
        outcome = f"version {self.version} stock {self.stock}" if self.succeeded else f"failed ({self.status})"
        return (
            f"{self.invoked / 1e6:14.3f} .. {self.answered / 1e6:14.3f} ms  {self.kind:5}  client {self.client:>3}"
            f" on {self.instance}  {outcome}  {self.cache}")


@dataclasses.dataclass(frozen=True)
class Violation:
    rule: str
    operation: Operation
    earlier: Operation

    def explain(self, history):
        """The two operations that contradict each other, and what went on around them."""
        same = sorted((one for one in history if one.product == self.operation.product), key=lambda one: one.invoked)
        start, end = self.earlier.invoked - 5_000_000, self.operation.answered + 5_000_000
        around = [one for one in same if one.answered >= start and one.invoked <= end]
        if len(around) > 60:
            around = around[:25] + around[-35:]
        marks = {self.operation: "=> ", self.earlier: "-> "}
        lines = [f"product {self.operation.product}: {self.rule}", f"  {self.operation}", "contradicts", f"  {self.earlier}", "around them:"]
        return "\n".join(lines + [marks.get(one, "   ") + str(one) for one in around])


def check(history, limit=3):
    """The first violations, at most `limit`."""
    products = collections.defaultdict(list)
    for operation in history:
        if operation.succeeded:
            products[operation.product].append(operation)
    found = []
    for operations in products.values():
        for rule in (_stale, _foreseen, _shared_versions, _one_value_of_a_version):
            found += rule(operations)
    found.sort(key=lambda violation: violation.operation.answered)
    return found[:limit]


def _stale(operations):
    """No read is older than what was acknowledged or read before it was asked; a write is newer than that."""
    answered = sorted(operations, key=lambda one: one.answered)
    newest = None
    newest_until = []  # the newest of answered[:i + 1]
    for one in answered:
        if newest is None or one.version > newest.version:
            newest = one
        newest_until.append(newest)
    times = [one.answered for one in answered]
    for one in operations:
        # At the same instant is not before.
        before = bisect.bisect_left(times, one.invoked)
        if before == 0:
            continue
        known = newest_until[before - 1]
        if one.kind == "read" and one.version < known.version:
            yield Violation("a read returned an older version than was known before it was asked", one, known)
        if one.kind == "write" and one.version <= known.version:
            yield Violation("a write made a version that is not newer than was known before it", one, known)


def _foreseen(operations):
    """Nobody sees a version before its writer has asked for it."""
    writes = {one.version: one for one in operations if one.kind == "write"}
    for one in operations:
        write = writes.get(one.version)
        if one.kind == "read" and write and one.answered < write.invoked:
            yield Violation("a read returned a version before its write was asked for", one, write)


def _shared_versions(operations):
    """Each acknowledged write has a version of its own."""
    writers = {}
    for one in operations:
        if one.kind == "write" and writers.setdefault(one.version, one) is not one:
            yield Violation("two writes were acknowledged with one version", one, writers[one.version])


def _one_value_of_a_version(operations):
    """A version has the same content whoever sees it."""
    seen = {}
    for one in operations:
        if seen.setdefault(one.version, one).stock != one.stock:
            yield Violation("a version had two contents", one, seen[one.version])
