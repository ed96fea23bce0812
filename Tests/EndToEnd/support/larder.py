"""The program under test: as a command that ends, and as a service that runs."""

import collections
import itertools
import os
import pathlib
import random
import signal
import socket
import subprocess

from . import run as the_run
from .client import Client
from .processes import Process
from .run import CHECKOUT, wait_until

Finished = collections.namedtuple("Finished", "status stdout stderr arguments")

# Of the services of this test process, so that a failure can show what they logged.
services = []
_numbers = itertools.count(1)
_next_port = None


def binary():
    path = os.environ.get("LARDER_BINARY")
    candidates = [pathlib.Path(path)] if path else [CHECKOUT / ".build" / kind / "larder" for kind in ("debug", "release")]
    for candidate in candidates:
        if candidate.exists():
            return candidate.absolute()
    raise AssertionError(f"no program to test at {' or '.join(map(str, candidates))}; build it, or set LARDER_BINARY")


def environment(**settings):
    """Nothing of the caller's configuration gets in."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH", "TMPDIR") if name in os.environ}
    # A crash writes its backtrace to the log and does not wait for anybody.
    kept["SWIFT_BACKTRACE"] = "interactive=no,color=no"
    kept["MIGRATIONS_DIR"] = str(CHECKOUT / "Migrations")
    kept |= settings
    return {name: str(value) for name, value in kept.items() if value is not None}


def start(*arguments, stdin=subprocess.DEVNULL, **settings):
    """A command that runs beside the test."""
    return subprocess.Popen(
        [str(binary()), *map(str, arguments)], env=environment(**settings), cwd=the_run.folder(), stdin=stdin,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(command, timeout=60, input=None):
    try:
        stdout, stderr = command.communicate(input, timeout=timeout)
    except subprocess.TimeoutExpired:
        command.kill()
        stdout, stderr = command.communicate()
        raise AssertionError(f"{command.args} still runs after {timeout} s\n{stdout}{stderr}") from None
    return Finished(command.returncode, stdout, stderr, command.args[1:])


def run(*arguments, timeout=60, input=None, **settings):
    """A command to its end, with `input` as its standard input."""
    stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
    return finish(start(*arguments, stdin=stdin, **settings), timeout, input)


def free_port():
    """A port that nobody listens on.

    Below those that the system gives to outgoing connections, and each test process from its own range: the service
    shares its ports among its workers, so two of them on one port would not notice.
    """
    global _next_port
    first = 15000 + 1000 * the_run.worker()
    if _next_port is None:
        _next_port = first + random.randrange(1000)
    for _ in range(1000):
        port, _next_port = _next_port, first + (_next_port + 1 - first) % 1000
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                pass
    raise AssertionError("no port is free")


class Service:
    """`larder serve` with an environment. Stopped and started again, it keeps its ports and its log."""

    def __init__(self, ready=True, **settings):
        self.port, self.admin_port = free_port(), free_port()
        self._environment = environment(HTTP_PORT=self.port, ADMIN_PORT=self.admin_port, **settings)
        self.log = the_run.folder() / "logs" / f"larder{the_run.worker()}-{next(_numbers)}.log"
        self.log_shown_from = 0
        self._process = None
        services.append(self)
        self.start(ready)

    def start(self, ready=True):
        self._process = Process([binary(), "serve"], self.log, env=self._environment)
        path = "/readyz" if ready else "/livez"
        wait_until(lambda: self._answers(path), 20, f"{path} of the service is 200; its log ends:\n{self._process.tail()}")

    def _answers(self, path):
        assert self._process.is_running, f"the service ended with {self._process.wait(1)}; its log ends:\n{self.text()}"
        try:
            with self.admin(timeout=5) as admin:
                return admin.get(path).status == 200
        except OSError:
            return False

    def client(self, **options):
        return Client(self.port, **options)

    def admin(self, **options):
        return Client(self.admin_port, **options)

    @property
    def pid(self):
        return self._process.pid

    @property
    def is_running(self):
        return self._process.is_running

    def interrupt(self, number=signal.SIGTERM):
        self._process.send(number)

    def wait(self, seconds):
        return self._process.wait(seconds)

    def kill(self):
        return self._process.kill()

    def pause(self):
        self._process.pause()

    def resume(self):
        self._process.resume()

    def close(self):
        self._process.end()
        if self in services:
            services.remove(self)

    def text(self, lines=60):
        return self._process.tail(lines, self.log_shown_from)
