-- What the declarations of the fields say of their values: lengths, ranges, and times that the calendar of the API has. So nobody
-- who writes past the service can store what the service could not show: 'infinity', 'NaN', a date BC.
--
-- A constraint of a field is called TABLE_FIELD_check, by which an error names the field, and a test holds it to the declaration.
-- NOT VALID: it is kept by what is written from now on, and the tables are not read, so nobody waits. The next migration looks
-- at the rows that are there.

-- migrate:up
ALTER TABLE categories
    ADD CONSTRAINT categories_name_check CHECK (char_length(name) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT categories_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT categories_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE products
    ADD CONSTRAINT products_title_check CHECK (char_length(title) BETWEEN 1 AND 200) NOT VALID,
    ADD CONSTRAINT products_actor_check CHECK (char_length(actor) BETWEEN 0 AND 200) NOT VALID,
    ADD CONSTRAINT products_price_check CHECK (price BETWEEN 0.00 AND 999999999999.99) NOT VALID,
    ADD CONSTRAINT products_stock_check CHECK (stock BETWEEN 0 AND 1000000000) NOT VALID,
    ADD CONSTRAINT products_sold_check CHECK (sold BETWEEN 0 AND 1000000000) NOT VALID,
    ADD CONSTRAINT products_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT products_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE customers
    ADD CONSTRAINT customers_first_name_check CHECK (char_length(first_name) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT customers_last_name_check CHECK (char_length(last_name) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT customers_email_check CHECK (char_length(email) BETWEEN 3 AND 254 AND email ~ '^[^@]+@[^@]+$') NOT VALID,
    ADD CONSTRAINT customers_username_check CHECK (char_length(username) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT customers_address_check CHECK (char_length(address) BETWEEN 1 AND 500) NOT VALID,
    ADD CONSTRAINT customers_city_check CHECK (char_length(city) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT customers_state_check CHECK (char_length(state) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT customers_zip_check CHECK (char_length(zip) BETWEEN 1 AND 20) NOT VALID,
    ADD CONSTRAINT customers_country_check CHECK (char_length(country) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT customers_phone_check CHECK (char_length(phone) BETWEEN 1 AND 50) NOT VALID,
    ADD CONSTRAINT customers_age_check CHECK (age BETWEEN 0 AND 200) NOT VALID,
    ADD CONSTRAINT customers_income_check CHECK (income BETWEEN 0 AND 1000000000000) NOT VALID,
    ADD CONSTRAINT customers_gender_check CHECK (char_length(gender) BETWEEN 1 AND 20) NOT VALID,
    ADD CONSTRAINT customers_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT customers_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE orders
    ADD CONSTRAINT orders_order_date_check CHECK (order_date BETWEEN '0001-01-01' AND '9999-12-31') NOT VALID,
    ADD CONSTRAINT orders_net_amount_check CHECK (net_amount BETWEEN 0.00 AND 99999999999.99) NOT VALID,
    ADD CONSTRAINT orders_tax_check CHECK (tax BETWEEN 0.00 AND 99999999999.99) NOT VALID,
    ADD CONSTRAINT orders_total_amount_check CHECK (total_amount BETWEEN -999999999999.99 AND 999999999999.99) NOT VALID,
    ADD CONSTRAINT orders_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT orders_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE order_lines
    ADD CONSTRAINT order_lines_line_number_check CHECK (line_number BETWEEN 1 AND 1000000) NOT VALID,
    ADD CONSTRAINT order_lines_quantity_check CHECK (quantity BETWEEN 1 AND 1000000) NOT VALID;

ALTER TABLE users
    ADD CONSTRAINT users_name_check CHECK (char_length(name) BETWEEN 1 AND 200) NOT VALID,
    ADD CONSTRAINT users_email_check CHECK (char_length(email) BETWEEN 3 AND 254 AND email ~ '^[^@]+@[^@]+$') NOT VALID,
    ADD CONSTRAINT users_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT users_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE articles
    ADD CONSTRAINT articles_title_check CHECK (char_length(title) BETWEEN 1 AND 200) NOT VALID,
    ADD CONSTRAINT articles_body_check CHECK (char_length(body) BETWEEN 0 AND 100000) NOT VALID,
    ADD CONSTRAINT articles_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT articles_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE comments
    ADD CONSTRAINT comments_body_check CHECK (char_length(body) BETWEEN 1 AND 10000) NOT VALID,
    ADD CONSTRAINT comments_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT comments_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE applications
    ADD CONSTRAINT applications_name_check CHECK (char_length(name) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT applications_repository_url_check CHECK (char_length(repository_url) BETWEEN 1 AND 2000) NOT VALID,
    ADD CONSTRAINT applications_owner_check CHECK (char_length(owner) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT applications_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT applications_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

ALTER TABLE deployments
    ADD CONSTRAINT deployments_environment_check CHECK (char_length(environment) BETWEEN 1 AND 100) NOT VALID,
    ADD CONSTRAINT deployments_release_check CHECK (char_length(release) BETWEEN 1 AND 200) NOT VALID,
    ADD CONSTRAINT deployments_started_at_check CHECK (started_at >= '0001-01-01 00:00:00+00' AND started_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT deployments_finished_at_check CHECK (finished_at >= '0001-01-01 00:00:00+00' AND finished_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT deployments_created_at_check CHECK (created_at >= '0001-01-01 00:00:00+00' AND created_at < '10000-01-01 00:00:00+00') NOT VALID,
    ADD CONSTRAINT deployments_updated_at_check CHECK (updated_at >= '0001-01-01 00:00:00+00' AND updated_at < '10000-01-01 00:00:00+00') NOT VALID;

-- migrate:down
ALTER TABLE categories
    DROP CONSTRAINT categories_name_check,
    DROP CONSTRAINT categories_created_at_check,
    DROP CONSTRAINT categories_updated_at_check;
ALTER TABLE products
    DROP CONSTRAINT products_title_check,
    DROP CONSTRAINT products_actor_check,
    DROP CONSTRAINT products_price_check,
    DROP CONSTRAINT products_stock_check,
    DROP CONSTRAINT products_sold_check,
    DROP CONSTRAINT products_created_at_check,
    DROP CONSTRAINT products_updated_at_check;
ALTER TABLE customers
    DROP CONSTRAINT customers_first_name_check,
    DROP CONSTRAINT customers_last_name_check,
    DROP CONSTRAINT customers_email_check,
    DROP CONSTRAINT customers_username_check,
    DROP CONSTRAINT customers_address_check,
    DROP CONSTRAINT customers_city_check,
    DROP CONSTRAINT customers_state_check,
    DROP CONSTRAINT customers_zip_check,
    DROP CONSTRAINT customers_country_check,
    DROP CONSTRAINT customers_phone_check,
    DROP CONSTRAINT customers_age_check,
    DROP CONSTRAINT customers_income_check,
    DROP CONSTRAINT customers_gender_check,
    DROP CONSTRAINT customers_created_at_check,
    DROP CONSTRAINT customers_updated_at_check;
ALTER TABLE orders
    DROP CONSTRAINT orders_order_date_check,
    DROP CONSTRAINT orders_net_amount_check,
    DROP CONSTRAINT orders_tax_check,
    DROP CONSTRAINT orders_total_amount_check,
    DROP CONSTRAINT orders_created_at_check,
    DROP CONSTRAINT orders_updated_at_check;
ALTER TABLE order_lines
    DROP CONSTRAINT order_lines_line_number_check,
    DROP CONSTRAINT order_lines_quantity_check;
ALTER TABLE users
    DROP CONSTRAINT users_name_check,
    DROP CONSTRAINT users_email_check,
    DROP CONSTRAINT users_created_at_check,
    DROP CONSTRAINT users_updated_at_check;
ALTER TABLE articles
    DROP CONSTRAINT articles_title_check,
    DROP CONSTRAINT articles_body_check,
    DROP CONSTRAINT articles_created_at_check,
    DROP CONSTRAINT articles_updated_at_check;
ALTER TABLE comments
    DROP CONSTRAINT comments_body_check,
    DROP CONSTRAINT comments_created_at_check,
    DROP CONSTRAINT comments_updated_at_check;
ALTER TABLE applications
    DROP CONSTRAINT applications_name_check,
    DROP CONSTRAINT applications_repository_url_check,
    DROP CONSTRAINT applications_owner_check,
    DROP CONSTRAINT applications_created_at_check,
    DROP CONSTRAINT applications_updated_at_check;
ALTER TABLE deployments
    DROP CONSTRAINT deployments_environment_check,
    DROP CONSTRAINT deployments_release_check,
    DROP CONSTRAINT deployments_started_at_check,
    DROP CONSTRAINT deployments_finished_at_check,
    DROP CONSTRAINT deployments_created_at_check,
    DROP CONSTRAINT deployments_updated_at_check;
