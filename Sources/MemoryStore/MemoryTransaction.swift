internal import Domain

/// One transaction: it works on a copy of the tables, which becomes what was committed, or is dropped.
///
/// Only one is open at a time, so every row in it is locked.
final class MemoryTransaction: StoreTransaction {
    private let database: MemoryDatabase
    private var tables: Tables
    private let time = Timestamp.now
    /// What went wrong first. After it nothing can be done but a rollback, as in PostgreSQL.
    private var failure: DomainError?
    private var isOpen = true

    init(_ database: MemoryDatabase) {
        self.database = database
        tables = database.tables
    }

    /// Throws if a statement failed, even if whoever ran it went on.
    func checkStatements() throws(DomainError) {
        if let failure { throw failure }
    }

    func commit() { database.commit(tables) }

    /// Whatever was not committed is dropped.
    func end() { isOpen = false }

    func find<E: Entity>(_ ids: [ID<E>]) throws -> [Stored<E>] {
        try statement { tables throws(DomainError) in
            let table = tables.table(of: E.self)
            return ids.compactMap { table[$0.value] }
        }
    }

    func insert<E: Entity>(_ value: E, id: ID<E>?) throws -> Stored<E> {
        try statement { tables throws(DomainError) in
            let newID = if let id { id } else { nextID() as ID<E> }
            guard tables.row(newID) == nil else { throw .duplicate(field: "id") }
            let row = Stored(id: newID, value: value, createdAt: time, updatedAt: time, version: 1)
            try tables.put(row)
            return row
        }
    }

    func update<E: Entity>(_ rows: [Stored<E>]) throws -> [Stored<E>] {
        try statement { tables throws(DomainError) in
            var updated: [Stored<E>] = []
            for row in rows {
                guard let former = tables.row(row.id) else { throw .notFound }
                updated.append(next(former, row.value))
            }
            try tables.replace(updated)
            return updated
        }
    }

    func delete<E: Entity>(_ id: ID<E>) throws {
        try statement { tables throws(DomainError) in
            if let row = tables.row(id) { try tables.remove(row) }
        }
    }

    func insertMissing<E: Entity>(_ rows: [(id: ID<E>, value: E)]) throws -> Set<ID<E>> {
        try statement { tables throws(DomainError) in
            var inserted: Set<ID<E>> = []
            for (id, value) in rows {
                if case .integer(let number) = id.value { database.reserve(number, for: E.resource) }
                guard tables.row(id) == nil else { continue }
                try tables.put(Stored(id: id, value: value, createdAt: time, updatedAt: time, version: 1))
                inserted.insert(id)
            }
            return inserted
        }
    }

    func upsert(lines: [OrderLine]) throws -> Set<ID<Order>> {
        try statement { tables throws(DomainError) in
            var changed: Set<ID<Order>> = []
            for line in lines where try tables.put(line) { changed.insert(line.orderID) }
            return changed
        }
    }

    /// Nobody else can have the key: only one transaction is open.
    func claim(_ key: IdempotencyKey) throws -> KeptAnswer? {
        try statement { tables throws(DomainError) in tables.answers.answer(for: key, at: time) }
    }

    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) throws {
        try statement { tables throws(DomainError) in tables.answers.keep(answer, for: key, at: time) }
    }

    private func next<E: Entity>(_ former: Stored<E>, _ value: E) -> Stored<E> {
        Stored(id: former.id, value: value, createdAt: former.createdAt, updatedAt: time, version: former.version + 1)
    }

    private func nextID<E: Entity>() -> ID<E> {
        ID(.integer(database.nextID(for: E.resource)))!  // ids of another kind are made by the service
    }

    private func statement<Result>(_ body: (inout Tables) throws(DomainError) -> Result) throws -> Result {
        precondition(isOpen, "a unit of work is used after its end")
        try checkStatements()
        do throws(DomainError) {
            return try body(&tables)
        } catch {
            failure = error
            throw error
        }
    }
}
