/// One transaction, and the tags of all that it touches.
///
/// What is read in it is locked until its end.
public final class UnitOfWork {
    let transaction: any StoreTransaction
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
    ///
    /// - Throws: ``UnreadableRow``.
    public func find<E: Entity>(_ id: ID<E>) async throws -> Stored<E>? { try await find([id]).first }

    /// The rows with these ids, locked in the order of their ids, so that two units never wait for each other.
    ///
    /// - Throws: ``UnreadableRow`` if one of them is.
    public func find<E: Entity>(_ ids: Set<ID<E>>) async throws -> [Stored<E>] {
        try await findToReplace(ids).map { try $0.readable.get() }
    }

    /// The same for who replaces or deletes the rows, and so mends those that cannot be read: see ``Stored/unreadable``.
    public func findToReplace<E: Entity>(_ ids: Set<ID<E>>) async throws -> [Stored<E>] {
        try await transaction.find(ids.sorted { Value.isOrderedBefore($0.value, $1.value) })
    }

    /// Inserts a row and gives it an id.
    public func insert<E: Entity>(_ value: E) async throws -> Stored<E> {
        var value = value
        value.derive()
        let row = try await transaction.insert(value, id: E.Key.make().map(ID.init))
        touched.formUnion(E.tags(touchedBy: row.id, row.value))
        return row
    }

    /// Inserts rows and gives them ids. What follows from other fields is taken as it is given, as by ``upsert(_:)``.
    public func insert<E: Entity>(asGiven values: [E]) async throws {
        for value in values {
            let row = try await transaction.insert(value, id: E.Key.make().map(ID.init))
            touched.formUnion(E.tags(touchedBy: row.id, row.value))
        }
    }

    /// Gives rows that were read in this unit other values. A row that would stay as it is stays as it is.
    ///
    /// - Returns: the rows as they are now, in the same order.
    public func update<E: Entity>(_ changes: [(row: Stored<E>, value: E)]) async throws -> [Stored<E>] {
        try await replace(
            changes.map { row, value in
                var value = value
                value.derive()
                return (row, value)
            })
    }

    private func replace<E: Entity>(_ changes: [(row: Stored<E>, value: E)]) async throws -> [Stored<E>] {
        var results = changes.map(\.row)
        var indices: [Int] = []
        var updated: [Stored<E>] = []
        for (index, change) in changes.enumerated() {
            var row = change.row
            row.value = change.value
            let isChanged = E.fields.contains { $0.value(of: row.value) != $0.value(of: change.row.value) }
            guard isChanged || !row.unreadable.isEmpty else { continue }
            touched.formUnion(E.tags(touchedBy: row.id, change.row.value, row.value))
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
        touched.formUnion(E.tags(touchedBy: row.id, row.value))
    }

    /// Inserts rows with the ids that they have, or replaces those that are there. A row that would stay as it is stays
    /// as it is. Their times and versions are the store's. No id that was given this way is ever given again. Of several
    /// rows with one id the last counts.
    ///
    /// What follows from other fields is taken as it is given: imported totals stay what they were.
    ///
    /// - Throws: ``DomainError/contention`` if others insert and delete the same rows again and again;
    ///   ``DomainError/invalid(_:)`` for an id that no row can be given by hand.
    public func upsert<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws {
        let problems = rows.compactMap { row in row.id.value.idObjection.map { FieldProblem(field: "id", "\(row.id) \($0)") } }
        guard problems.isEmpty else { throw DomainError.invalid(problems) }
        // In the order of their ids, so that two units never wait for each other.
        var rest = rows.lastOfEach(by: \.id).sorted { Value.isOrderedBefore($0.id.value, $1.id.value) }
        for _ in 1...Self.maximumAttempts where !rest.isEmpty {
            // What is missing is inserted first. What is left was there then, and is locked before it is replaced: so
            // its old values are known, and none was inserted after a look at what is there.
            var done = try await transaction.insertMissing(rest)
            for row in rest where done.contains(row.id) {
                touched.formUnion(E.tags(touchedBy: row.id, row.value))
            }
            let values = Dictionary(uniqueKeysWithValues: rest.map { ($0.id, $0.value) })
            let present = try await findToReplace(Set(values.keys).subtracting(done))
            _ = try await replace(present.map { ($0, values[$0.id]!) })
            done.formUnion(present.map(\.id))
            // Some may have been deleted in between.
            rest.removeAll { done.contains($0.id) }
        }
        guard rest.isEmpty else { throw DomainError.contention }
    }

    private static let maximumAttempts = 3

    /// Inserts lines of orders, or replaces those with the same number of the same order. A line that would stay as it
    /// is stays as it is. Of several lines with one number the last counts.
    public func upsert(lines: [OrderLine]) async throws {
        try await upsert(lines: lines, of: try await find(Set(lines.map(\.orderID))))
    }

    /// The same for orders that were read or inserted in this unit.
    public func upsert(lines: [OrderLine], of orders: [Stored<Order>]) async throws {
        let changed = try await transaction.upsert(lines: lines.lastOfEach { [$0.orderID.key, $0.lineNumber] })
        for order in orders where changed.contains(order.id) { touched.formUnion(Order.tags(touchedBy: order.id, order.value)) }
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
    /// - Returns: those of the rows that there are; what cannot be read of them is ``Stored/unreadable``.
    func find<E: Entity>(_ ids: [ID<E>]) async throws -> [Stored<E>]
    /// - Parameter id: nil if the store counts the rows.
    func insert<E: Entity>(_ value: E, id: ID<E>?) async throws -> Stored<E>
    /// Writes the values of rows that are there, with the next version and the time of the transaction. No two of them may have
    /// the same id. What has to be unique is so when all are written, so that rows can exchange their values. Of a row that
    /// was unreadable all is readable then.
    func update<E: Entity>(_ rows: [Stored<E>]) async throws -> [Stored<E>]
    func delete<E: Entity>(_ id: ID<E>) async throws
    /// Inserts those of the rows whose ids are not there. Waits for other transactions that are inserting or deleting
    /// rows with these ids. None of the ids is ever given to another row.
    ///
    /// - Returns: the ids of the rows that were inserted.
    func insertMissing<E: Entity>(_ rows: [(id: ID<E>, value: E)]) async throws -> Set<ID<E>>
    /// - Returns: the orders of which a line is new or another one than before.
    func upsert(lines: [OrderLine]) async throws -> Set<ID<Order>>
    /// Takes a key until the end of the transaction.
    ///
    /// - Returns: what was kept for it, unless its time is over; nil for a key that is to be used now.
    /// - Throws: ``DomainError/keyInUse`` if another transaction has it. A store that runs one at a time never does.
    func claim(_ key: IdempotencyKey) async throws -> KeptAnswer?
    /// Keeps an answer for a key that was claimed in this transaction, and drops up to
    /// ``IdempotencyKey/dropsPerWrite`` answers that are older than the key's lifetime.
    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) async throws
}
