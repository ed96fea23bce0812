internal import Bytes
internal import Model

/// The triggers of one table: on insertions, updates, deletions, and when it is emptied.
///
/// They are of statements, so that one that touches a thousand rows runs them once.
struct ChangeTrigger: Sendable {
    /// The table.
    let name: String
    /// Creates its function and its triggers, in a transaction that ``publisher`` begins.
    let sql: String
    /// Names the definition.
    let digest: String

    /// How many triggers a table has.
    static let count = 4
    /// How many tags are listed at most; beyond that all of the cache is begun anew.
    private static let maximumTags = 1_000

    init(_ schema: Schema) {
        // The same as Schema.tags(touchedBy:), of the rows before and after.
        let parts = schema.references.map { schema.columns[$0].name }
        let tags =
            ["'\(schema.resource):' || r.id", "'\(schema.resource)'"]
            + parts.map { "'\(schema.resource)/\($0)=' || r.\($0.quoted)" }
        self.init(table: schema.resource, tags: tags, from: "ROWS AS r")
    }

    /// What rows own is a part of them: their owners are touched.
    init(_ owned: OwnedRows, ownedBy schema: Schema) {
        let owner = "r.\(owned.owner.name.quoted)"
        let parts = schema.references.map { schema.columns[$0].name }
        let tags =
            ["'\(schema.resource):' || \(owner)", "'\(schema.resource)'"]
            + parts.map { "'\(schema.resource)/\($0)=' || o.\($0.quoted)" }
        // An owner that is gone was touched by itself.
        self.init(
            table: owned.table, tags: tags, from: "ROWS AS r LEFT JOIN SCHEMA.\(schema.resource.quoted) AS o ON o.id = \(owner)")
    }

    /// - Parameters:
    ///   - tags: expressions over the rows.
    ///   - source: where they are from, with `ROWS` for the rows that a statement touched and `SCHEMA` for that of the table.
    private init(table: String, tags: [String], from source: String) {
        name = table
        func select(_ rows: String) -> String {
            "SELECT v.tag FROM \(source.replacing("ROWS", with: rows)) CROSS JOIN LATERAL "
                + "(VALUES \(tags.map { "(\($0))" }.joined(separator: ", "))) AS v (tag)"
        }
        let function = String("larder_changed_\(table)".prefix(63)).quoted
        let triggers = Self.triggers(on: table.quoted, calling: function)
        let body = """
            DO $install$
            BEGIN
                EXECUTE replace($definition$
            CREATE OR REPLACE FUNCTION \(function)() RETURNS trigger LANGUAGE plpgsql AS $body$
            DECLARE tags text[];
            BEGIN
                IF TG_OP = 'INSERT' THEN
                    SELECT array_agg(t.tag) INTO tags FROM (SELECT DISTINCT s.tag FROM (\(select("new_rows"))) AS s
                        WHERE s.tag IS NOT NULL LIMIT \(Self.maximumTags + 1)) AS t;
                ELSIF TG_OP = 'UPDATE' THEN
                    SELECT array_agg(t.tag) INTO tags FROM (SELECT DISTINCT s.tag FROM (\(select("old_rows"))
                        UNION ALL \(select("new_rows"))) AS s WHERE s.tag IS NOT NULL LIMIT \(Self.maximumTags + 1)) AS t;
                ELSIF TG_OP = 'DELETE' THEN
                    SELECT array_agg(t.tag) INTO tags FROM (SELECT DISTINCT s.tag FROM (\(select("old_rows"))) AS s
                        WHERE s.tag IS NOT NULL LIMIT \(Self.maximumTags + 1)) AS t;
                ELSE
                    PERFORM SCHEMA.larder_publish(TG_TABLE_SCHEMA, NULL);
                    RETURN NULL;
                END IF;
                IF cardinality(tags) > \(Self.maximumTags) THEN
                    PERFORM SCHEMA.larder_publish(TG_TABLE_SCHEMA, NULL);
                ELSIF tags IS NOT NULL THEN
                    PERFORM SCHEMA.larder_publish(TG_TABLE_SCHEMA, tags);
                END IF;
                RETURN NULL;
            END
            $body$ $definition$, 'SCHEMA.', quote_ident(current_schema()) || '.');
            END
            $install$;
            \(triggers)

            """
        digest = String(SHA256(Array((Self.publisher + body).utf8)).description.prefix(16))
        sql = body + "COMMENT ON FUNCTION \(function)() IS '\(digest)';\nCOMMIT;\n"
    }

    private static func triggers(on table: String, calling function: String) -> String {
        let operations = [
            ("insert", ["NEW TABLE AS new_rows"]), ("update", ["OLD TABLE AS old_rows", "NEW TABLE AS new_rows"]),
            ("delete", ["OLD TABLE AS old_rows"]), ("truncate", []),
        ]
        return operations.map { operation, tables in
            """
            DROP TRIGGER IF EXISTS larder_changed_\(operation) ON \(table);
            CREATE TRIGGER larder_changed_\(operation) AFTER \(operation.uppercased()) ON \(table) \
            \(tables.isEmpty ? "" : "REFERENCING \(tables.joined(separator: " ")) ")FOR EACH STATEMENT \
            WHEN (current_setting('larder.writer', true) IS DISTINCT FROM 'on') EXECUTE FUNCTION \(function)();
            """
        }.joined(separator: "\n")
    }

    /// Begins the transaction, and creates the function that all tables share: it sends tags in as many messages as they take.
    static let publisher = """
        BEGIN;
        DO $install$
        BEGIN
            EXECUTE format($definition$
        CREATE OR REPLACE FUNCTION %I.larder_publish(namespace text, tags text[]) RETURNS void LANGUAGE plpgsql AS $body$
        DECLARE
            channel text := 'larder_' || quote_ident(namespace)::regnamespace::oid;
            head text := 'changed ' || pg_current_xact_id();
            part text := '';
            tag text;
        BEGIN
            IF tags IS NULL THEN
                PERFORM pg_notify(channel, head || ' *');
                RETURN;
            END IF;
            FOREACH tag IN ARRAY tags LOOP
                IF octet_length(head) + octet_length(part) + octet_length(tag) + 1 > 7900 THEN
                    PERFORM pg_notify(channel, head || part);
                    part := '';
                END IF;
                part := part || E'\\n' || tag;
            END LOOP;
            PERFORM pg_notify(channel, head || part);
        END
        $body$ $definition$, current_schema());
        END
        $install$;

        """
}
