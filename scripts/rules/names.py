"""A name that nobody uses is not needed."""

import collections
import re

from . import code

DECLARATION = re.compile(
    r"^ *(?:@\w+(?:\([^)]*\))? )*(?:(?:public|private|fileprivate|internal|static|final|mutating|lazy|weak|unowned|indirect|private\(set\)|public private\(set\)) )*"
    r"(?:func|var|let|struct|class|enum|protocol|typealias|actor) (?P<name>\w+)", re.MULTILINE)
# What the language or a protocol of the standard library calls.
CALLED_FROM_OUTSIDE = {
    "main", "package", "description", "debugDescription", "hash", "customMirror", "unownedExecutor", "asUnownedSerialExecutor",
    "isIsolatingCurrentContext"}


def objections():
    used = collections.Counter(
        word for path in code.swift("Sources", "Tests") for word in re.findall(r"\w+", code.without_comments(path)))
    for path in code.swift("Sources"):
        text = code.without_strings(path)
        for match in DECLARATION.finditer(text):
            name = match["name"]
            if used[name] < 2 and name not in CALLED_FROM_OUTSIDE:
                number = text.count("\n", 0, match.start()) + 1
                yield f"{path}:{number}: nobody uses {name}"
