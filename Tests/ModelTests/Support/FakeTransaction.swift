import Model

/// A transaction over rows in a dictionary, without constraints, which records what was asked of it. Views compute over it too.
final class FakeTransaction: StoreTransaction {
    private var tables: [Schema: [Value: Row]] = [:]
    private var ownedRows: [String: [OwnedRow]] = [:]
    private(set) var log: [String] = []
    private(set) var answers: [String: KeptAnswer] = [:]
    private var lastID: Int64 = 100
    /// What the next statement throws.
    var failure: DomainError?
    /// How often each of these rows is there when it is to be inserted, and gone when it is looked for.
    var ghosts: [Value: Int] = [:]
    /// How many rows fill a page.
    var rowsOfPage = Int.max

    func identify() async throws -> UInt64 { 7 }

    /// Puts a row in as if it had been there before.
    func add<E: Entity>(_ row: Stored<E>) { add(row.row, to: E.schema) }

    func add(_ row: Row, to schema: Schema) { tables[schema, default: [:]][row.id] = row }

    func add(_ rows: OwnedRow..., to owned: OwnedRows) { ownedRows[owned.table, default: []] += rows }

    func row<E: Entity>(_ id: ID<E>) -> Stored<E>? { tables[E.schema]?[id.value].map { Stored($0) } }

    func find(_ ids: [Value], of schema: Schema) throws -> [Row] {
        try record("find", schema, ids)
        return rows(ids, of: schema)
    }

    func list(_ query: Query) throws -> [Row] {
        try record("list", query.schema, [])
        let rows = (tables[query.schema] ?? [:]).values.filter { row in query.filters.allSatisfy { $0.matches(row) } }
        return Array(rows.sorted(by: query.isOrderedBefore).prefix(query.limit))
    }

    func insert(_ fields: [Value], id: Value?, into schema: Schema) throws -> Row {
        try record("insert", schema, id.map { [$0] } ?? [])
        lastID += 1
        let time = Timestamp(microseconds: 1)
        let row = Row(id: id ?? .integer(lastID), fields: fields, createdAt: time, updatedAt: time, version: 1)
        add(row, to: schema)
        return row
    }

    func update(_ rows: [Row], of schema: Schema) throws -> [Row] {
        try record("update", schema, rows.map(\.id))
        return rows.map { row in
            let updated = Row(
                id: row.id, fields: row.fields, createdAt: row.createdAt, updatedAt: row.updatedAt, version: row.version + 1)
            add(updated, to: schema)
            return updated
        }
    }

    func delete(_ id: Value, of schema: Schema) throws {
        try record("delete", schema, [id])
        tables[schema]?[id] = nil
    }

    func insertMissing(_ rows: [(id: Value, fields: [Value])], into schema: Schema) throws -> Set<Value> {
        try record("insert missing", schema, rows.map(\.id))
        var inserted: Set<Value> = []
        for (id, fields) in rows where tables[schema]?[id] == nil {
            if let times = ghosts[id], times > 0 {
                ghosts[id] = times - 1
                continue
            }
            let time = Timestamp(microseconds: 1)
            add(Row(id: id, fields: fields, createdAt: time, updatedAt: time, version: 1), to: schema)
            inserted.insert(id)
        }
        return inserted
    }

    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) -> [OwnedRow] {
        (ownedRows[rows.table] ?? []).filter { owners.contains($0.owner) }
            .sorted {
                [$0.owner, .integer($0.position)].lexicographicallyPrecedes(
                    [$1.owner, .integer($1.position)], by: Value.isOrderedBefore)
            }
    }

    func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema) throws -> Set<Value> {
        if let failure { throw failure }
        let places = rows.map { "\($0.owner.text!)/\($0.position)" }
        log.append("upsert \(owned.table) \(places.joined(separator: " "))")
        var table = ownedRows[owned.table] ?? []
        var changed: Set<Value> = []
        for row in rows where !table.contains(row) {
            table.removeAll { $0.owner == row.owner && $0.position == row.position }
            table.append(row)
            changed.insert(row.owner)
        }
        ownedRows[owned.table] = table
        return changed
    }

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

    private func record(_ statement: String, _ schema: Schema, _ ids: [Value]) throws {
        if let failure { throw failure }
        log.append(([statement, schema.resource] + ids.map { $0.text! }).joined(separator: " "))
    }
}

extension FakeTransaction: SnapshotSource {
    func rows(_ ids: [Value], of schema: Schema) -> [Row] { ids.compactMap { tables[schema]?[$0] } }

    func firstRows(_ ids: [Value], of schema: Schema) -> [Row] { rows(Array(ids.prefix(rowsOfPage)), of: schema) }

    func count(_ filters: [Query.Filter], of schema: Schema) throws -> Int64 {
        Int64(try list(Query(of: schema, filters: filters, limit: .max)).count)
    }
}

/// What bytes of JSON say.
func text(_ encoded: Encoded) -> String { String(decoding: encoded.bytes, as: UTF8.self) }
