"""What a database, a pooler before it, and a role of it may be like; and commands that are interrupted in it."""

import os
import signal
import subprocess
import time
import urllib.parse

import pytest

from support import databases, expect, larder, rows
from support.larder import free_port
from support.run import name, wait_until
from support.servers import renamed, PgBouncer, Postgres, Session, psql, value
from support.stack import wait_for_hit


def database_name(uri):
    return urllib.parse.urlsplit(uri).path.removeprefix("/")


def sentence(done, status, *words):
    """One complaint on standard error that has all these words."""
    assert done.status == status, done
    assert all(word in done.stderr for word in words), done


class TestAPooler:
    @pytest.fixture
    def pooled(self, request):
        """The URI of an empty database by way of a pooler in a mode."""
        server = Postgres()
        pooler = PgBouncer(server.uri(), request.param, free_port())
        yield pooler.uri("postgres")
        pooler.close()
        server.close()

    @pytest.mark.parametrize("pooled", ["session"], indirect=True)
    def test_in_session_mode_is_served_over_as_it_comes(self, pooled, new_stack):
        assert larder.run("migrate", "up", DATABASE_URL=pooled).status == 0
        client = new_stack(pooled, HTTP_WORKERS=2).client()
        product = rows.product(client)
        path = f"/v1/products/{product['id']}"
        for stock in range(20):
            assert client.patch(path, {"stock": stock}).status == 200
            assert client.get(path + "?include=category").json()["stock"] == stock
            assert client.get("/v1/products?count=exact").status == 200
        assert wait_for_hit(client, path).json()["stock"] == 19

    @pytest.mark.parametrize("pooled", ["transaction", "statement"], indirect=True)
    def test_that_shares_sessions_out_is_refused_in_a_sentence(self, pooled):
        for command in [("migrate", "up"), ("migrate", "wait", "--timeout", "20"), ("serve",)]:
            began = time.monotonic()
            done = larder.run(*command, DATABASE_URL=pooled, HTTP_PORT=free_port(), ADMIN_PORT=free_port(), timeout=15)
            sentence(done, 1, "pooler", "pool_mode=session")
            assert time.monotonic() - began < 10
        # It left no settings of ours in sessions that are others'.
        assert psql(pooled, "SHOW statement_timeout").stdout.strip() == "0"


def test_a_database_in_another_encoding_is_refused_in_a_sentence(database):
    uri = renamed(database, database=f"{database_name(database)}_latin1")
    psql(database, f'CREATE DATABASE "{database_name(uri)}" TEMPLATE template0 ENCODING \'LATIN1\' LOCALE \'C\'')
    for command in ["migrate up", "migrate status", "serve"]:
        done = larder.run(*command.split(), DATABASE_URL=uri, HTTP_PORT=free_port(), ADMIN_PORT=free_port(), timeout=15)
        sentence(done, 1, "LATIN1", "UTF8")


