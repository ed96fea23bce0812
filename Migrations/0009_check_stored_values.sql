-- Looks whether the rows that are there keep the constraints of the migration before. The tables are read; nobody waits for that.
--
-- A row that breaks one is no reason to stop: it is named by a warning, and its constraint holds for new values alone (NOT VALID)
-- until somebody has replaced or deleted the row and runs ALTER TABLE ... VALIDATE CONSTRAINT.
--
-- It looks at all such checks of the schema, also at those of other programs: see docs/operation.md. The part below was applied to
-- databases, whose history has its digest, so it stays as it is.

-- migrate:up
DO $$
DECLARE
    broken record;
    rows text;
BEGIN
    FOR broken IN
        SELECT c.conname AS name, c.conrelid::regclass AS tab, pg_get_expr(c.conbin, c.conrelid) AS rule,
            (SELECT string_agg(format('%I', a.attname), ', ' ORDER BY k.place)
             FROM pg_index i, unnest(i.indkey::int2[]) WITH ORDINALITY k (attnum, place), pg_attribute a
             WHERE i.indrelid = c.conrelid AND i.indisprimary AND a.attrelid = i.indrelid AND a.attnum = k.attnum) AS key
        FROM pg_constraint c
        WHERE c.contype = 'c' AND NOT c.convalidated AND c.connamespace = current_schema()::regnamespace
        ORDER BY c.conrelid::regclass::text, c.conname
    LOOP
        BEGIN
            EXECUTE format('ALTER TABLE %s VALIDATE CONSTRAINT %I', broken.tab, broken.name);
        EXCEPTION WHEN check_violation THEN
            EXECUTE format(
                'SELECT string_agg(key, '', '') FROM (SELECT concat_ws(''/'', %s) AS key FROM %s WHERE NOT (%s) ORDER BY %s LIMIT 10) r',
                broken.key, broken.tab, broken.rule, broken.key) INTO rows;
            RAISE WARNING '% is broken by these % (ten at most are named): %. Replace or delete them, then run ALTER TABLE % VALIDATE CONSTRAINT %.',
                broken.name, broken.tab, rows, broken.tab, broken.name;
        END;
    END LOOP;
END
$$;

-- migrate:down
-- A constraint that was found to hold may stay marked so.
DO $$ BEGIN END $$;
