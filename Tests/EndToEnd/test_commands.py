"""The program on the command line: help, configuration, and looking after the cache."""

import socket
import time

import pytest

from support import larder, rows
from support.larder import free_port
from support.stack import wait_for_hit

COMMANDS = ["serve", "migrate", "import", "cache", "config", "version", "help"]


def is_one_complaint(done, status):
    """On standard error, and nothing on standard output for a script to take for a result."""
    assert done.status == status, done
    assert done.stdout == "", done
    assert done.stderr.strip(), done
    assert "Fatal error" not in done.stderr and ".swift" not in done.stderr, done


class TestHelp:
    def test_version(self):
        done = larder.run("version")
        assert done.status == 0 and any(character.isdigit() for character in done.stdout), done

    def test_help_lists_the_commands(self):
        done = larder.run("help")
        assert done.status == 0 and done.stderr == "", done
        for command in COMMANDS:
            assert command in done.stdout

    @pytest.mark.parametrize("command", COMMANDS)
    def test_help_of_each_command(self, command):
        done = larder.run("help", command)
        assert done.status == 0 and command in done.stdout, done

    def test_help_of_migrate_and_cache_names_what_they_can(self):
        words = {
            "migrate": ["up", "down", "redo", "status", "create", "verify", "baseline", "wait", "--dry-run", "--exit-code"],
            "cache": ["stats", "inspect", "invalidate", "warm", "clear"], "import": ["--map"],
        }
        for command, expected in words.items():
            text = larder.run("help", command).stdout
            assert [word for word in expected if word not in text] == []


class TestWrongUsage:
    @pytest.mark.parametrize("arguments", [
        ["bake"], ["bake", "--help"], ["help", "bake"], ["serve", "--fast"], ["version", "please"],
        ["migrate"], ["migrate", "sideways"], ["migrate", "up", "--sideways"], ["migrate", "up", "--to"],
        ["migrate", "down", "--steps", "many"], ["migrate", "down", "--steps", "1", "--to", "1"], ["migrate", "create"],
        ["migrate", "baseline"], ["migrate", "wait", "--timeout", "long"],
        ["import"], ["import", "products"], ["import", "apples", "apples.csv"], ["import", "products", "x.csv", "--map"],
        ["import", "products", "x.csv", "--map", "a"],
        ["cache"], ["cache", "melt"], ["cache", "inspect"], ["cache", "invalidate"],
    ], ids=" ".join)
    def test_it_is_told_and_the_status_is_2(self, arguments, database):
        is_one_complaint(larder.run(*arguments, DATABASE_URL=database), 2)


