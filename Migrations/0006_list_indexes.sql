-- What lists are sorted and filtered by most, so that a page costs the same however many rows there are. The id comes last, as it
-- does in every list. Declarations ask for them (created_at always, fields by .indexed), and a test compares.
--
-- Writes to a table wait while its indexes are made: about a second for a million rows.

-- migrate:up
CREATE INDEX categories_created_at_idx ON categories (created_at, id);
CREATE INDEX products_title_idx ON products (title, id);
CREATE INDEX products_price_idx ON products (price, id);
CREATE INDEX products_created_at_idx ON products (created_at, id);
CREATE INDEX customers_last_name_idx ON customers (last_name, id);
CREATE INDEX customers_created_at_idx ON customers (created_at, id);
CREATE INDEX orders_order_date_idx ON orders (order_date, id);
CREATE INDEX orders_total_amount_idx ON orders (total_amount, id);
CREATE INDEX orders_created_at_idx ON orders (created_at, id);
CREATE INDEX users_name_idx ON users (name, id);
CREATE INDEX users_created_at_idx ON users (created_at, id);
CREATE INDEX comments_created_at_idx ON comments (created_at, id);
CREATE INDEX applications_owner_idx ON applications (owner, id);
CREATE INDEX applications_created_at_idx ON applications (created_at, id);
CREATE INDEX deployments_created_at_idx ON deployments (created_at, id);

-- migrate:down
DROP INDEX categories_created_at_idx, products_title_idx, products_price_idx, products_created_at_idx,
    customers_last_name_idx, customers_created_at_idx, orders_order_date_idx, orders_total_amount_idx, orders_created_at_idx,
    users_name_idx, users_created_at_idx, comments_created_at_idx, applications_owner_idx, applications_created_at_idx,
    deployments_created_at_idx;