@pytest.mark.parametrize("way", ["environment", "URL"])
def test_options_count_as_libpq_has_them(database, way):
    psql(database, "CREATE SCHEMA app")
    if way == "URL":
        settings = {"DATABASE_URL": f"{database}&options=-csearch_path%3Dapp", "PGOPTIONS": "-c search_path=public"}
    else:
        settings = {"DATABASE_URL": database, "PGOPTIONS": "-c search_path=app -c TimeZone=Asia/Tokyo"}
    assert larder.run("migrate", "up", **settings).status == 0
    assert value(database, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"
    service = larder.Service(HTTP_WORKERS=1, **settings)
    try:
        with service.client() as client:
            made = rows.category(client)
            hour = f"SELECT to_char(created_at AT TIME ZONE 'UTC', 'HH24:MI') FROM app.categories WHERE id = {made['id']}"
            assert made["created_at"][11:16] == value(database, hour)
    finally:
        service.close()


class TestARole:
    @pytest.fixture
    def limited(self):
        """A role that may have three connections, and a database that it may use."""
        database = databases.migrated()
        role = f"{name()}_limited"
        psql(database, f"""
            CREATE ROLE "{role}" LOGIN CONNECTION LIMIT 3; GRANT ALL ON ALL TABLES IN SCHEMA public TO "{role}";
            GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO "{role}"; GRANT EXECUTE ON FUNCTION pg_control_system() TO "{role}\"""")
        yield renamed(database, user=role)
        psql(database, f'DROP OWNED BY "{role}"; DROP ROLE "{role}"')

    def test_with_a_connection_for_each_worker_serves_all(self, limited, new_stack):
        service = new_stack(limited, HTTP_WORKERS=2).service()
        # Whichever worker takes a connection, it has one to the database or soon will.
        wait_until(lambda: self.statuses(service, 24) == {200}, 10, "both workers serve")
        for _ in range(3):
            assert self.statuses(service, 24) == {200}
        with service.admin() as admin:
            assert admin.get("/readyz").status == 200

    def statuses(self, service, count):
        clients = [service.client() for _ in range(count)]
        found = {client.get(f"/v1/products?count=exact&id[gt]={time.monotonic_ns()}").status for client in clients}
        for client in clients:
            client.close()
        return found

    def test_with_fewer_makes_the_service_not_ready_and_says_which_worker(self, limited, new_stack):
        service = new_stack(limited, HTTP_WORKERS=4).service(ready=False)
        with service.admin() as admin:
            def reasons():
                answer = admin.get("/readyz")
                return answer.body.decode() if answer.status == 503 else None

            found = wait_until(reasons, 10, "it is not ready")
            assert "of 4: the database has no connection left" in found and found.startswith("worker"), found


def test_a_connection_that_does_nothing_is_given_back(new_stack):
    stack = new_stack(redis=False, HTTP_WORKERS=1, DATABASE_IDLE_SECONDS=1)
    client = stack.client()
    for _ in range(5):
        assert client.get(f"/v1/products?count=exact&id[gt]={time.monotonic_ns()}").status == 200
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'larder' AND datname = current_database()"
    assert value(stack.database, count) != "0"
    wait_until(lambda: value(stack.database, count) == "0", 8, "all are given back", every=0.2)
    assert client.get("/v1/categories/count").status == 200
    warnings = [line for line in stack.first.log.read_text().splitlines() if '"warning"' in line or '"error"' in line]
    assert warnings == []


class TestTrouble:
    """A trigger raises what the server would, because a full disk cannot be had for a test."""

    @pytest.fixture
    def stack(self, new_stack):
        return new_stack(HTTP_WORKERS=1, LOG_LEVEL="debug")

    def raising(self, code):
        return f"""
            CREATE FUNCTION raising() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = '{code}'; END $$;
            CREATE TRIGGER raising BEFORE INSERT ON categories EXECUTE FUNCTION raising()"""

    @pytest.mark.parametrize("code, words", [("53100", "disk is full"), ("53200", "out of memory"), ("58030", "refuses to write")])
    def test_of_the_server_is_503_and_told_by_readiness_and_the_log(self, stack, code, words):
        client = stack.client()
        psql(stack.database, self.raising(code))
        for _ in range(3):
            answer = client.post("/v1/categories", {"name": rows.unique("category")})
            assert "takes no writes" in expect.problem(answer, 503)["detail"]
            assert answer.header("Retry-After")
        assert client.get("/v1/categories/count").status == 200
        with stack.first.admin() as admin:
            answer = admin.get("/readyz")
            assert answer.status == 503 and words in answer.body.decode(), answer
        psql(stack.database, "DROP FUNCTION raising CASCADE")
        rows.category(client)
        log = stack.first.log.read_text()
        assert log.count('"PostgreSQL does not write"') == 1, log

    def test_is_the_databases_in_the_words_of_commands(self, stack, tmp_path):
        file = tmp_path / "categories.csv"
        file.write_text("id,name\n1,one\n")
        psql(stack.database, self.raising("53100"))
        done = larder.run("import", "categories", file, **stack.settings)
        sentence(done, 1, "The database ", "could not extend file", "53100")
        assert "Redis" not in done.stderr, done

    def test_of_missing_tables_is_the_databases_too(self, database, stack, tmp_path):
        file = tmp_path / "categories.csv"
        file.write_text("id,name\n1,one\n")
        done = larder.run("import", "categories", file, **stack.settings | {"DATABASE_URL": database})
        sentence(done, 1, "The database ", "larder migrate")
        assert "Redis" not in done.stderr, done


def test_a_database_that_becomes_read_only_is_503_and_not_ready_until_it_is_not(new_stack):
    stack = new_stack(HTTP_WORKERS=1)
    client = stack.client()
    category = rows.category(client)
    path = f"/v1/categories/{category['id']}"
    wait_for_hit(client, path)
    # For new sessions; those that there are find out when they are ended.
    psql(stack.database, f'ALTER DATABASE "{database_name(stack.database)}" SET default_transaction_read_only = on')
    ours = f"application_name = 'larder' AND datname = '{database_name(stack.database)}'"
    psql(stack.database, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {ours}")
    with stack.first.admin() as admin:
        wait_until(lambda: admin.get("/readyz").status == 503, 10, "it is not ready")
        assert "takes no writes" in admin.get("/readyz").body.decode()
        answer = client.patch(path, {"name": rows.unique("category")})
        expect.problem(answer, 503)
        assert answer.header("Retry-After")
        assert client.get(path).json() == category
        database = database_name(stack.database)
        psql(renamed(stack.database, database="postgres"), f'ALTER DATABASE "{database}" RESET default_transaction_read_only')
        wait_until(lambda: admin.get("/readyz").status == 200, 15, "it is ready again")
    assert client.patch(path, {"name": rows.unique("category")}).status == 200


class TestInterrupted:
    """By Ctrl-C, or by whoever runs the command."""

    SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"

    @pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_a_migration_ends_in_the_database_too(self, database, tmp_path, number, status):
        (tmp_path / "0001_a.sql").write_text(
            "-- migrate:up\nCREATE TABLE apples (a int);\nSELECT pg_sleep(60);\n-- migrate:down\nDROP TABLE apples;\n")
        command = larder.start("migrate", "up", DATABASE_URL=database, MIGRATIONS_DIR=tmp_path)
        wait_until(lambda: value(database, self.SLEEPING) == "1", 20, "the migration runs")
        command.send_signal(number)
        done = larder.finish(command, 10)
        sentence(done, status, "0001_a.sql:3: ", "rolled back")
        assert value(database, self.SLEEPING) == "0"
        locks = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid <> pg_backend_pid()"
        wait_until(lambda: value(database, locks) == "0", 5, "nobody else is kept waiting")

    @pytest.mark.parametrize("command", ["import", "seed"])
    def test_a_command_that_writes_ends_in_the_database_too(self, new_stack, tmp_path, command):
        stack = new_stack(DATABASE_WRITE_SECONDS=60)
        file = tmp_path / "categories.csv"
        file.write_text("id,name\n1,one\n2,two\n")
        with Session(stack.database) as session:
            session.run("BEGIN")
            session.run("LOCK TABLE categories IN SHARE ROW EXCLUSIVE MODE")
            arguments = ["import", "categories", file] if command == "import" else ["seed"]
            running = larder.start(*arguments, **stack.settings)
            wait_until(lambda: value(stack.database, self.WAITING) == "1", 20, "it waits for the table")
            running.send_signal(signal.SIGINT)
            sentence(larder.finish(running, 10), 130, "Interrupted")
            assert value(stack.database, self.WAITING) == "0"

    @pytest.fixture
    def start_import(self):
        """Starts an import of categories from a file, whose end the test need not see."""
        commands = []

        def start(stack, file, **options):
            commands.append(larder.start("import", "categories", file, **options, **stack.settings))
            return commands[-1]

        yield start
        for command in commands:
            command.kill()
            command.wait()

    @pytest.mark.parametrize("text", ["", "id,na"], ids=["nothing", "half a header"])
    @pytest.mark.parametrize("number, status", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
    def test_an_import_from_what_keeps_silent_ends_at_once(self, stack, start_import, number, status, text):
        command = start_import(stack, "-", stdin=subprocess.PIPE)
        command.stdin.write(text)
        command.stdin.flush()
        time.sleep(0.5)
        command.send_signal(number)
        # The other end stays open: it is the signal that ends it.
        assert command.wait(3) == status
        assert command.stderr.read() == "larder: Interrupted before anything was written.\n"

    def test_an_import_from_a_pipe_that_nobody_writes_to_ends_at_once(self, stack, start_import, tmp_path):
        os.mkfifo(tmp_path / "categories.csv")
        command = start_import(stack, tmp_path / "categories.csv")
        time.sleep(0.5)
        command.send_signal(signal.SIGINT)
        assert command.wait(3) == 130

    def test_an_import_whose_producer_stalls_keeps_what_was_written(self, new_stack, start_import):
        stack = new_stack()
        command = start_import(stack, "-", stdin=subprocess.PIPE)
        command.stdin.write("name\n" + "".join(f"{'x' * 80}{number}\n" for number in range(5_000)))
        command.stdin.flush()
        count = "SELECT count(*) FROM categories"
        wait_until(lambda: int(value(stack.database, count)) >= 1_000, 20, "the first rows are written")
        command.send_signal(signal.SIGINT)
        assert command.wait(3) == 130
        assert command.stderr.read().startswith("larder: Interrupted: what was written before stays")
        assert int(value(stack.database, count)) % 500 == 0

    def test_one_that_waits_for_a_database_ends_at_once(self):
        command = larder.start("migrate", "wait", DATABASE_URL="postgresql://larder@/nothing?host=/nowhere")
        time.sleep(0.5)
        command.send_signal(signal.SIGINT)
        assert larder.finish(command, 5).status == 130
