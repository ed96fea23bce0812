import MemoryStore
import TestDomain

@testable import Model

/// A store in memory that does one thing wrong.
final class BrokenStore: Store {
    let flaw: Flaw?
    private let base: InMemoryStore
    /// What the open unit wrote.
    fileprivate var written: [Value: Row] = [:]
    /// Rows as a unit found them first.
    fileprivate var found: [Value: Row] = [:]
    /// All that any row ever owned.
    fileprivate var owned: [OwnedRow] = []
    /// The last id that came with its row.
    fileprivate var lastID: Value?

    init(_ base: InMemoryStore, _ flaw: Flaw?) {
        self.base = base
        self.flaw = flaw
    }

    func repository(of schema: Schema) -> any Repository { BrokenRepository(base.repository(of: schema), self) }

    func write<Output>(deadline: UInt64, _ body: (UnitOfWork) async throws -> Output) async throws -> Output {
        let outcome: Result<Output, any Error> = try await base.write(deadline: flaw == .ignoresDeadlines ? .max : deadline) {
            defer { written = [:] }
            let unit = UnitOfWork(BrokenTransaction($0.transaction, self), deadline: deadline)
            do {
                let output = try await body(unit)
                if flaw != .preparesNothing { try await unit.prepareCommit() }
                return .success(output)
            } catch  where flaw == .commitsFailures {
                return .failure(error)
            }
        }
        return try outcome.get()
    }

    func evidence(deadline: UInt64) async throws -> ReadEvidence {
        let evidence = try await base.evidence(deadline: deadline)
        guard flaw == .finishesEarly else { return evidence }
        return ReadEvidence(snapshot: TransactionSnapshot(next: .max), writers: evidence.writers)
    }

    func check(deadline: UInt64) async throws {}
}

/// Its reads.
private final class BrokenRepository: Repository {
    private let base: any Repository
    private let store: BrokenStore

    init(_ base: any Repository, _ store: BrokenStore) {
        self.base = base
        self.store = store
    }

    var schema: Schema { base.schema }

    /// The context, or one that is forgotten.
    private func context(_ context: ReadContext, forgottenBy flaw: Flaw) -> ReadContext {
        store.flaw == flaw ? ReadContext(deadline: context.deadline) : context
    }

    func find(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded? {
        if store.flaw == .showsUncommitted, let row = store.written[id] {
            return Encoded.row(parts: nil) { $0.members(of: row, schema, projection) }
        }
        let projection = store.flaw == .ignoresProjections ? .whole : projection
        return try await base.find(id, projection, self.context(context, forgottenBy: .forgetsRowTags))
    }

    func list(_ query: Query, _ context: ReadContext) async throws -> Encoded {
        var query = query
        switch store.flaw {
        case .ignoresFilters: query.filters = []
        case .ignoresOrder: query = Query(of: schema, filters: query.filters, limit: query.limit)
        case .ignoresCursors: query.cursor = nil
        case .ignoresLimits: query.limit += 1
        default: break
        }
        return try await base.list(query, self.context(context, forgottenBy: .forgetsSetTags))
    }

    func count(_ filters: [Query.Filter], _ context: ReadContext) async throws -> Encoded {
        let count = try await base.count(filters, self.context(context, forgottenBy: .forgetsSetTags))
        return store.flaw == .countsWrong ? Encoded(Count(1_000)) : count
    }

    func view(_ view: View, of id: Value, _ context: ReadContext) async throws -> Encoded? {
        try await base.view(view, of: id, self.context(context, forgottenBy: .forgetsViewTags))
    }

    func ids(_ query: Query, deadline: UInt64) async throws -> [Value] {
        let ids = try await base.ids(query, deadline: deadline)
        return store.flaw == .reversesIDs ? ids.reversed() : ids
    }
}

/// Its writes.
private final class BrokenTransaction: StoreTransaction {
    private let base: any StoreTransaction
    private let store: BrokenStore
    private var inserted: Set<Value> = []

