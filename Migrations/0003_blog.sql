-- The blog: users, articles and comments. Their ids are made by the service (UUID version 7), so they need no sequence.

-- migrate:up
CREATE TABLE users (
    id uuid PRIMARY KEY,
    name text COLLATE "C" NOT NULL,
    email text COLLATE "C" NOT NULL CONSTRAINT users_email_key UNIQUE,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE articles (
    id uuid PRIMARY KEY,
    title text COLLATE "C" NOT NULL,
    body text COLLATE "C" NOT NULL,
    author_id uuid NOT NULL CONSTRAINT articles_author_id_fkey REFERENCES users,
    status text COLLATE "C" NOT NULL CHECK (status IN ('draft', 'published')),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX articles_author_id_idx ON articles (author_id, id);
CREATE INDEX articles_created_at_idx ON articles (created_at, id);

CREATE TABLE comments (
    id uuid PRIMARY KEY,
    article_id uuid NOT NULL CONSTRAINT comments_article_id_fkey REFERENCES articles,
    author_id uuid NOT NULL CONSTRAINT comments_author_id_fkey REFERENCES users,
    body text COLLATE "C" NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    version bigint NOT NULL DEFAULT 1
);
CREATE INDEX comments_article_id_idx ON comments (article_id, id);
CREATE INDEX comments_author_id_idx ON comments (author_id, id);

-- migrate:down
DROP TABLE comments;
DROP TABLE articles;
DROP TABLE users;
