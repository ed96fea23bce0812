"""Migrations: forth and back, two runners at once, and what went wrong in between."""

import json
import pathlib
import time

import pytest

from support import larder, run
from support.servers import Postgres, Session, rows, value

FILES = {
    "0001_apples.sql": ("CREATE TABLE apples (id int)", "DROP TABLE apples"),
    "0002_pears.sql": ("CREATE TABLE pears (id int);\nCREATE INDEX pears_id ON pears (id)", "DROP TABLE pears"),
    "0003_plums.sql": ("CREATE TABLE plums (id int)", "DROP TABLE plums"),
}
# What a file says in its first line that must run outside a transaction.
ALONE = "-- migrate:up transaction:false"


@pytest.fixture
def folder(tmp_path):
    for name, (up, down) in FILES.items():
        write(tmp_path, name, up, down)
    return tmp_path


def write(folder, name, up, down="SELECT 1", first="-- migrate:up"):
    (pathlib.Path(folder) / name).write_text(f"{first}\n{up};\n\n-- migrate:down\n{down};\n")


@pytest.fixture
def migrate(folder, database):
    def migrate(*arguments, status=0, **settings):
        done = larder.run("migrate", *arguments, **{"DATABASE_URL": database, "MIGRATIONS_DIR": folder} | settings)
        assert done.status == status, done
        return done
    return migrate


@pytest.fixture
def tables(database):
    def tables():
        wanted = "SELECT table_name FROM information_schema.tables WHERE table_name IN ('apples', 'pears', 'plums') ORDER BY 1"
        return [row[0] for row in rows(database, wanted)]
    return tables


class TestUp:
    def test_it_applies_what_is_pending_and_then_nothing(self, migrate, tables):
        migrate("up")
        assert tables() == ["apples", "pears", "plums"]
        migrate("up")
        migrate("status", "--exit-code")

    def test_it_stops_where_it_is_told(self, migrate, tables):
        migrate("up", "--to", "0002")
        assert tables() == ["apples", "pears"]

    def test_a_dry_run_says_what_it_would_do_and_does_nothing(self, migrate, tables):
        done = migrate("up", "--dry-run")
        assert all(name.removesuffix(".sql") in done.stdout for name in FILES), done
        assert tables() == []
        migrate("status", "--exit-code", status=3)

    def test_the_schema_of_the_service_goes_up_and_down_and_up(self, database):
        settings = {"DATABASE_URL": database}
        for arguments in (["up"], ["down", "--steps", "2"], ["up"], ["redo"], ["verify"], ["status", "--exit-code"]):
            done = larder.run("migrate", *arguments, **settings)
            assert done.status == 0, done

    def test_the_folder_is_migrations_in_the_present_one(self, database, folder, tables):
        (run.folder() / "Migrations").mkdir()
        write(run.folder() / "Migrations", "0001_plums.sql", "CREATE TABLE plums (id int)")
        done = larder.run("migrate", "up", DATABASE_URL=database, MIGRATIONS_DIR=None)
        assert done.status == 0 and tables() == ["plums"], done


class TestDown:
    @pytest.fixture(autouse=True)
    def applied(self, migrate):
        migrate("up")

    def test_it_takes_back_the_last(self, migrate, tables):
        migrate("down")
        assert tables() == ["apples", "pears"]

    def test_it_takes_back_several(self, migrate, tables):
        migrate("down", "--steps", "2")
        assert tables() == ["apples"]

    def test_it_takes_back_all_after_a_version(self, migrate, tables):
        migrate("down", "--to", "0001")
        assert tables() == ["apples"]

    def test_redo_takes_back_the_last_and_applies_it_again(self, migrate, tables, database):
        rows(database, "INSERT INTO apples VALUES (1); INSERT INTO plums VALUES (1)")
        migrate("redo")
        assert tables() == ["apples", "pears", "plums"]
        assert value(database, "SELECT count(*) FROM plums") == "0"
        assert value(database, "SELECT count(*) FROM apples") == "1"


class TestStatus:
    def test_it_names_each_file(self, migrate):
        migrate("up", "--to", "0002")
        text = migrate("status").stdout
        assert all(name.removesuffix(".sql") in text for name in FILES)

    def test_json_is_json_and_names_each_file(self, migrate):
        migrate("up", "--to", "0002")
        text = migrate("status", "--json").stdout
        json.loads(text)
        assert all(name.removesuffix(".sql").partition("_")[2] in text for name in FILES)

    def test_the_exit_status_tells_only_if_it_is_asked(self, migrate):
        migrate("status")
        migrate("status", "--exit-code", status=3)
        migrate("status", "--json", "--exit-code", status=3)
        migrate("up")
        migrate("status", "--exit-code")


