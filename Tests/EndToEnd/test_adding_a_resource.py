"""docs/adding-a-resource.md: who does what the page says has what it promises."""

import json
import re
import shutil
import subprocess

import pytest

from support import larder, run

ADDING, REPLACING = (run.CHECKOUT / "docs" / "adding-a-resource.md").read_text().split("## Replacing the samples")
# The file that a block is for, in the sentence above it; and the list that a line is for.
FILE = re.compile(r"^`(Sources/\S+\.swift)`(?:, [^`]*)?:\n\n```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^A line in `(Sources/\S+\.swift)`, among `(\w+)`[^`]*:\n\n```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDED = ["Makefile", "Package.swift", "Migrations", "Sources", "Tests", "scripts"]


@pytest.fixture
def copy():
    """The checkout without what was built in it."""
    copy = run.folder() / "copy"
    copy.mkdir(mode=0o755)
    for name in NEEDED:
        source = run.CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    yield copy
    subprocess.run(["scripts/services", "remove"], cwd=copy, check=True, capture_output=True)
    shutil.rmtree(copy)


def write_files(copy, page):
    for path, text in FILE.findall(page):
        (copy / path).write_text(text)


def write_lines(copy, page):
    for path, section, line in LINE.findall(page):
        text = (copy / path).read_text()
        start = text.index(f"    {section}: [")
        end = text.index("\n    ]", start)
        comma = "" if text[end - 1] in ",[" else ","
        (copy / path).write_text(text[:end] + comma + "\n" + line.rstrip("\n") + text[end:])


def do(copy, commands, ports):
    """Runs commands in their order; what belongs in another terminal runs beside the rest.

    Returns the answers of those that are curl."""
    port, admin_port = ports
    lines = ["set -euo pipefail", f"export HTTP_PORT={port} ADMIN_PORT={admin_port}"]
    for line in commands.replace("127.0.0.1:8080", f"127.0.0.1:{port}").splitlines():
        if "# in another terminal" in line:
            lines += [
                line.partition("#")[0] + "2>serve.log & service=$!", "trap 'kill $service; wait' EXIT",
                f"until curl -sf http://127.0.0.1:{admin_port}/readyz >ready; do kill -0 $service; sleep 0.1; done"]
        else:
            lines.append(line.replace("curl ", "echo; curl -s "))
    done = subprocess.run(
        ["bash", "-c", "\n".join(lines)], cwd=copy, env=larder.environment(MIGRATIONS_DIR=None), stdin=subprocess.DEVNULL,
        capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stdout + done.stderr
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def keep_tests_of_any_domain(copy):
    """Takes the tests out of the package that name the samples, or what is only Larder's."""
    others = re.compile(r'^        tests\(\s*"(?!DomainContract")\w+",.*?\]\),\n', re.MULTILINE | re.DOTALL)
    package = copy / "Package.swift"
    package.write_text(others.sub("", package.read_text()))


@pytest.fixture
def ports():
    return larder.free_port(), larder.free_port()


def test_who_follows_the_page_has_the_resource_with_what_it_owns_a_view_and_an_action(copy, ports):
    write_files(copy, ADDING)
    write_lines(copy, ADDING)
    commands = "".join(COMMANDS.findall(ADDING)) + "curl http://127.0.0.1:8080/openapi.json\n"
    category, supplier, unrated, found, rated, shown, description = do(copy, commands, ports)
    assert category["name"] == "Spare parts"
    assert (supplier["name"], supplier["category_id"], supplier["rating"]) == ("Ada & Sons", category["id"], None)
    assert unrated["items"] == [supplier]
    assert found == {"supplier_id": supplier["id"], "products": 0}
    assert (rated["rating"], rated["version"]) == (5, 2)
    assert shown == rated | {"contacts": []}
    assert {"/v1/suppliers/{id}", "/v1/suppliers/{id}/range", "/v1/suppliers/{id}/rate"} <= set(description["paths"])


def test_another_domain_takes_the_place_of_the_samples_and_nothing_else_is_touched(copy, ports):
    for folder in ["Sources/Domain", "Sources/larder/Views", "Migrations"]:
        shutil.rmtree(copy / folder)
        (copy / folder).mkdir()
    write_files(copy, REPLACING)
    keep_tests_of_any_domain(copy)
    seeded, plant, watered, again, thirst, wet = do(copy, """\
make build
make services-up
export $(scripts/services env)
.build/debug/larder migrate create plants --resource plants
make test ARGS="unit" | tee tests.log
.build/debug/larder migrate up
.build/debug/larder seed
.build/debug/larder serve          # in another terminal
curl http://127.0.0.1:8080/v1/plants/count
curl http://127.0.0.1:8080/v1/plants -H 'Content-Type: application/json' -d '{"name":"Fern"}'
curl -X POST http://127.0.0.1:8080/v1/plants/1/water
curl -X POST http://127.0.0.1:8080/v1/plants/1/water
curl http://127.0.0.1:8080/v1/plants/1/thirst
curl -X POST http://127.0.0.1:8080/v1/plants/1/water
""", ports)
    assert "hold the contract" in (copy / "tests.log").read_text()
    assert seeded["count"] > 0
    assert (plant["name"], plant["waterings"]) == ("Fern", 0)
    assert (watered["waterings"], again["waterings"]) == (1, 2)
    assert thirst == {"is_thirsty": False}
    assert (wet["status"], wet["type"]) == (409, "/problems/wet")
