-- The lives of cache servers that instances of Larder have used, by which an instance knows whether a cache that it
-- meets is new while writers that announced themselves to another one may still commit.

-- migrate:up
CREATE TABLE cache_keyspaces (
    name text COLLATE "C" PRIMARY KEY,
    first_seen timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- migrate:down
DROP TABLE cache_keyspaces;
