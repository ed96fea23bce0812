import Domain

/// A transaction over a few categories: it sees its own writes, and nobody else does before they are committed.
final class CategoryTransaction: StoreTransaction {
    /// The rows that it locked, as they are when it is committed; nil for those that are not there.
    private(set) var rows: [Int64: Stored<Category>?] = [:]
    /// Those of them that it wrote.
    private(set) var written: Set<Int64> = []
    private let lock: (Int64) async throws -> Stored<Category>?

    /// - Parameter lock: called with the id of each row that is read, before it is; returns the row as it is then.
    init(lock: @escaping (Int64) async throws -> Stored<Category>?) { self.lock = lock }

    struct Unexpected: Error {}

    private func row(_ id: Int64) async throws -> Stored<Category>? {
        if let known = rows[id] { return known }
        let row = try await lock(id)
        rows[id] = .some(row)
        return row
    }

    private func write(_ row: Stored<Category>?, _ id: Int64) {
        rows[id] = .some(row)
        written.insert(id)
    }

    func find<E: Entity>(_ ids: [ID<E>]) async throws -> [Stored<E>] {
        var found: [Stored<E>] = []
        for case let id as ID<Category> in ids {
            if let row = try await row(id.key) { found.append(row as! Stored<E>) }  // its id says that E is Category
        }
        return found
    }

    func update<E: Entity>(_ rows: [Stored<E>]) async throws -> [Stored<E>] {
        try rows.map { row in
            guard var row = row as? Stored<Category> else { throw Unexpected() }
            row.version += 1
            write(row, row.id.key)
            return row as! Stored<E>
        }
    }

    func insertMissing<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws -> Set<ID<E>> {
        var inserted: Set<ID<E>> = []
        for (id, value) in rows {
            guard let key = (id as? ID<Category>)?.key, let value = value as? Category else { throw Unexpected() }
            guard try await row(key) == nil else { continue }
            write(Stored(number: key, name: value.name), key)
            inserted.insert(id)
        }
        return inserted
    }

    func delete<E: Entity>(_ id: ID<E>) async throws {
        guard let id = id as? ID<Category> else { throw Unexpected() }
        write(nil, id.key)
    }

    func insert<E: Entity>(_ value: E, id: ID<E>?) async throws -> Stored<E> { throw Unexpected() }
    func upsert(lines: [OrderLine]) async throws -> Set<ID<Order>> { throw Unexpected() }
    func claim(_ key: IdempotencyKey) async throws -> KeptAnswer? { throw Unexpected() }
    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) async throws { throw Unexpected() }
}

extension Stored<Category> {
    init(number: Int64, name: String = "", version: Int64 = 1) {
        self.init()
        id = ID(number)
        value.name = name
        self.version = version
    }
}
