"""Private PostgreSQL and Redis servers, which a test may stop, kill and hang as it likes, and poolers before PostgreSQL."""

import contextlib
import itertools
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import urllib.parse

from . import run
from .processes import Process

_numbers = itertools.count(1)

# The machine does not crash, so nothing has to wait for its disk. But the server does: what it acknowledged it has written.
SETTINGS = {
    "listen_addresses": "", "fsync": "off", "full_page_writes": "off", "synchronous_commit": "on",
    "shared_buffers": "64MB", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC",
}


def _program(name):
    """Debian keeps PostgreSQL's server programs out of PATH."""
    folders = sorted(
        pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), reverse=True)
    folders += sorted(pathlib.Path("/opt/homebrew/opt").glob("postgresql@*/bin"), reverse=True)
    for folder in folders:
        if (folder / name).exists():
            return str(folder / name)
    found = shutil.which(name)
    assert found, f"{name} is missing; run scripts/install-dependencies"
    return found


def _unprivileged_user():
    """PostgreSQL refuses to run as root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            pass
    raise AssertionError("there is neither a user postgres nor a user nobody to run PostgreSQL")


def _owned_folder(name, user):
    path = run.folder() / name
    path.mkdir(mode=0o755)
    if user:
        os.chown(path, user.pw_uid, user.pw_gid)
    return path


def _environment():
    """The caller's PGHOST, PGUSER and the like are about other servers."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _as(user):
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}


