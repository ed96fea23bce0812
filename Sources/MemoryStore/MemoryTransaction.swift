internal import Model

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
    private let id: UInt64

    init(_ database: MemoryDatabase) {
        self.database = database
        id = database.begin()
        tables = database.tables
    }

    /// Throws if a statement failed, even if whoever ran it went on.
    func checkStatements() throws(DomainError) {
        if let failure { throw failure }
    }

    func commit() { database.commit(tables) }

    /// Whatever was not committed is dropped.
    func end() {
        isOpen = false
        database.end()
    }

    func identify() -> UInt64 { id }

    func find(_ ids: [Value], of schema: Schema) throws -> [Row] {
        try statement { tables throws(DomainError) in tables.rows(ids, of: schema) }
    }

    func list(_ query: Query) throws -> [Row] {
        try statement { tables throws(DomainError) in tables.list(query) }
    }

    func insert(_ fields: [Value], id: Value?, into schema: Schema) throws -> Row {
        try statement { tables throws(DomainError) in
            // Ids of another kind are made by the service.
            let newID = id ?? .integer(database.nextID(for: schema.resource))
            guard tables.row(newID, of: schema) == nil else { throw .duplicate(field: "id") }
            let row = new(newID, fields)
            try tables.put(row, of: schema)
            return row
        }
    }

    func update(_ rows: [Row], of schema: Schema) throws -> [Row] {
        try statement { tables throws(DomainError) in
            var updated: [Row] = []
            for row in rows {
                guard let former = tables.row(row.id, of: schema) else { throw .notFound }
                updated.append(
                    Row(
                        id: row.id, fields: row.fields, createdAt: former.createdAt, updatedAt: time,
                        version: former.version + 1))
            }
            try tables.replace(updated, of: schema)
            return updated
        }
    }

    func delete(_ id: Value, of schema: Schema) throws {
        try statement { tables throws(DomainError) in
            if let row = tables.row(id, of: schema) { try tables.remove(row, of: schema) }
        }
    }

    func insertMissing(_ rows: [(id: Value, fields: [Value])], into schema: Schema) throws -> Set<Value> {
        try statement { tables throws(DomainError) in
            var inserted: Set<Value> = []
            for (id, fields) in rows {
                if case .integer(let number) = id { database.reserve(number, for: schema.resource) }
                guard tables.row(id, of: schema) == nil else { continue }
                try tables.put(new(id, fields), of: schema)
                inserted.insert(id)
            }
            return inserted
        }
    }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) throws -> [OwnedRow] {
        try statement { tables throws(DomainError) in tables.owned(rows, by: owners) }
    }

    func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema) throws -> Set<Value> {
        try statement { tables throws(DomainError) in
            var changed: Set<Value> = []
            for row in rows where try tables.put(row, into: owned, of: schema) { changed.insert(row.owner) }
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

    private func new(_ id: Value, _ fields: [Value]) -> Row {
        Row(id: id, fields: fields, createdAt: time, updatedAt: time, version: 1)
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
