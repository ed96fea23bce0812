"""The process and its surroundings: descriptors that are closed, output that nobody reads, workers that hang, how it ends."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.parse

import pytest

from support import databases, larder
from support.client import Client, Raw
from support.run import wait_until
from support.servers import psql

linux = pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")

# Refused with a line of the log at the level debug.
MALFORMED = b"GET / HTTP/1.1\r\n\r\n"


class Serving:
    """`larder serve` over memory, with the descriptors that the test gives it."""

    def __init__(self, settings, **descriptors):
        self.port, self.admin_port = larder.free_port(), larder.free_port()
        environment = larder.environment(
            HTTP_PORT=self.port, ADMIN_PORT=self.admin_port, HTTP_WORKERS=2, HTTP_SHUTDOWN_SECONDS=1, **settings)
        self.process = subprocess.Popen([str(larder.binary()), "serve"], env=environment, **descriptors)
        wait_until(lambda: self.livez() == 200, 20, "the service answers")

    def livez(self):
        try:
            with Client(self.admin_port, timeout=5) as admin:
                return admin.get("/livez").status
        except OSError:
            return None

    def be_refused(self, times):
        for _ in range(times):
            with Raw(self.port) as raw:
                raw.send(MALFORMED)
                assert raw.response().status == 400

    def serves(self):
        """Whether all workers do; the kernel chooses among them by the client's port."""
        for _ in range(20):
            with Client(self.port, timeout=5) as client:
                assert client.get("/v1/categories").status == 200
        assert self.livez() == 200
        return True

    def end(self, seconds=15):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextlib.contextmanager
def serving(settings=None, **descriptors):
    service = Serving(settings or {}, **descriptors)
    try:
        yield service
    finally:
        service.process.kill()
        service.process.wait()


class TestDescriptors:
    @pytest.mark.parametrize("closed", [(0, 1, 2), (2,), (1,), (0, 2)], ids=str)
    def test_those_that_are_closed_are_not_taken_for_others(self, closed):
        def close():
            for descriptor in closed:
                os.close(descriptor)

        with serving(
                {"LOG_LEVEL": "debug"}, preexec_fn=close, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL) as service:
            if sys.platform == "linux":
                for descriptor in range(3):
                    assert os.readlink(f"/proc/{service.process.pid}/fd/{descriptor}") == "/dev/null"
            # As much as would fill a pipe, if the log went into one.
            service.be_refused(600)
            assert service.serves()
            assert service.end() == 0

    def test_a_command_works_without_them(self):
        done = subprocess.run(
            [str(larder.binary()), "version"], env=larder.environment(), timeout=20,
            preexec_fn=lambda: [os.close(descriptor) for descriptor in range(3)])
        assert done.returncode == 0


