internal import EventLoop
internal import Postgres
internal import Synchronization

/// Schemas with the same tables, which one test after the other has for itself: to empty one is far quicker than to make it.
final class SchemaPool: Sendable {
    private let tables: TestTables
    private let idle = Mutex<[TestSchema]>([])

    init(_ tables: TestTables) { self.tables = tables }

    /// Runs `body` with connections to a schema whose tables are empty.
    func withPool(
        on loop: Loop, _ body: (_ pool: PostgresPool, _ configuration: PostgresConfiguration) async throws -> Void
    ) async throws {
        try await withTurn(on: loop) { administrator in
            let schema: TestSchema
            if let known = idle.withLock({ $0.popLast() }) {
                schema = known
            } else {
                schema = try TestSchema()
                try await administrator.simpleQuery("CREATE SCHEMA \(schema.name); SET search_path TO \(schema.name)")
                try await tables.create(by: administrator)
            }
            let configuration = try schema.configuration()
            let pool = PostgresPool(configuration, on: loop, limits: PoolLimits(size: 3))
            try await finally({ try await body(pool, configuration) }) {
                await pool.close(within: 1_000)
                try await administrator.simpleQuery(Self.empty(schema.name))
                idle.withLock { $0.append(schema) }
            }
        }
    }

    /// Leaves the tables as they were made, with the one row that the service's migrations put in.
    private static func empty(_ schema: String) -> String {
        """
        DO $$ BEGIN
            EXECUTE (
                SELECT 'TRUNCATE ' || string_agg(format('%I.%I', schemaname, tablename), ', ') || ' RESTART IDENTITY'
                FROM pg_tables WHERE schemaname = '\(schema)');
            INSERT INTO \(schema).larder_cache DEFAULT VALUES;
        END $$
        """
    }
}
