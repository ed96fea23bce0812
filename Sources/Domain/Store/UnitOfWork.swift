/// One transaction, and the tags of all that it touches.
///
/// What is read in it is locked until its end.
public final class UnitOfWork {
    private let transaction: any StoreTransaction
    /// The tags of what was written so far. They are announced before the commit and released after it.
    public private(set) var touched: Set<Tag> = []
    /// Called with all the tags when nothing but the commit is left to do. If it throws, the transaction is rolled back.
    public var willCommit: ((Set<Tag>) async throws -> Void)?

    /// When it is too late, in milliseconds of the loop's clock.
    public let deadline: UInt64

    public init(_ transaction: any StoreTransaction, deadline: UInt64) {
        self.transaction = transaction
        self.deadline = deadline
    }

    /// The row with this id, locked; nil if there is none.
    public func find<E: Entity>(_ id: ID<E>) async throws -> Stored<E>? {
        try await transaction.find([id]).first
    }

    /// The rows with these ids, locked in the order of their ids, so that two units never wait for each other.
    public func find<E: Entity>(_ ids: Set<ID<E>>) async throws -> [Stored<E>] {
        try await transaction.find(ids.sorted { Value.isOrderedBefore($0.value, $1.value) })
    }

    /// Inserts a row and gives it an id.
    public func insert<E: Entity>(_ value: E) async throws -> Stored<E> {
        var value = value
        value.derive()
        let row = try await transaction.insert(value, id: E.Key.make().map(ID.init))
        touched.formUnion(E.tags(touchedBy: row))
        return row
    }

    /// Gives rows that were read in this unit other values. A row that would stay as it is stays as it is.
    ///
    /// - Returns: the rows as they are now, in the same order.
    public func update<E: Entity>(_ changes: [(row: Stored<E>, value: E)]) async throws -> [Stored<E>] {
        var results = changes.map(\.row)
        var indices: [Int] = []
        var updated: [Stored<E>] = []
        for (index, change) in changes.enumerated() {
            var row = change.row
            row.value = change.value
            row.value.derive()
            guard E.fields.contains(where: { $0.value(of: row.value) != $0.value(of: change.row.value) }) else { continue }
            touched.formUnion(E.tags(touchedBy: change.row, row.value))
            indices.append(index)
            updated.append(row)
        }
        if !updated.isEmpty {
            for (index, row) in zip(indices, try await transaction.update(updated)) { results[index] = row }
        }
        return results
    }

    public func update<E: Entity>(_ row: Stored<E>, to value: E) async throws -> Stored<E> {
        try await update([(row, value)])[0]
    }

    /// Removes a row that was read in this unit.
    public func delete<E: Entity>(_ row: Stored<E>) async throws {
        try await transaction.delete(row.id)
        touched.formUnion(E.tags(touchedBy: row))
    }

    /// Inserts rows with the ids that they have, or replaces those that are there. Their times and versions are the
    /// store's. No id that was given this way is ever given again. Of several rows with one id the last counts.
    ///
    /// What follows from other fields is taken as it is given: imported totals stay what they were.
    public func upsert<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws {
        let rows = rows.lastOfEach(by: \.id)
        for row in try await find(Set(rows.map(\.id))) { touched.formUnion(E.tags(touchedBy: row)) }
        try await transaction.upsert(rows)
        for row in rows {
            var stored = Stored<E>()
            stored.id = row.id
            stored.value = row.value
            touched.formUnion(E.tags(touchedBy: stored))
        }
    }

    /// Inserts lines of orders, or replaces those with the same number of the same order. Of several lines with one
    /// number the last counts.
    public func upsert(lines: [OrderLine]) async throws {
        try await upsert(lines: lines, of: try await find(Set(lines.map(\.orderID))))
    }

    /// The same for orders that were read or inserted in this unit.
    public func upsert(lines: [OrderLine], of orders: [Stored<Order>]) async throws {
        try await transaction.upsert(lines: lines.lastOfEach { [$0.orderID.key, $0.lineNumber] })
        for order in orders { touched.formUnion(Order.tags(touchedBy: order)) }
    }
}

extension Array {
    /// The last of the elements with the same key, for each key, in order. PostgreSQL refuses to replace a row twice in
    /// one statement.
    fileprivate func lastOfEach<Key: Hashable>(by key: (Element) -> Key) -> [Element] {
        var places: [Key: Int] = [:]
        for (index, element) in enumerated() { places[key(element)] = index }
        return places.count == count ? self : places.values.sorted().map { self[$0] }
    }
}

/// What a store does for a ``UnitOfWork``. Rows are found locked, and constraints that do not hold are ``DomainError``s.
public protocol StoreTransaction: AnyObject {
    func find<E: Entity>(_ ids: [ID<E>]) async throws -> [Stored<E>]
    /// - Parameter id: nil if the store counts the rows.
    func insert<E: Entity>(_ value: E, id: ID<E>?) async throws -> Stored<E>
    /// Writes the values of rows that are there, with the next version and the time of the transaction.
    func update<E: Entity>(_ rows: [Stored<E>]) async throws -> [Stored<E>]
    func delete<E: Entity>(_ id: ID<E>) async throws
    func upsert<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws
    func upsert(lines: [OrderLine]) async throws
}
