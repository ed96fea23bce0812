import Domain

/// A transaction over rows in a dictionary, without constraints, which records what was asked of it.
final class FakeTransaction: StoreTransaction {
    private var rows: [AnyHashable: any Sendable] = [:]
    private(set) var log: [String] = []
    private var lastID: Int64 = 100
    private(set) var lines: [OrderLine] = []
    /// What the next statement throws.
    var failure: DomainError?
    /// How often each of these rows is there when it is to be inserted, and gone when it is looked for.
    var ghosts: [AnyHashable: Int] = [:]

    /// Puts a row in as if it had been there before.
    func add<E: Entity>(_ row: Stored<E>) { rows[row.id] = row }

    func row<E: Entity>(_ id: ID<E>) -> Stored<E>? { rows[id] as? Stored<E> }

    func find<E: Entity>(_ ids: [ID<E>]) throws -> [Stored<E>] {
        try record("find", E.self, ids)
        return ids.compactMap { row($0) }
    }

    func insert<E: Entity>(_ value: E, id: ID<E>?) throws -> Stored<E> {
        lastID += 1
        let row = Stored(
            id: id ?? ID(.integer(lastID))!, value: value, createdAt: Timestamp(microseconds: 1),
            updatedAt: Timestamp(microseconds: 1), version: 1)
        try record("insert", E.self, id.map { [$0] } ?? [])
        add(row)
        return row
    }

    func update<E: Entity>(_ rows: [Stored<E>]) throws -> [Stored<E>] {
        try record("update", E.self, rows.map(\.id))
        return rows.map { row in
            var row = row
            row.version += 1
            add(row)
            return row
        }
    }

    func delete<E: Entity>(_ id: ID<E>) throws {
        try record("delete", E.self, [id])
        rows[id] = nil
    }

    func insertMissing<E: Entity>(_ rows: [(id: ID<E>, value: E)]) throws -> Set<ID<E>> {
        try record("insert missing", E.self, rows.map(\.id))
        var inserted: Set<ID<E>> = []
        for (id, value) in rows where row(id) == nil {
            if let times = ghosts[id], times > 0 {
                ghosts[id] = times - 1
                continue
            }
            var row = Stored<E>()
            row.id = id
            row.value = value
            add(row)
            inserted.insert(id)
        }
        return inserted
    }

    func upsert(lines: [OrderLine]) throws -> Set<ID<Order>> {
        if let failure { throw failure }
        log.append("upsert lines \(lines.map { "\($0.orderID)/\($0.lineNumber)" }.joined(separator: " "))")
        self.lines += lines
        return Set(lines.map(\.orderID))
    }

    private(set) var answers: [String: KeptAnswer] = [:]

    func claim(_ key: IdempotencyKey) throws -> KeptAnswer? {
        if let failure { throw failure }
        log.append("claim \(key.name)")
        return answers[key.name]
    }

    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) throws {
        if let failure { throw failure }
        log.append("keep \(key.name)")
        answers[key.name] = answer
    }

    private func record<E: Entity>(_ statement: String, _ entity: E.Type, _ ids: [ID<E>]) throws {
        if let failure { throw failure }
        log.append(([statement, E.resource] + ids.map(\.description)).joined(separator: " "))
    }
}
