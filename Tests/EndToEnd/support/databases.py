"""Databases on the run's shared PostgreSQL: empty, migrated, or with the sample data. Copies of templates, made in a moment."""

import itertools
import os
import time
import urllib.parse

from . import larder, run, sample
from .servers import psql

_numbers = itertools.count(1)


def _uri(database):
    """The shared server's URI, for another of its databases."""
    return urllib.parse.urlsplit(os.environ["LARDER_TEST_DATABASE_URL"])._replace(path=f"/{database}").geturl()


def _create(name, template):
    # Only one session at a time may copy a template.
    with run.lock("create-database"):
        psql(_uri("postgres"), f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    return _uri(name)


def _new_name():
    return f"{run.name()}_{run.worker()}_{next(_numbers)}"


def empty():
    return _create(_new_name(), "template0")


def migrated():
    return _create(_new_name(), run.once("migrated", _make_migrated))


def dellstore():
    return _create(_new_name(), run.once("dellstore", _make_dellstore)["name"])


def dellstore_import():
    """How the import of the sample data went: its seconds and what each file's import printed."""
    return run.once("dellstore", _make_dellstore)


def _make_migrated():
    name = f"{run.name()}_migrated"
    done = larder.run("migrate", "up", DATABASE_URL=_create(name, "template0"))
    assert done.status == 0, done
    return name


def _make_dellstore():
    name = f"{run.name()}_dellstore"
    uri = _create(name, run.once("migrated", _make_migrated))
    started = time.monotonic()
    output = {}
    for resource, file, mapping in sample.IMPORTS:
        done = larder.run("import", resource, sample.path(file), "--map", mapping, DATABASE_URL=uri, timeout=120)
        assert done.status == 0, done
        output[resource] = done.stdout + done.stderr
    seconds = time.monotonic() - started
    # What autovacuum would do later, so that no test waits for it.
    psql(uri, "VACUUM ANALYZE")
    return {"name": name, "seconds": seconds, "output": output}


def drop_all():
    """For a server that is not the run's own."""
    found = psql(_uri("postgres"), f"SELECT datname FROM pg_database WHERE datname LIKE '{run.name()}%'", check=False)
    for name in found.stdout.split():
        psql(_uri("postgres"), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', check=False)