class TestConfig:
    def test_it_shows_what_is_in_force(self):
        done = larder.run("config", HTTP_PORT=18080, CACHE_TTL_SECONDS=77, SALES_TAX_PERCENT="7.5")
        assert done.status == 0, done
        lines = done.stdout.splitlines()
        for name, value in [("HTTP_PORT", "18080"), ("CACHE_TTL_SECONDS", "77"), ("SALES_TAX_PERCENT", "7.5"),
                            ("ADMIN_PORT", "8081"), ("CACHE_FRESHNESS", "strict"), ("HTTP_MAX_BODY_BYTES", "1048576")]:
            assert any(name in line and value in line for line in lines), (name, done)

    @pytest.mark.parametrize("url", [
        "postgresql://larder:s3cret@db.example/shop", "host=db.example user=larder password=s3cret dbname=shop",
        "postgresql://db.example/shop?password=s3cret&user=larder", "password = 's3cret' host=db.example",
    ])
    def test_it_keeps_the_databases_password_to_itself(self, url):
        done = larder.run("config", DATABASE_URL=url)
        assert done.status == 0, done
        assert "s3cret" not in done.stdout + done.stderr and "db.example" in done.stdout

    @pytest.mark.parametrize("name, url", [
        ("DATABASE_URL", '"postgresql://larder:s3cret@db.example/shop"'), ("DATABASE_URL", "postgresql://larder:p@s3cret@db.example/shop"),
        ("DATABASE_URL", "postgresql://larder:1/s3cret@db.example/shop"), ("DATABASE_URL", "'host=db.example password=s3cret'"),
        ("DATABASE_URL", "host=db.example password=a s3cret"), ("DATABASE_URL", "host=larder:s3cret@db.example"),
        ("REDIS_URL", '"redis://larder:s3cret@cache.example"'), ("REDIS_URL", "redis://larder:s3cret"), ("REDIS_URL", "s3cret://x"),
    ])
    @pytest.mark.parametrize("command", ["config", "serve", "migrate up"])
    def test_a_url_that_is_not_understood_is_named_and_not_shown(self, command, name, url):
        done = larder.run(*command.split(), **{name: url})
        is_one_complaint(done, 2)
        assert "s3cret" not in done.stderr and name in done.stderr and "expected" in done.stderr, done

    @pytest.mark.parametrize("name, url", [
        ("DATABASE_URL", "postgresql://larder@db.example/shop"), ("REDIS_URL", "redis://cache.example:6379/0")])
    @pytest.mark.parametrize("end", ["\n", " ", "\r\n"])
    def test_blanks_and_line_ends_around_a_url_do_not_count(self, name, url, end):
        done = larder.run("config", **{name: url + end})
        assert done.status == 0 and f"{name}={url}\n" in done.stdout, done

    def test_a_choice_in_the_databases_url_that_libpq_does_not_know_is_told(self):
        done = larder.run("config", DATABASE_URL="postgresql://db.example/shop?sslmode=bogus")
        is_one_complaint(done, 2)
        assert "sslmode" in done.stderr and "verify-full" in done.stderr and "bogus" not in done.stderr, done

    def test_it_keeps_the_password_of_redis_to_itself(self):
        done = larder.run("config", REDIS_URL="redis://user:s3cret@cache.example:6379/2")
        assert done.status == 0, done
        assert "s3cret" not in done.stdout + done.stderr and "cache.example" in done.stdout

    # Each with what is expected instead, where there is a list of it.
    WRONG = {
        "HTTP_PORT": ("eighty", ""), "ADMIN_PORT": ("70000", ""), "CACHE": ("maybe", "off"), "CACHE_TTL_SECONDS": ("5 minutes", ""),
        "CACHE_TTL_PRODUCTS_SECONDS": ("soon", ""), "CACHE_FRESHNESS": ("rather", "strict"), "CACHE_MEMORY_MB": ("-1", ""),
        "HTTP_WORKERS": ("0.5", ""), "HTTP_MAX_BODY_BYTES": ("1MB", ""), "HTTP_IDLE_SECONDS": ("1m", ""),
        "DATABASE_POOL_SIZE": ("few", ""), "API_AUTH": ("perhaps", "token"), "SALES_TAX_PERCENT": ("eight", ""),
        "LOG_LEVEL": ("loud", "info"), "LOG_FORMAT": ("poem", "json"),
    }

    @pytest.mark.parametrize("command", ["config", "serve"])
    def test_all_that_is_wrong_is_told_at_once(self, command):
        done = larder.run(command, **{name: value for name, (value, _) in self.WRONG.items()})
        is_one_complaint(done, 2)
        for name, (value, expected) in self.WRONG.items():
            lines = [line for line in done.stderr.splitlines() if name in line]
            assert any(value in line and expected in line for line in lines), (name, done.stderr)
            # It says more than the name and the value: what is expected.
            assert any(len(line) > len(name) + len(value) + 12 for line in lines), (name, done.stderr)

    @pytest.mark.parametrize("name, value", [
        ("DATABASE_URL", "mysql://db.example/shop"), ("REDIS_URL", "http://cache.example"), ("REDIS_URL", "redis://cache:port/x"),
        ("HTTP_PORT", ""), ("CACHE_TTL_SECONDS", "1e3"), ("CACHE_TTL_SECONDS", "99999999999999999999"),
    ])
    def test_a_value_is_never_replaced_by_a_default_in_silence(self, name, value):
        done = larder.run("config", **{name: value})
        if value == "" and done.status == 0:
            # An empty variable may stand for one that is not set.
            return
        is_one_complaint(done, 2)
        assert name in done.stderr

    def test_listening_to_others_needs_a_decision(self):
        done = larder.run("config", HTTP_HOST="0.0.0.0")
        is_one_complaint(done, 2)
        assert "API_AUTH" in done.stderr
        assert larder.run("config", HTTP_HOST="0.0.0.0", API_AUTH="off").status == 0

    def test_a_port_that_is_taken_ends_the_service_with_a_sentence(self):
        port = free_port()
        with socket.create_server(("127.0.0.1", port)):
            done = larder.run("serve", HTTP_PORT=port, ADMIN_PORT=free_port(), timeout=15)
        assert done.status == 1 and str(port) in done.stderr, done


class TestCache:
    @pytest.fixture
    def run(self, stack):
        def run(*arguments):
            done = larder.run("cache", *arguments, **stack.settings)
            assert done.status == 0, done
            return done.stdout
        return run

    @pytest.fixture
    def paths(self, api):
        """Of two cached products, and of a cached list and a count."""
        products = [rows.product(api) for _ in range(2)]
        paths = [f"/v1/products/{row['id']}" for row in products] + ["/v1/products", "/v1/products/count"]
        for path in paths:
            wait_for_hit(api, path)
        return paths

    def test_stats_tell_something(self, run, paths):
        assert run("stats").strip()

    def test_inspect_tells_of_a_tag(self, run, paths):
        assert "products" in run("inspect", "products")

    def test_inspect_of_what_nobody_knows_is_no_failure(self, run):
        run("inspect", "apples")

    def test_what_depends_on_an_invalidated_tag_is_loaded_anew_and_the_rest_is_not(self, run, api, paths):
        number = paths[0].rsplit("/", 1)[1]
        run("invalidate", f"products:{number}")
        assert not api.get(paths[0]).is_hit
        assert all(api.get(path).is_hit for path in paths[1:])
        run("invalidate", "products", "categories")
        assert not api.get(paths[2]).is_hit and not api.get(paths[3]).is_hit
        assert api.get(paths[1]).is_hit

    def test_clear_makes_all_be_loaded_anew(self, run, api, paths):
        run("clear")
        assert [path for path in paths if api.get(path).is_hit] == []
        for path in paths:
            wait_for_hit(api, path)

    def test_without_redis_there_is_nothing_to_look_after(self, stack):
        done = larder.run("cache", "stats", DATABASE_URL=stack.database)
        assert done.status in (1, 2) and "REDIS_URL" in done.stderr, done

    def test_a_redis_that_is_not_there_is_told(self, stack):
        began = time.monotonic()
        done = larder.run("cache", "stats", DATABASE_URL=stack.database, REDIS_URL="unix:///nowhere/redis.sock")
        is_one_complaint(done, 1)
        assert "unix:///nowhere/redis.sock cannot be used: it cannot be reached" in done.stderr, done
        assert time.monotonic() - began < 4
