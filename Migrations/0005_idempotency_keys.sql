-- The answers to requests with an Idempotency-Key. Each is committed together with the effect of its request, and is
-- dropped after its time by later ones.

-- migrate:up
CREATE TABLE idempotency_keys (
    key text COLLATE "C" PRIMARY KEY,
    -- A digest of the request.
    request text COLLATE "C" NOT NULL,
    status bigint NOT NULL,
    fields text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- migrate:down
DROP TABLE idempotency_keys;