class TestAStandardErrorThatNobodyReads:
    def test_holds_up_no_request_and_no_end(self):
        reader, writer = os.pipe()
        try:
            # More than a pipe holds.
            with serving({"LOG_LEVEL": "debug", "LOG_FORMAT": "json"}, stdout=subprocess.DEVNULL, stderr=writer) as service:
                os.close(writer)
                service.be_refused(1000)
                assert service.serves()
                began = time.monotonic()
                assert service.end() == 0
                assert time.monotonic() - began < 8
        finally:
            os.close(reader)

    def test_gets_the_last_lines_before_the_process_ends(self):
        with serving(stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as service:
            service.process.send_signal(signal.SIGTERM)
            _, log = service.process.communicate(timeout=15)
            assert b'"stopped"' in log.splitlines()[-1]

    def test_may_be_gone(self):
        reader, writer = os.pipe()
        with serving({"LOG_LEVEL": "debug"}, stdout=subprocess.DEVNULL, stderr=writer) as service:
            os.close(writer)
            os.close(reader)
            service.be_refused(20)
            assert service.serves()
            assert service.end() == 0


@linux
class TestAWorkerThatHangs:
    @pytest.fixture
    def service(self):
        with serving(stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as service:
            yield service

    @contextlib.contextmanager
    def hanging(self, service, worker):
        """Stops one thread of the process, as a debugger does."""
        attach, detach = 16, 17
        tasks = pathlib.Path(f"/proc/{service.process.pid}/task").iterdir()
        thread = next(int(task.name) for task in tasks if (task / "comm").read_text().strip() == f"larder-{worker}")
        ptrace = ctypes.CDLL(None, use_errno=True).ptrace
        if ptrace(attach, thread, None, None) != 0:
            pytest.skip(f"threads cannot be stopped here: {os.strerror(ctypes.get_errno())}")
        also_threads = 0x40000000
        os.waitpid(thread, also_threads)
        try:
            yield
        finally:
            # The process is over only when its tracer has heard of the thread's end.
            if ptrace(detach, thread, None, None) != 0:
                os.waitpid(thread, also_threads)

    def test_is_named_by_livez_and_missing_in_the_metrics(self, service):
        with Client(service.admin_port) as admin:
            with self.hanging(service, 2):
                answer = admin.get("/livez")
                assert (answer.status, answer.body) == (503, b"worker 2 of 2 does not answer\n")
                metrics = admin.get("/metrics").body.decode().splitlines()
                assert "larder_workers 2" in metrics and "larder_workers_silent 1" in metrics
            wait_until(lambda: service.livez() == 200, 10, "the worker goes on")

    def test_does_not_keep_the_process_from_its_end(self, service):
        with self.hanging(service, 1):
            service.process.send_signal(signal.SIGTERM)
            log = service.process.stderr.read()
        assert service.process.wait(15) == 1
        assert b"worker 1 does not answer and is not waited for" in log


class TestOutput:
    def command(self, *arguments, **descriptors):
        return subprocess.Popen(
            [str(larder.binary()), *arguments], env=larder.environment(), stderr=subprocess.PIPE, **descriptors)

    @pytest.mark.parametrize("name", ["routes", "openapi", "help", "config", "version"])
    def test_that_somebody_has_read_enough_of_ends_quietly(self, name):
        reader, writer = os.pipe()
        os.close(reader)
        command = self.command(name, stdout=writer)
        os.close(writer)
        _, errors = command.communicate(timeout=20)
        assert (command.returncode, errors) == (0, b"")

    def test_is_whole_however_slowly_it_is_read(self):
        whole = larder.run("openapi").stdout
        command = self.command("openapi", stdout=subprocess.PIPE)
        time.sleep(0.1)
        output, _ = command.communicate(timeout=20)
        assert output.decode() == whole

    @pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no device that is full")
    def test_that_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            command = self.command("routes", stdout=full)
            _, errors = command.communicate(timeout=20)
        assert command.returncode == 1
        assert errors == b"larder: Standard output cannot be written: No space left on device.\n"


class TestCores:
    def workers(self, *before):
        done = subprocess.run(
            [*before, str(larder.binary()), "config"], env=larder.environment(), capture_output=True, text=True, timeout=20)
        return next(int(line.partition("=")[2]) for line in done.stdout.splitlines() if line.startswith("HTTP_WORKERS="))

    @pytest.mark.skipif(not shutil.which("taskset"), reason="nothing pins a process here")
    def test_that_the_process_may_not_run_on_get_no_worker(self):
        core = min(os.sched_getaffinity(0))
        assert self.workers("taskset", "-c", str(core)) == 1
        assert self.workers() <= len(os.sched_getaffinity(0))


class TestConnections:
    """What PostgreSQL allows, held against what all workers want: the connections of each one's pool."""

    def log(self, allowed, wanted, **settings):
        """What is logged with so many connections allowed, up to the line that has the words."""
        database = databases.migrated()
        name = urllib.parse.urlsplit(database).path[1:]
        psql(database, f'ALTER DATABASE "{name}" CONNECTION LIMIT {allowed}')
        service = larder.Service(HTTP_WORKERS=2, DATABASE_URL=database, **settings)
        try:
            wait_until(lambda: wanted in service.log.read_text(), 10, f"the log has {wanted}")
            return service.log.read_text()
        finally:
            service.close()

    def test_are_fewer_by_default_than_would_leave_none_to_others(self):
        log = self.log(11, '"DATABASE_POOL_SIZE":"2"')
        assert "each worker has fewer connections to PostgreSQL than by default" in log and "under load" not in log

    def test_that_were_set_and_cannot_be_had_are_warned_of(self):
        log = self.log(14, "under load", DATABASE_POOL_SIZE=10)
        assert "PostgreSQL allows 14 connections, and under load 21 are wanted" in log and "fewer connections" not in log
