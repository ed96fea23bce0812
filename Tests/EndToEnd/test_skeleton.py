"""`larder migrate create --resource`: a table from a declaration."""

import re

from support import databases, larder
from support.servers import rows
from test_seed import TABLES

COLUMNS = """
    SELECT column_name, data_type, is_nullable, collation_name, numeric_precision, numeric_scale, column_default, is_identity
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '{}' ORDER BY column_name"""
CONSTRAINTS = """
    SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = '{}'::regclass AND contype <> 'n' ORDER BY 1"""

INDEXES = "SELECT indexdef FROM pg_indexes WHERE tablename = '{}' AND indexname <> 'deployments_environment_idx' ORDER BY 1"


def test_it_makes_the_tables_that_there_are(tmp_path):
    for table in TABLES:
        done = larder.run("migrate", "create", table, "--resource", table, MIGRATIONS_DIR=tmp_path)
        assert done.status == 0, done
    made, wanted = databases.empty(), databases.migrated()
    assert larder.run("migrate", "up", DATABASE_URL=made, MIGRATIONS_DIR=tmp_path).status == 0
    for table in [*TABLES, "order_lines"]:
        for query in (COLUMNS, CONSTRAINTS, INDEXES):
            assert rows(made, query.format(table)) == rows(wanted, query.format(table))
    back = larder.run("migrate", "down", "--steps", str(len(TABLES)), DATABASE_URL=made, MIGRATIONS_DIR=tmp_path)
    assert back.status == 0, back


def test_it_knows_only_what_is_declared(tmp_path):
    done = larder.run("migrate", "create", "gadgets", "--resource", "gadgets", MIGRATIONS_DIR=tmp_path)
    assert done.status == 2 and re.search('no resource "gadgets"; expected is one of categories,', done.stderr)
    assert not list(tmp_path.iterdir())
