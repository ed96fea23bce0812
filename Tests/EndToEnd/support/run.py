"""One run of the suite: its folder, and what its processes make only once and then share."""

import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import tempfile
import time
import traceback

VARIABLE = "LARDER_E2E_RUN"
CHECKOUT = pathlib.Path(__file__).resolve().parents[3]


def begin():
    """Makes the run's folder; its path reaches the other processes by the environment."""
    # Short, because the path of a unix socket is limited to about 100 bytes.
    path = pathlib.Path(tempfile.mkdtemp(prefix="larder-e2e-", dir="/tmp"))
    # The servers' user must be able to pass through, but need not see what is in it.
    path.chmod(0o711)
    os.environ[VARIABLE] = str(path)
    for name in ("processes", "logs", "once"):
        (path / name).mkdir()
    return path


def end():
    kept = os.environ.get("LARDER_TEST_LOGS")
    if kept:
        shutil.copytree(folder() / "logs", pathlib.Path(kept) / "end-to-end", dirs_exist_ok=True)
    shutil.rmtree(folder(), ignore_errors=True)


def folder():
    return pathlib.Path(os.environ[VARIABLE])


def name():
    """Tells this run's databases from those of another."""
    return "e2e_" + folder().name.removeprefix("larder-e2e-").lower()


def worker():
    """Which of the processes of this run this is: 0 is the one that collects the results, or the only one."""
    name = os.environ.get("PYTEST_XDIST_WORKER")
    return 0 if name is None else 1 + int(name.removeprefix("gw"))


@contextlib.contextmanager
def lock(what):
    with open(folder() / "once" / f"{what}.lock", "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def once(what, make):
    """What `make` returns, made by the first process that asks. If it fails, it fails for all, without a second try."""
    path = folder() / "once" / f"{what}.json"
    with lock(what):
        if path.exists():
            outcome = json.loads(path.read_text())
        else:
            try:
                outcome = {"value": make()}
            except Exception:
                outcome = {"error": traceback.format_exc()}
            path.write_text(json.dumps(outcome))
    if "error" in outcome:
        raise AssertionError(f"{what} could not be made:\n{outcome['error']}")
    return outcome["value"]


def wait_until(condition, seconds, what, every=0.02):
    """The first true value of `condition()`."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(every)
