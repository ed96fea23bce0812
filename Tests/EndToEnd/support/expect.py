"""What many tests expect in the same words."""

import re

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
LEAK = re.compile(r"\b(SELECT|INSERT INTO|UPDATE \w+ SET|DELETE FROM|SQLSTATE|PGRES_\w+)\b|\.swift\b|_fkey|_pkey|libpq|PQ\w+\(")


def problem(answer, status, pointers=None, mentions=()):
    """An error as RFC 9457 has it, about exactly these parts of the input, that gives nothing internal away."""
    assert answer.status == status, answer
    assert answer.header("Content-Type").split(";")[0] == "application/problem+json", answer.headers
    body = answer.json()
    assert body["status"] == status
    for name in ("type", "title", "detail"):
        assert isinstance(body[name], str) and body[name], body
    assert not LEAK.search(answer.body.decode()), body
    for word in mentions:
        assert word in answer.body.decode(), body
    if pointers is not None:
        assert sorted(error["pointer"] for error in body["errors"]) == sorted(pointers), body
        assert all(isinstance(error["detail"], str) and error["detail"] for error in body["errors"]), body
    return body


def entity(row, fields):
    """Exactly these fields, in this order, between those that every entity has."""
    assert list(row) == ["id", *fields, "created_at", "updated_at", "version"], row
    assert type(row["version"]) is int and row["version"] >= 1
    assert TIME.fullmatch(row["created_at"]) and TIME.fullmatch(row["updated_at"]), row