    init(_ base: any StoreTransaction, _ store: BrokenStore) {
        self.base = base
        self.store = store
    }

    func identify() async throws -> UInt64 { try await base.identify() }

    func find(_ ids: [Value], of schema: Schema) async throws -> [Row] {
        let rows = try await base.find(ids, of: schema)
        if store.flaw == .findsUnlocked {
            for row in rows where store.found[row.id] == nil { store.found[row.id] = row }
            return rows.map { store.found[$0.id]! }
        }
        return store.flaw == .reversesFound ? rows.reversed() : rows
    }

    func list(_ query: Query) async throws -> [Row] {
        let rows = try await base.list(query)
        return store.flaw == .listsCommitted ? rows.filter { !inserted.contains($0.id) } : rows
    }

    func insert(_ fields: [Value], id: Value?, into schema: Schema) async throws -> Row {
        if try await hides(fields, of: schema) {
            let time = Timestamp.now
            return Row(id: .integer(0), fields: fields, createdAt: time, updatedAt: time, version: 1)
        }
        var row = try await base.insert(fields, id: id, into: schema)
        inserted.insert(row.id)
        store.written[row.id] = row
        if store.flaw == .beginsAtVersionTwo { row.values[row.values.count - 1] = .integer(2) }
        if store.flaw == .givesIDsAgain, let id = store.lastID { row.values[0] = id }
        return row
    }

    /// Whether these values are refused by the base, and the store does as if they were not.
    private func hides(_ fields: [Value], of schema: Schema) async throws -> Bool {
        if store.flaw == .acceptsDuplicates {
            for position in schema.unique {
                let filter = Query.Filter(position, .equal, [fields[position - 1]])
                if try await !base.list(Query(of: schema, filters: [filter])).isEmpty { return true }
            }
        } else if store.flaw == .acceptsDangling {
            for position in schema.references where fields[position - 1] != .null {
                let target = schema.columns[position].rules.target!.schema
                if try await base.find([fields[position - 1]], of: target).isEmpty { return true }
            }
        }
        return false
    }

    func update(_ rows: [Row], of schema: Schema) async throws -> [Row] {
        if store.flaw == .updatesOneByOne {
            var updated: [Row] = []
            for row in rows { updated += try await base.update([row], of: schema) }
            return updated
        }
        var updated = try await base.update(rows, of: schema)
        for row in updated { store.written[row.id] = row }
        if store.flaw == .countsNoVersions {
            for index in rows.indices { updated[index].values[rows[index].values.count - 1] = .integer(rows[index].version) }
        }
        return updated
    }

    func delete(_ id: Value, of schema: Schema) async throws {
        if store.flaw == .keepsDeleted { return }
        if store.flaw == .deletesReferenced {
            for other in testDeclarations.schemas {
                for position in other.references where other.columns[position].rules.target?.schema == schema {
                    let filter = Query.Filter(position, .equal, [id])
                    for row in try await base.list(Query(of: other, filters: [filter])) { try await delete(row.id, of: other) }
                }
            }
        }
        try await base.delete(id, of: schema)
    }

    func insertMissing(_ rows: [(id: Value, fields: [Value])], into schema: Schema) async throws -> Set<Value> {
        store.lastID = rows.last?.id
        let inserted = try await base.insertMissing(rows, into: schema)
        return store.flaw == .claimsInsertions ? Set(rows.map(\.id)) : inserted
    }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow] {
        let found = try await base.owned(rows, by: owners, of: schema)
        switch store.flaw {
        case .reversesOwned: return found.reversed()
        case .keepsOwnedOfDeleted: return store.owned.filter { owners.contains($0.owner) }
        default: return found
        }
    }

    func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema) async throws -> Set<Value> {
        store.owned += rows
        return try await base.upsert(rows, into: owned, of: schema)
    }

    func claim(_ key: IdempotencyKey) async throws -> KeptAnswer? {
        store.flaw == .forgetsKeys ? nil : try await base.claim(key)
    }

    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) async throws { try await base.keep(answer, for: key) }
}
