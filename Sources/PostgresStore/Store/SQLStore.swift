internal import EventLoop
public import Model
public import Postgres

/// The rows in PostgreSQL, over a worker's pool of connections.
public final class SQLStore: Store {
    /// Whose connections it uses.
    public let pool: PostgresPool
    let loop: Loop
    /// Whose rows the tables of owned rows belong to.
    private let owners: [String: Schema]
    private let views: [SQLView]
    /// The statements of each table, made when they are first needed.
    private var tables: [Schema: TableSQL] = [:]

    /// - Parameters:
    ///   - schemas: all resources of the database.
    ///   - views: those that the database computes. The others are computed from the rows.
    public init(_ pool: PostgresPool, _ schemas: [Schema], views: [SQLView] = []) {
        self.pool = pool
        self.views = views
        loop = pool.loop
        owners = Dictionary(uniqueKeysWithValues: schemas.flatMap { schema in schema.owned.map { ($0.table, schema) } })
    }

    /// A repository of its own for each who asks; reads of single rows are gathered within one.
    public func repository(of schema: Schema) -> any Repository { SQLRepository(self, schema) }

    /// Runs `body` as one transaction, once more if a table was changed meanwhile.
    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        do throws(TransactionFailure) {
            return try await pool.transaction(deadline: deadline) { transaction in
                let unit = UnitOfWork(SQLUnit(transaction, self), deadline: deadline)
                let result = try await body(unit)
                // Whoever announces the commit must be sure that nothing else can fail before it.
                try await unit.prepareCommit()
                return result
            }
        } catch {
            switch error {
            case .rolledBack(let error as PostgresError): throw error.domainError ?? error
            case .rolledBack(let error): throw error
            case .outcomeUnknown: throw CommitOutcomeUnknown()
            }
        }
    }

    /// Asks the database whether it takes writes.
    public func check(deadline: UInt64) async throws {
        do throws(PostgresError) {
            try await pool.checkTakesWrites(deadline: deadline)
        } catch {
            throw error.domainError ?? error
        }
    }

    func table(of schema: Schema) -> TableSQL {
        if let known = tables[schema] { return known }
        let table = TableSQL(schema)
        tables[schema] = table
        return table
    }

    /// How the database computes a view; nil if nobody has told.
    func sql(of view: View) -> SQLView? { views.first { $0.view.subject == view.subject && $0.view.name == view.name } }

    /// The resource whose row holds a row of this table: the table's own, or that of its owner.
    func resource(ofTable table: String) -> String { owners[table]?.resource ?? table }
}