def _make_cluster():
    """initdb takes longer than copying what it made, so it runs once."""
    user = _unprivileged_user()
    data = _owned_folder("cluster", user) / "data"
    made = subprocess.run(
        [_program("initdb"), "-D", data, "-U", "larder", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"],
        cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=_environment(),
        **_as(user))
    assert made.returncode == 0, made.stdout
    return str(data)


class Postgres:
    """A PostgreSQL of its own, reached by a unix socket. Its data outlive a restart."""

    def __init__(self):
        self._user = _unprivileged_user()
        name = f"pg{run.worker()}-{next(_numbers)}"
        self._folder = _owned_folder(name, self._user)
        self._log = run.folder() / "logs" / f"{name}.log"
        self._process = None
        template = run.once("cluster", _make_cluster)
        subprocess.run(["cp", "-Rp", template, self._folder / "data"], check=True, cwd="/", **_as(self._user))
        self.start()

    def uri(self, database="postgres"):
        return f"postgresql://larder@/{database}?host={self._folder}"

    def start(self):
        settings = [f"--{name}={value}" for name, value in SETTINGS.items()]
        self._process = Process(
            [_program("postgres"), "-D", self._folder / "data", "-k", self._folder, *settings], self._log,
            env=_environment(), user=self._user)
        run.wait_until(self._answers, 30, f"PostgreSQL answers; see {self._log}")

    def _answers(self):
        assert self._process.is_running, f"PostgreSQL ended:\n{self._process.tail()}"
        return psql(self.uri(), "SELECT 1", check=False).returncode == 0

    @property
    def is_running(self):
        return self._process.is_running

    def stop(self):
        """Ends it as an operator's restart does: connections are cut, data are kept."""
        self._process.send(signal.SIGINT)
        self._process.wait(20)

    def crash(self):
        """Ends it without a checkpoint, so that it recovers when it starts again."""
        self._process.send(signal.SIGQUIT)
        self._process.wait(20)

    def restart(self):
        self.stop()
        self.start()

    def close(self):
        self._process.end(signal.SIGQUIT)


class PgBouncer:
    """A pooler before all databases of a PostgreSQL, with the settings that it has of itself but for the mode."""

    def __init__(self, server, mode, port):
        parts = urllib.parse.urlsplit(server)
        host = urllib.parse.parse_qs(parts.query).get("host", [parts.hostname])[0]
        user = _unprivileged_user()
        name = f"pgbouncer{run.worker()}-{next(_numbers)}"
        settings = _owned_folder(name, user) / "pgbouncer.ini"
        settings.write_text(
            f"[databases]\n* = host={host} port={parts.port or 5432} user={parts.username}\n[pgbouncer]\nlisten_addr=127.0.0.1\n"
            f"listen_port={port}\nunix_socket_dir=\nauth_type=any\npool_mode={mode}\n")
        self._user, self._port = parts.username, port
        self._process = Process(
            [shutil.which("pgbouncer") or "/usr/sbin/pgbouncer", settings], run.folder() / "logs" / f"{name}.log",
            env=_environment(), user=user)
        run.wait_until(lambda: psql(self.uri("postgres"), "SELECT 1", check=False).returncode == 0, 10, "the pooler answers")

    def uri(self, database):
        return f"postgresql://{self._user}@127.0.0.1:{self._port}/{database}"

    def close(self):
        self._process.end()


class Redis:
    """A Redis of its own without persistence: what is killed has forgotten everything."""

    def __init__(self, *options, port=None, password=None):
        self._number = f"redis{run.worker()}-{next(_numbers)}"
        self._socket = run.folder() / f"{self._number}.sock"
        self._options = [*options]
        self._port = port
        self._password = password
        if port:
            self._options += ["--bind", "127.0.0.1"]
        if password:
            self._options += ["--requirepass", password]
        self._process = None
        self.start()

    @property
    def url(self):
        return f"unix://{self._socket}"

    def tcp_url(self, database=0):
        user = f"default:{urllib.parse.quote(self._password, safe='')}@" if self._password else ""
        return f"redis://{user}127.0.0.1:{self._port}/{database}"

    @property
    def is_running(self):
        return self._process.is_running

    def start(self):
        # A killed server leaves its socket, and a new one would be taken for ready before it is.
        self._socket.unlink(missing_ok=True)
        self._process = Process(
            ["redis-server", "--port", self._port or 0, "--unixsocket", self._socket, "--save", "", "--appendonly", "no",
             "--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru", "--dir", "/tmp", *self._options],
            run.folder() / "logs" / f"{self._number}.log")
        run.wait_until(lambda: "PONG" in self.command("PING", check=False), 10, "Redis answers")

    def command(self, *words, check=True):
        password = ["-a", self._password, "--no-auth-warning"] if self._password else []
        done = subprocess.run(
            ["redis-cli", "-s", self._socket, *password, *words], capture_output=True, text=True, timeout=10)
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout.strip()

    def kill(self):
        return self._process.kill()

    def pause(self):
        """Connections stay open and new ones are accepted by the kernel, but nothing answers."""
        self._process.pause()

    def resume(self):
        self._process.resume()

    def restart(self):
        self.kill()
        self.start()

    def close(self):
        self._process.end()


def psql(uri, statement, check=True):
    done = subprocess.run(
        [_program("psql"), "-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1", "-d", uri, "-c", statement],
        capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd="/", env=_environment(), timeout=60)
    if check:
        assert done.returncode == 0, f"{statement}\n{done.stderr}"
    return done


def rows(uri, statement):
    return [line.split("\t") for line in psql(uri, statement).stdout.splitlines()]


def value(uri, statement):
    found = rows(uri, statement)
    return found[0][0] if found else None


def renamed(uri, **parts):
    """The URI with another path or user."""
    split = urllib.parse.urlsplit(uri)
    if "user" in parts:
        return split._replace(netloc=f"{parts['user']}@{split.netloc.rpartition('@')[2]}").geturl()
    return split._replace(path=f"/{parts['database']}").geturl()


class Session:
    """A connection that stays open, to hold a lock as long as a test needs it."""

    def __init__(self, uri):
        self._psql = subprocess.Popen(
            [_program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", uri],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd="/",
            env=_environment())

    def run(self, statement):
        """What psql prints of it."""
        self._psql.stdin.write(f"{statement};\n\\echo done\n")
        self._psql.stdin.flush()
        lines = []
        for line in self._psql.stdout:
            if line.strip() == "done":
                return lines
            lines.append(line.rstrip("\n"))
        raise AssertionError(f"psql failed at: {statement}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        """Ends the connection, and with it its transaction."""
        self._psql.stdin.close()
        self._psql.wait(10)
        self._psql.stdout.close()


@contextlib.contextmanager
def held_commits(uri, product):
    """While it lasts, whoever changes the product waits in his COMMIT: announced, written, and not yet decided."""
    psql(uri, f"""
        CREATE FUNCTION wait_at_commit() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(77); RETURN NULL; END';
        CREATE CONSTRAINT TRIGGER wait_at_commit AFTER UPDATE ON products DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW WHEN (NEW.id = {product}) EXECUTE FUNCTION wait_at_commit()""")
    with Session(uri) as session:
        session.run("SELECT pg_advisory_lock(77)")
        yield
    psql(uri, "DROP FUNCTION wait_at_commit CASCADE")


def commits_held(uri):
    """How many wait there."""
    return int(value(uri, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 77 AND NOT granted"))
