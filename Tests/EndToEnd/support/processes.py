"""Starts programs and ends exactly those, by their process id, even when a run was interrupted."""

import os
import pathlib
import signal
import subprocess

from . import run


class Process:
    """A program that was started here."""

    def __init__(self, arguments, log, env=None, user=None):
        self.log = pathlib.Path(log)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        with open(log, "ab") as output:
            self._popen = subprocess.Popen(
                [str(argument) for argument in arguments],
                stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                # A folder that any user may be in; and a group of its own, so that Ctrl-C is the suite's to handle.
                cwd="/", start_new_session=True, env=env, **as_user)
        self.pid = self._popen.pid
        self._paused = False
        _record(self.pid)

    @property
    def is_running(self):
        return self._popen.poll() is None

    def send(self, number):
        # Popen does not signal a process that it has already waited for, so the number is never another's.
        self._popen.send_signal(number)

    def pause(self):
        self.send(signal.SIGSTOP)
        self._paused = True

    def resume(self):
        self.send(signal.SIGCONT)
        self._paused = False

    def wait(self, seconds):
        """Its exit status; negative if a signal ended it."""
        try:
            status = self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self._popen.args[0]} still runs after {seconds} s; its log ends:\n{self.tail()}") from None
        _forget(self.pid)
        return status

    def kill(self):
        """Ends it at once, as a crash would."""
        if self.is_running:
            self.send(signal.SIGKILL)
        return self.wait(10)

    def end(self, number=signal.SIGTERM, seconds=10):
        """Ends it in whatever way works; for cleaning up."""
        if self.is_running and self._paused:
            self.resume()
        if self.is_running:
            self.send(number)
            try:
                self.wait(seconds)
            except AssertionError:
                self.kill()
        _forget(self.pid)

    def tail(self, lines=40, offset=0):
        with open(self.log, "rb") as file:
            file.seek(offset)
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def _started_at(pid):
    """Tells a process from a later one of the same number, where the system says it."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _record(pid):
    (run.folder() / "processes" / str(pid)).write_text(_started_at(pid))


def _forget(pid):
    (run.folder() / "processes" / str(pid)).unlink(missing_ok=True)


def end_leftovers():
    """Ends what a test process that died left behind."""
    for path in (run.folder() / "processes").iterdir():
        pid = int(path.name)
        started_at = path.read_text()
        if started_at and started_at == _started_at(pid):
            os.kill(pid, signal.SIGKILL)
