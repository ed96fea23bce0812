-- What has to be unique is compared when a statement has ended, or later in a transaction that asks for it, so that rows can exchange
-- their values: an import of a file in which two names have changed places.

-- migrate:up
ALTER TABLE categories
    DROP CONSTRAINT categories_name_key, ADD CONSTRAINT categories_name_key UNIQUE (name) DEFERRABLE;
ALTER TABLE customers
    DROP CONSTRAINT customers_email_key, ADD CONSTRAINT customers_email_key UNIQUE (email) DEFERRABLE,
    DROP CONSTRAINT customers_username_key, ADD CONSTRAINT customers_username_key UNIQUE (username) DEFERRABLE;
ALTER TABLE users
    DROP CONSTRAINT users_email_key, ADD CONSTRAINT users_email_key UNIQUE (email) DEFERRABLE;
ALTER TABLE applications
    DROP CONSTRAINT applications_name_key, ADD CONSTRAINT applications_name_key UNIQUE (name) DEFERRABLE;

-- migrate:down
ALTER TABLE categories
    DROP CONSTRAINT categories_name_key, ADD CONSTRAINT categories_name_key UNIQUE (name);
ALTER TABLE customers
    DROP CONSTRAINT customers_email_key, ADD CONSTRAINT customers_email_key UNIQUE (email),
    DROP CONSTRAINT customers_username_key, ADD CONSTRAINT customers_username_key UNIQUE (username);
ALTER TABLE users
    DROP CONSTRAINT users_email_key, ADD CONSTRAINT users_email_key UNIQUE (email);
ALTER TABLE applications
    DROP CONSTRAINT applications_name_key, ADD CONSTRAINT applications_name_key UNIQUE (name);
