"""docs/tutorial.md prints what it says, and README.md, whichever is read first."""

import pathlib
import re
import subprocess

from support import databases
from support.stack import wait_for_hit

CHECKOUT = pathlib.Path(__file__).parents[2]
PAGE = CHECKOUT / "docs" / "tutorial.md"
# A block of commands and, right under it, what they print.
STEP = re.compile(r"^```sh\n((?:(?!```).*\n)*)```\n```\n((?:(?!```).*\n)*)```$", re.MULTILINE)


def pattern(expected):
    return re.compile(".*?".join(re.escape(part) for part in expected.split("…")) + r"\Z", re.DOTALL)


def joined(text):
    """Without line ends: a body has none at its end, so that the next one follows on the same line."""
    return "".join(line.strip() for line in text.splitlines())


def output_of(script, service):
    script = script.replace("127.0.0.1:8080", f"127.0.0.1:{service.port}").replace(
        "127.0.0.1:8081", f"127.0.0.1:{service.admin_port}")
    return subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120)


def counts(output):
    return [int(number) for number in re.findall(r'{"count":(\d+)}', output)]


def walk_tutorial(service):
    """The counts of all orders that the page shows."""
    steps = STEP.findall(PAGE.read_text())
    assert len(steps) >= 10
    marker = "=== the next step ==="
    run = output_of(f"\necho; echo '{marker}'\n".join(commands for commands, _ in steps), service)
    printed = run.stdout.split(marker)
    assert len(printed) == len(steps), run.stderr
    for (commands, expected), output in zip(steps, printed):
        assert pattern(joined(expected)).match(joined(output)), f"{commands}\nprints\n{output}\ninstead of\n{expected}"
    return [counts(output)[-1] for (commands, _), output in zip(steps, printed) if "/v1/orders/count\n" in commands]


def walk_readme(service):
    block = re.search(r"^Try it:\n\n```sh\n(.*?)^```$", (CHECKOUT / "README.md").read_text(), re.MULTILINE | re.DOTALL)[1]
    run = output_of(block, service)
    assert len(re.findall(r"HTTP/1.1 20[01] ", run.stdout)) == block.count("curl"), run.stdout
    return counts(run.stdout)


def test_every_command_prints_what_the_pages_say_in_any_order(new_stack):
    stack = new_stack(databases.dellstore())
    wait_for_hit(stack.client(), "/v1/categories/1")
    assert walk_readme(stack.first) == [10000, 10001], "as README.md has it, on the sample data"
    assert walk_tutorial(stack.first) == [10001, 10002]
    assert walk_readme(stack.first) == [10002, 10003]
