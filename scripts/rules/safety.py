"""The compiler proves the isolation, but where a C library forces us to."""

import re

from . import code

GIVEN_UP = re.compile(r"@unchecked\s+Sendable|nonisolated\(unsafe\)")
XCTEST = re.compile(r"^ *(@[a-z_]+ )*import XCTest")


def wraps_a_library(target):
    return any(
        re.search(rf"^\s*(?:internal )?import {module.parent.name}\b", code.text(path), re.MULTILINE)
        for module in code.SOURCES.glob("*/module.modulemap") for path in code.swift(f"Sources/{target}"))


def objections():
    for path in code.swift("Sources"):
        for number, line in code.lines(path):
            if GIVEN_UP.search(line) and not line.lstrip().startswith("//") and not wraps_a_library(code.target(path)):
                yield f"{path}:{number}: the compiler must prove isolation here; only what wraps a C library may go without"
    for path in code.swift("Sources", "Tests"):
        for number, line in code.lines(path):
            if XCTEST.match(line):
                yield f"{path}:{number}: tests are written with Swift Testing; scripts/test runs no other"
