"""A name that nobody uses is not needed, and a type is not called as a module: `Module.Name` would look for it in the type."""

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


TYPE = re.compile(r"^ *(?:[\w()@]+ )*(?:struct|class|enum|protocol|typealias|actor) (?P<name>\w+)", re.MULTILINE)


def objections():
    yield from unused()
    modules = {folder.name for folder in code.SOURCES.iterdir()}
    for path in code.swift("Sources", "Tests"):
        text = code.without_strings(path)
        for match in TYPE.finditer(text):
            if match["name"] in modules:
                yield f"{path}:{text.count(chr(10), 0, match.start()) + 1}: a module is called {match['name']} as well"


def unused():
    used = collections.Counter(
        word for path in code.swift("Sources", "Tests") for word in re.findall(r"\w+", code.without_comments(path)))
    for path in code.swift("Sources"):
        text = code.without_strings(path)
        for match in DECLARATION.finditer(text):
            name = match["name"]
            if used[name] < 2 and name not in CALLED_FROM_OUTSIDE:
                number = text.count("\n", 0, match.start()) + 1
                yield f"{path}:{number}: nobody uses {name}"