class TestFiles:
    def test_create_makes_the_next(self, migrate, folder):
        migrate("create", "add_cherries")
        made = folder / "0004_add_cherries.sql"
        assert "migrate:up" in made.read_text() and "migrate:down" in made.read_text()

    def test_an_edited_one_is_noticed(self, migrate, folder):
        migrate("up")
        migrate("verify")
        write(folder, "0002_pears.sql", "CREATE TABLE pears (id bigint)", "DROP TABLE pears")
        assert "0002" in migrate("verify", status=1).stderr

    def test_one_that_is_gone_is_noticed(self, migrate, folder):
        migrate("up")
        (folder / "0002_pears.sql").unlink()
        assert "0002" in migrate("verify", status=1).stderr

    def test_a_lower_number_than_the_last_is_reported_and_not_skipped(self, migrate, folder, tables, database):
        (folder / "0002_pears.sql").rename(folder / "later")
        migrate("up")
        (folder / "later").rename(folder / "0002_pears.sql")
        done = larder.run("migrate", "up", DATABASE_URL=database, MIGRATIONS_DIR=folder)
        assert "0002" in done.stdout + done.stderr, done
        assert done.status == 1 or "pears" in tables(), done

    def test_two_of_one_number_are_reported(self, migrate, folder):
        write(folder, "0003_prunes.sql", "SELECT 1")
        assert "0003" in migrate("up", status=1).stderr

    def test_one_without_its_parts_is_reported(self, migrate, folder):
        (folder / "0004_nothing.sql").write_text("CREATE TABLE cherries (id int);\n")
        assert "0004" in migrate("up", status=1).stderr

    def test_baseline_takes_them_as_applied_without_running_them(self, migrate, tables):
        migrate("baseline", "0002")
        assert tables() == []
        migrate("status", "--exit-code", status=3)
        migrate("up")
        assert tables() == ["plums"]


class TestFailures:
    def test_one_that_fails_leaves_nothing_of_itself_and_keeps_those_before(self, migrate, folder, tables):
        write(folder, "0003_plums.sql", "CREATE TABLE plums (id int);\nSELECT 1 / 0")
        done = migrate("up", status=1)
        assert "0003" in done.stderr and "division by zero" in done.stderr
        assert tables() == ["apples", "pears"]
        write(folder, "0003_plums.sql", *FILES["0003_plums.sql"])
        migrate("up")
        assert tables() == ["apples", "pears", "plums"]

    def test_without_a_database_there_is_nothing_to_migrate(self, migrate):
        assert "DATABASE_URL" in migrate("up", DATABASE_URL=None, status=2).stderr

    def test_a_database_that_is_not_there_is_told_without_the_password(self, migrate):
        done = migrate("up", DATABASE_URL="postgresql://larder:s3cret@127.0.0.1:1/nothing", status=1)
        assert done.stderr.strip() and "s3cret" not in done.stderr


class TestTwoRunners:
    @pytest.mark.parametrize("first", ["-- migrate:up", ALONE], ids=["in a transaction", "outside"])
    def test_they_wait_for_each_other(self, folder, database, migrate, first):
        up = "CREATE INDEX CONCURRENTLY apples_id ON apples (id)" if first == ALONE else "SELECT pg_sleep(1)"
        write(folder, "0004_slow.sql", up, first=first)
        write(folder, "0005_cherries.sql", "CREATE TABLE cherries (id int)")
        settings = {"DATABASE_URL": database, "MIGRATIONS_DIR": folder}
        runners = [larder.start("migrate", "up", **settings) for _ in range(3)]
        for done in [larder.finish(runner, 30) for runner in runners]:
            assert done.status == 0, done
        migrate("status", "--exit-code")

    def test_one_waits_as_long_as_the_other_takes(self, folder, database):
        write(folder, "0004_slow.sql", "SELECT pg_sleep(2)")
        settings = {"DATABASE_URL": database, "MIGRATIONS_DIR": folder}
        first = larder.start("migrate", "up", **settings)
        run.wait_until(
            lambda: value(database, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'") == "1", 20,
            "the slow migration runs")
        began = time.monotonic()
        assert larder.run("migrate", "up", **settings).status == 0
        assert time.monotonic() - began > 0.5
        assert larder.finish(first).status == 0


class TestOutsideATransaction:
    def test_an_index_may_be_built_beside_others_work(self, folder, migrate, database):
        write(folder, "0004_index.sql", "CREATE INDEX CONCURRENTLY apples_id ON apples (id)", first=ALONE)
        migrate("up")
        assert value(database, "SELECT count(*) FROM pg_indexes WHERE indexname = 'apples_id'") == "1"

    def test_one_that_was_interrupted_is_recognised_and_explained(self, folder, migrate, database):
        write(folder, "0004_index.sql", "CREATE INDEX CONCURRENTLY apples_id ON apples (id)", first=ALONE)
        migrate("up", "--to", "0003")
        with Session(database) as session:
            # A concurrent build waits for this, and is killed while it waits.
            session.run("BEGIN")
            session.run("INSERT INTO apples VALUES (1)")
            runner = larder.start("migrate", "up", DATABASE_URL=database, MIGRATIONS_DIR=folder)
            run.wait_until(
                lambda: value(database, "SELECT count(*) FROM pg_index WHERE NOT indisvalid") == "1", 20, "the index is being built")
            runner.kill()
            runner.communicate()
            rows(database, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'CREATE INDEX CONC%'")
        done = migrate("up", status=1)
        assert "0004" in done.stderr and len(done.stderr.split()) > 8, done
        migrate("status", "--exit-code", status=3)


class TestWait:
    def test_a_database_that_is_there_is_not_waited_for(self, migrate):
        began = time.monotonic()
        migrate("wait")
        assert time.monotonic() - began < 5

    def test_one_that_does_not_come_ends_the_patience(self, migrate):
        began = time.monotonic()
        done = migrate("wait", "--timeout", "2", DATABASE_URL="postgresql://larder@127.0.0.1:1/nothing", status=1)
        assert done.stderr.strip() and 1.5 < time.monotonic() - began < 6

    def test_one_that_comes_is_waited_for(self):
        server = Postgres()
        try:
            server.stop()
            waiting = larder.start("migrate", "wait", "--timeout", "30", DATABASE_URL=server.uri())
            time.sleep(0.7)
            assert waiting.poll() is None
            server.start()
            assert larder.finish(waiting, 15).status == 0
        finally:
            server.close()
