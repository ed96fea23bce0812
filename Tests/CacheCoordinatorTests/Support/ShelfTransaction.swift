import Model

/// A transaction over a few shelves: it sees its own writes, and nobody else does before they are committed.
final class ShelfTransaction: StoreTransaction {
    /// The rows that it locked, as they are when it is committed; nil for those that are not there.
    private(set) var rows: [Int64: Stored<Shelf>?] = [:]
    /// Those of them that it wrote.
    private(set) var written: Set<Int64> = []
    private let lock: (Int64) async throws -> Stored<Shelf>?

    /// - Parameter lock: called with the id of each row that is read, before it is; returns the row as it is then.
    init(lock: @escaping (Int64) async throws -> Stored<Shelf>?) { self.lock = lock }

    struct Unexpected: Error {}

    /// Given by the store, when it is asked for.
    var makeID: () -> UInt64 = { 7 }
    private var id: UInt64?

    func identify() async throws -> UInt64 {
        if let id { return id }
        let new = makeID()
        id = new
        return new
    }

    private func row(_ id: Int64) async throws -> Stored<Shelf>? {
        if let known = rows[id] { return known }
        let row = try await lock(id)
        rows[id] = .some(row)
        return row
    }

    private func write(_ row: Stored<Shelf>?, _ id: Int64) {
        rows[id] = .some(row)
        written.insert(id)
    }

    func find(_ ids: [Value], of schema: Schema) async throws -> [Row] {
        var found: [Row] = []
        for id in ids {
            if let row = try await row(Int64(id)!) { found.append(row.row) }
        }
        return found
    }

    func update(_ rows: [Row], of schema: Schema) async throws -> [Row] {
        rows.map { row in
            var row = Stored<Shelf>(row)
            row.version += 1
            write(row, row.id.key)
            return row.row
        }
    }

    func insertMissing(_ rows: [(id: Value, fields: [Value])], into schema: Schema) async throws -> Set<Value> {
        var inserted: Set<Value> = []
        for (id, fields) in rows {
            let number = Int64(id)!
            guard try await row(number) == nil else { continue }
            write(Stored(number: number, name: Shelf(values: fields).name), number)
            inserted.insert(id)
        }
        return inserted
    }

    func delete(_ id: Value, of schema: Schema) async throws { write(nil, Int64(id)!) }

    func list(_ query: Query) async throws -> [Row] { throw Unexpected() }
    func insert(_ fields: [Value], id: Value?, into schema: Schema) async throws -> Row { throw Unexpected() }
    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow] { throw Unexpected() }
    func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema) async throws -> Set<Value> { throw Unexpected() }
    func claim(_ key: IdempotencyKey) async throws -> KeptAnswer? { throw Unexpected() }
    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) async throws { throw Unexpected() }
}

extension Stored<Shelf> {
    init(number: Int64, name: String = "", version: Int64 = 1) {
        var shelf = Shelf()
        shelf.name = name
        let time = Timestamp(microseconds: 0)
        self.init(id: ID(number), value: shelf, createdAt: time, updatedAt: time, version: version)
    }
}
