"""What Schemathesis is told by a program."""

import schemathesis


@schemathesis.hook
def before_call(context, case, kwargs):
    """No text made up is a cursor, though the description can only say that it is a text."""
    if case.meta and case.meta.generation.mode == schemathesis.GenerationMode.POSITIVE and case.query:
        case.query.pop("cursor", None)
