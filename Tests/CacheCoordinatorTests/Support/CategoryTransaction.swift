import Domain

/// A transaction over a few categories: it sees its own writes, and nobody else does before they are committed.
final class CategoryTransaction: StoreTransaction {
    private(set) var rows: [Int64: Stored<Category>]
    private let lock: (Int64) async throws -> Stored<Category>?

    /// - Parameter lock: called with the id of each row that is read, before it is; returns the row as it is then.
    init(lock: @escaping (Int64) async throws -> Stored<Category>?) {
        rows = [:]
        self.lock = lock
    }

    struct Unexpected: Error {}

    func find<E: Entity>(_ ids: [ID<E>]) async throws -> [Stored<E>] {
        var found: [Stored<E>] = []
        for case let id as ID<Category> in ids {
            guard let row = try await lock(id.key) else { continue }
            rows[id.key] = row
            found.append(row as! Stored<E>)  // its id says that E is Category
        }
        return found
    }

    func update<E: Entity>(_ rows: [Stored<E>]) async throws -> [Stored<E>] {
        try rows.map { row in
            guard var row = row as? Stored<Category> else { throw Unexpected() }
            row.version += 1
            self.rows[row.id.key] = row
            return row as! Stored<E>
        }
    }

    func insert<E: Entity>(_ value: E, id: ID<E>?) async throws -> Stored<E> { throw Unexpected() }
    func delete<E: Entity>(_ id: ID<E>) async throws { throw Unexpected() }
    func insertMissing<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws -> Set<ID<E>> { throw Unexpected() }
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
