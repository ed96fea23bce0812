"""docs/adding-a-resource.md: who does what the page says has the resource that it promises."""

import json
import re
import shutil
import subprocess

from support import larder, run

PAGE = run.CHECKOUT / "docs" / "adding-a-resource.md"
# The file that a block is for, in the sentence above it.
DECLARATION = re.compile(r"^`(Sources/\S+\.swift)`:\n\n```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"^A line in `(Sources/\S+\.swift)`[^`]*:\n\n```swift\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NEEDED = ["Makefile", "Package.swift", "Migrations", "Sources", "Tests", "scripts"]


def copy_of_the_checkout():
    copy = run.folder() / "copy"
    copy.mkdir(mode=0o755)
    for name in NEEDED:
        source = run.CHECKOUT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    return copy


def edit(copy, page):
    path, declaration = DECLARATION.search(page).groups()
    assert not (copy / path).exists()
    (copy / path).write_text(declaration)
    path, line = LINE.search(page).groups()
    text = (copy / path).read_text()
    last = re.findall(r"^ +visitor\.visit\(.*\n", text, re.MULTILINE)[-1]
    (copy / path).write_text(text.replace(last, last + line))


def script(page, port, admin_port):
    """The page's commands in their order; what belongs in another terminal runs beside the rest."""
    lines = ["set -euo pipefail", f"export HTTP_PORT={port} ADMIN_PORT={admin_port}"]
    for line in "".join(COMMANDS.findall(page)).replace("127.0.0.1:8080", f"127.0.0.1:{port}").splitlines():
        if "# in another terminal" in line:
            lines += [
                line.partition("#")[0] + "2>serve.log & service=$!", "trap 'kill $service; wait' EXIT",
                f"until curl -sf http://127.0.0.1:{admin_port}/readyz >ready; do kill -0 $service; sleep 0.1; done"]
        else:
            lines.append(line.replace("curl ", "echo; curl -s "))
    return "\n".join(lines + [f"echo; curl -s http://127.0.0.1:{port}/openapi.json"])


def test_who_follows_the_page_has_the_resource():
    page = PAGE.read_text()
    copy = copy_of_the_checkout()
    try:
        edit(copy, page)
        done = subprocess.run(
            ["bash", "-c", script(page, larder.free_port(), larder.free_port())], cwd=copy,
            env=larder.environment(MIGRATIONS_DIR=None), stdin=subprocess.DEVNULL, capture_output=True, text=True,
            timeout=900)
        assert done.returncode == 0, done.stdout + done.stderr
        category, supplier, unrated, description = (json.loads(line) for line in done.stdout.splitlines()[-4:])
        assert category["name"] == "Spare parts"
        assert (supplier["name"], supplier["category_id"], supplier["rating"]) == ("Ada & Sons", category["id"], None)
        assert unrated["items"] == [supplier]
        assert "/v1/suppliers/{id}" in description["paths"]
    finally:
        subprocess.run(["scripts/services", "remove"], cwd=copy, check=True, capture_output=True)
        shutil.rmtree(copy)
