public import Domain
internal import EventLoop

/// The rows in PostgreSQL, over a worker's pool of connections.
public final class PostgresStore: Store {
    public let pool: PostgresPool
    let loop: EventLoop
    /// The statements of each entity, made when they are first needed.
    private var statements: [ObjectIdentifier: Any] = [:]

    public init(_ pool: PostgresPool) {
        self.pool = pool
        loop = pool.loop
    }

    public func repository<E: Entity>(of entity: E.Type) -> any Repository<E> { PostgresRepository<E>(self) }
    public var customers: any CustomerRepository { PostgresCustomers(self) }
    public var applications: any ApplicationRepository { PostgresApplications(self) }

    public func write<Result>(
        deadline: UInt64, _ body: (UnitOfWork) async throws -> Result
    ) async throws -> Result {
        do throws(TransactionFailure) {
            return try await pool.transaction(deadline: deadline) { transaction in
                let unit = UnitOfWork(PostgresUnit(transaction, self), deadline: deadline)
                let result = try await body(unit)
                // Whoever announces the commit must be sure that nothing else can fail before it.
                try await unit.willCommit?(unit.touched)
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

    public func check(deadline: UInt64) async throws {
        let result = try await read([Statement("SHOW transaction_read_only")], deadline: deadline)
        // The database may have been made read-only after the session began.
        if result[0].string(0, 0) == "on" {
            pool.doesNotWrite(PostgresError(.server, sqlState: .readOnlyTransaction, "the database takes no writes"))
        }
        if let trouble = pool.trouble { throw trouble.domainError ?? trouble }
    }

    func sql<E: Entity>(of entity: E.Type) -> EntitySQL<E> {
        if let known = statements[ObjectIdentifier(entity)] { return known as! EntitySQL<E> }  // stored below under its type
        let sql = EntitySQL<E>()
        statements[ObjectIdentifier(entity)] = sql
        return sql
    }

    /// Runs statements that only read; what several of them read is of one moment.
    func read(_ statements: [Statement], deadline: UInt64) async throws -> [PostgresResult] {
        // One statement sees one moment by itself, and may share a connection with others.
        guard statements.count == 1 else {
            return try await snapshot(deadline: deadline) { try await $0.transaction.readAll(statements) }
        }
        do throws(PostgresError) {
            return try await pool.run(statements, deadline: deadline, access: .readOnly)
        } catch {
            throw error.domainError ?? error
        }
    }

    /// Reads in several steps what was there at one moment.
    func snapshot<Value>(
        deadline: UInt64, _ body: (PostgresSnapshot) async throws -> Value
    ) async throws -> Value {
        do {
            return try await pool.snapshot(deadline: deadline) {
                try await body(PostgresSnapshot(transaction: $0, store: self))
            }
        } catch let error as PostgresError {
            throw error.domainError ?? error as any Error
        }
    }
}
