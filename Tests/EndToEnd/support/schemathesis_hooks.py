"""What the checks cannot know from the description."""

import uuid

import schemathesis
from schemathesis.generation.meta import TestPhase


@schemathesis.hook
def before_call(context, case, kwargs):
    """What a description cannot say of a valid request."""
    if not case.meta or case.meta.generation.mode != schemathesis.GenerationMode.POSITIVE:
        return
    if case.query:
        # No text made up is a cursor.
        case.query.pop("cursor", None)
    if case.method == "POST" and case.headers:
        # A key is of one request, and what else is sent with it is refused.
        key = case.headers.get("Idempotency-Key")
        if key:
            case.headers["Idempotency-Key"] = key.strip('"')[:223] + uuid.uuid4().hex
    if case.method == "POST" and case.meta.phase.name == TestPhase.STATEFUL:
        # Links lead to one row. A sequence that cannot be repeated is given up, so none is refused because it was there before.
        row = case.body[0] if isinstance(case.body, list) else case.body
        unique = {field: f"{uuid.uuid4().hex}@example.org" for field in row.keys() & {"name", "email", "username"}}
        case.body = row | unique


@schemathesis.check
def only_the_cache_times_out(context, response, case):
    """504 is what a client gets that wants an answer from the cache alone."""
    if response.status_code == 504:
        assert "only-if-cached" in (case.headers or {}).get("Cache-Control", ""), response.text
