"""What is public says what it means: its meaning, units and errors.

scripts/rules/undocumented.txt lists what is not documented yet. It only shrinks: a name on it that is documented, or gone, has to be
taken off.
"""

import pathlib
import re

from . import code

LIST = pathlib.Path("scripts/rules/undocumented.txt")
DECLARATION = re.compile(
    r"^ *(?:@\w+(?:\([^)]*\))? )*public (?:static |final |mutating |override |convenience |private\(set\) |indirect |nonisolated )*"
    r"(?P<kind>func|var|let|struct|class|enum|protocol|typealias|subscript|init|actor)\b *(?P<name>[\w`]*)")
# What the standard library's protocols ask for means what they say.
KNOWN = {
    "description", "debugDescription", "hash", "encode", "init", "id", "startIndex", "endIndex", "index", "errorDescription",
    "value", "kind", "choices", "isOptional", "==", "<", "subscript"}


def undocumented():
    for path in code.swift("Sources"):
        # What a domain declares is described by its fields; and it is the team's.
        if code.target(path) == "Domain":
            continue
        previous = ""
        for number, line in code.lines(path):
            match = DECLARATION.match(line)
            if match and not previous.startswith("///"):
                name = match["name"] or match["kind"]
                if name not in KNOWN:
                    yield path, number, f"{path}: {name}"
            if line.strip() and not line.strip().startswith("@"):
                previous = line.strip()


def objections():
    listed = set(LIST.read_text().splitlines())
    found = {key: (path, number) for path, number, key in undocumented()}
    for key in sorted(found.keys() - listed):
        path, number = found[key]
        yield f"{path}:{number}: {key.partition(': ')[2]} is public and not documented"
    for key in sorted(listed - found.keys()):
        yield f"{LIST}: {key} is documented now, or gone; take it off the list"
