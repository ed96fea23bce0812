"""The domain is the team's: nobody but the program and tests may know it. C libraries stay behind the target that wraps them.

That imports run downwards needs no rule of its own: a package's targets have no cycles, and the build refuses an import that
Package.swift does not have.
"""

import re

from . import code

IMPORT = re.compile(r"^\s*(?:@\w+\s+)*(?P<access>public|package|internal)?\s*import\s+(?:struct |class |enum |protocol |func )?(?P<module>\w+)")
TYPE = re.compile(r"^(?:public )?(?:struct|enum|final class|class|protocol) (\w+)", re.MULTILINE)
RESOURCE = re.compile(r'static let resource = "(\w+)"|\btable: "(\w+)"')
# The program hands the domain to the service.
KNOW_THE_DOMAIN = {"Domain", "larder"}


def objections():
    yield from imports()
    yield from samples()


def imports():
    wrappers = {}
    for path in code.swift("Sources"):
        target = code.target(path)
        for number, line in code.lines(path):
            match = IMPORT.match(line)
            if not match:
                continue
            module = match["module"]
            if module == "Domain" and target not in KNOW_THE_DOMAIN:
                yield f"{path}:{number}: {target} must not import Domain: hand down what it needs of the declarations"
            if not (code.SOURCES / module / "module.modulemap").exists():
                continue
            if match["access"] in ("public", "package"):
                yield f"{path}:{number}: {module} must stay inside {target}: no {match['access']} import"
            if wrappers.setdefault(module, target) != target:
                yield f"{path}:{number}: {module} is {wrappers[module]}'s: use what that makes of it"


def samples():
    """No file of the service names a type or a resource of the domain."""
    domain = [code.without_comments(path) for path in code.swift("Sources/Domain")]
    types = {name for text in domain for name in TYPE.findall(text)}
    resources = {name for text in domain for pair in RESOURCE.findall(text) for name in pair if name}
    named = re.compile(rf"(?<![\w.])(?:{'|'.join(sorted(types))})\b(?!:)") if types else None
    quoted = re.compile(rf'"(?:{"|".join(sorted(resources))})"') if resources else None
    for path in code.swift("Sources"):
        if code.target(path) in KNOW_THE_DOMAIN:
            continue
        for pattern, text in ((named, code.without_strings(path)), (quoted, code.without_comments(path))):
            for match in pattern.finditer(text) if pattern else ():
                number = text.count("\n", 0, match.start()) + 1
                yield f"{path}:{number}: {match[0]} is the domain's; nothing but Sources/Domain and Sources/larder may name it"
