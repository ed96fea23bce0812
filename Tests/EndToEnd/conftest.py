"""What all tests share: the run, its PostgreSQL, and stacks of servers by module."""

import os
import signal
import sys

import pytest

from support import databases, larder, processes, run
from support.servers import Postgres
from support.stack import Stack

_own_server = None

# Those that take longest start first, so that none is left over at the end.
LONGEST_FIRST = [
    "test_faults.py", "test_schemathesis.py", "test_life_cycle.py", "test_warming.py", "test_torture.py", "test_adding_a_resource.py",
    "test_outages.py"]


def pytest_collection_modifyitems(items):
    order = {name: index for index, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def _is_controller(config):
    return not hasattr(config, "workerinput")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session):
    """Before the test processes start, so that they inherit what is set here."""
    global _own_server
    if not _is_controller(session.config) or session.config.option.collectonly:
        return
    try:
        larder.binary()
    except AssertionError as error:
        pytest.exit(str(error), returncode=2)
    # A build machine ends a job by SIGTERM; the servers must not outlive it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    run.begin()
    if "LARDER_TEST_DATABASE_URL" not in os.environ:
        _own_server = Postgres()
        os.environ["LARDER_TEST_DATABASE_URL"] = _own_server.uri()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session):
    if not _is_controller(session.config) or run.VARIABLE not in os.environ:
        return
    if _own_server:
        _own_server.close()
    else:
        databases.drop_all()
    processes.end_leftovers()
    run.end()


@pytest.fixture(autouse=True)
def logs_from_here():
    """A failure shows what the services logged during this test."""
    for service in larder.services:
        service.log_shown_from = service.log.stat().st_size


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.failed:
        for service in larder.services:
            report.sections.append((f"log of the service on port {service.port}", service.text()))
    return report


def _stack(database, **settings):
    stack = Stack(database, **settings)
    yield stack
    stack.close()


@pytest.fixture(scope="module")
def stack():
    """Servers over a migrated database."""
    yield from _stack(databases.migrated())


@pytest.fixture(scope="module")
def dellstore():
    """Servers over the sample data."""
    yield from _stack(databases.dellstore())


@pytest.fixture(scope="module")
def api(stack):
    return stack.client()


@pytest.fixture
def new_stack():
    """Makes servers with settings of their own, for one test."""
    made = []

    def make(database=None, **settings):
        stack = Stack(database or databases.migrated(), **settings)
        made.append(stack)
        return stack

    yield make
    for stack in made:
        stack.close()


@pytest.fixture
def database():
    """A database with nothing in it."""
    return databases.empty()
