"""The project's code as rules read it."""

import functools
import pathlib
import re

SOURCES = pathlib.Path("Sources")
TESTS = pathlib.Path("Tests")

STRING = re.compile(r'"""(?:.|\n)*?"""|#"(?:.*?)"#|"(?:\\.|[^"\\\n])*"')
COMMENT = re.compile(r"//[^\n]*")


@functools.cache
def text(path):
    return path.read_text(encoding="utf-8")


def lines(path):
    """The lines with their numbers."""
    return enumerate(text(path).splitlines(), start=1)


@functools.cache
def swift(*folders):
    return tuple(path for folder in folders for path in sorted(pathlib.Path(folder).rglob("*.swift")))


def target(path):
    """The target that a source file belongs to."""
    return path.parts[1]


@functools.cache
def without_comments(path):
    """The code with its strings, each comment emptied, so that lines keep their numbers."""
    kept, last, source = [], 0, text(path)
    for match in re.finditer(f"{STRING.pattern}|{COMMENT.pattern}", source):
        if match[0].startswith("//"):
            kept.append(source[last:match.start()])
            last = match.end()
    return "".join(kept) + source[last:]


@functools.cache
def without_strings(path):
    """The code alone; what is interpolated into a string is code."""
    def code(match):
        parts = re.findall(r"\\#*\(([^()]*(?:\([^()]*(?:\([^()]*\)[^()]*)*\)[^()]*)*)\)", match[0])
        return '"' + " ".join(parts).replace("\n", " ") + '"' + "\n" * match[0].count("\n")
    return STRING.sub(code, without_comments(path))
