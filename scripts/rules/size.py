"""A file is about one thing, and a function does one thing; one that grew long is about several."""

import pathlib
import re

from . import code

FILE_LINES = 300
# A test file is a list of examples, which is read one by one.
TEST_FILE_LINES = 460
FUNCTION_LINES = 50
FUNCTION = re.compile(r"^( *)(?:[\w@()]+ )*(?:func .*|init\b.*|deinit)")


def objections():
    files = [
        path for folder, suffixes in (("Sources", (".swift",)), ("Tests", (".swift", ".py")), ("Migrations", (".sql",)))
        for path in sorted(pathlib.Path(folder).rglob("*")) if path.suffix in suffixes]
    for path in files:
        limit = TEST_FILE_LINES if path.parts[0] == "Tests" else FILE_LINES
        count = len(code.text(path).splitlines())
        if count > limit:
            yield f"{path}: {count} lines, more than {limit}; split it"
    for path in code.swift("Sources"):
        yield from functions(path)


def functions(path):
    start = None
    for number, line in code.lines(path):
        match = FUNCTION.match(line)
        # What a protocol asks for has no body, and the next declaration begins at its indent.
        if match and not line.lstrip().startswith("//") and (start is None or not is_open and match[1] == start[1]):
            start, is_open = (number, match[1]), False
        if start is None:
            continue
        is_open = is_open or "{" in line
        # The formatter puts the closing brace below the beginning of the declaration.
        ends = line.startswith(start[1] + "}") or number == start[0] and line.rstrip().endswith("}")
        if ends and is_open:
            count = number - start[0] + 1
            if count > FUNCTION_LINES:
                yield f"{path}:{start[0]}: a function of {count} lines, more than {FUNCTION_LINES}; give its steps names"
            start = None
        elif not is_open and len(line) - len(line.lstrip()) < len(start[1]) and line.strip():
            start = None
