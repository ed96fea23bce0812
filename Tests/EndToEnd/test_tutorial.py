"""docs/tutorial.md prints what it says."""

import pathlib
import re
import subprocess

from support import databases
from support.stack import wait_for_hit

PAGE = pathlib.Path(__file__).parents[2] / "docs" / "tutorial.md"
# A block of commands and, right under it, what they print.
STEP = re.compile(r"^```sh\n((?:(?!```).*\n)*)```\n```\n((?:(?!```).*\n)*)```$", re.MULTILINE)


def pattern(expected):
    return re.compile(".*?".join(re.escape(part) for part in expected.split("…")) + r"\Z", re.DOTALL)


def joined(text):
    """Without line ends: a body has none at its end, so that the next one follows on the same line."""
    return "".join(line.strip() for line in text.splitlines())


def test_every_command_prints_what_the_page_says(new_stack):
    stack = new_stack(databases.dellstore())
    service = stack.first
    wait_for_hit(stack.client(), "/v1/categories/1")
    steps = STEP.findall(PAGE.read_text())
    assert len(steps) >= 10
    marker = "=== the next step ==="
    script = f"\necho; echo '{marker}'\n".join(commands for commands, _ in steps)
    script = script.replace("127.0.0.1:8080", f"127.0.0.1:{service.port}").replace(
        "127.0.0.1:8081", f"127.0.0.1:{service.admin_port}")
    run = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=120)
    printed = run.stdout.split(marker)
    assert len(printed) == len(steps), run.stderr
    for (commands, expected), output in zip(steps, printed):
        assert pattern(joined(expected)).match(joined(output)), f"{commands}\nprints\n{output}\ninstead of\n{expected}"
