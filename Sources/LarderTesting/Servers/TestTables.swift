public import EventLoop
internal import Migrator
public import Model
public import Postgres
public import PostgresStore

/// Where the tables of a test come from.
public enum TestTables: Sendable {
    /// From the declarations, as `larder migrate create --resource` writes them.
    case declared(Declarations)
    /// From a folder of migrations.
    case migrations(String)

    /// The statements that make them.
    fileprivate var scripts: [String] {
        get throws {
            switch self {
            case .declared(let declarations): declarations.schemas.map { TableSkeleton($0).up }
            case .migrations(let folder): try MigrationFolder(folder).valid().map(\.up.sql)
            }
        }
    }

    /// Makes them where `connection` makes what has no schema, with those of the service.
    public func create(by connection: PostgresConnection) async throws {
        // Its own migrations clear up in the domain's, which were applied by the migrator anywhere else.
        try await connection.simpleQuery("CREATE TABLE larder_migrations (version bigint, name text)")
        for sql in OwnTables.migrations.map(\.sql) + (try scripts) { try await connection.simpleQuery(sql) }
    }
}

/// Runs `body` with connections to a new schema of the shared PostgreSQL that has these tables, and drops it afterwards.
///
/// - Parameters:
///   - options: more options of each session, as in `-cenable_seqscan=off`.
///   - connections: how many there are at most.
/// - Throws: ``TestServers/Missing`` if the environment names no server; what `body` throws.
public func withPostgres<Value>(
    _ tables: TestTables, options: [String] = [], connections: Int = 3, on loop: Loop,
    _ body: (_ pool: PostgresPool, _ configuration: PostgresConfiguration) async throws -> Value
) async throws -> Value {
    try await withSchema(on: loop) { schema in
        let configuration = try schema.configuration(options: options)
        let maker = try await PostgresConnection.connect(configuration, on: loop)
        defer { maker.close() }
        try await tables.create(by: maker)
        let pool = PostgresPool(configuration, on: loop, limits: PoolLimits(size: connections))
        return try await finally({ try await body(pool, configuration) }) { await pool.close(within: 1_000) }
    }
}

/// Runs `body` with a new, empty store in the shared PostgreSQL: what ``StoreContract`` asks for.
///
/// - Parameters:
///   - tables: nil for those that are declared.
///   - views: those that the database computes.
/// - Throws: ``TestServers/Missing`` if the environment names no server; what `body` throws.
public func withPostgres<Value>(
    _ declarations: Declarations, tables: TestTables? = nil, views: [SQLView] = [], on loop: Loop,
    _ body: (SQLStore) async throws -> Value
) async throws -> Value {
    try await withPostgres(tables ?? .declared(declarations), on: loop) { pool, _ in
        try await body(SQLStore(pool, declarations.schemas, views: views))
    }
}
