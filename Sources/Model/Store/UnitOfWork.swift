/// One transaction, and the tags of all that it touches.
///
/// What is read in it is locked until its end. Here rows have no type; `UnitOfWork+typed` is for who decides something by them.
public final class UnitOfWork {
    let transaction: any StoreTransaction
    /// The tags of what was written so far. They are announced before the commit and released after it.
    public private(set) var touched: Set<Tag> = []
    /// What rows that were inserted or updated are now, unless they were deleted again.
    public var rows: [WrittenRow] { written.values.map(\.self) }
    private var written: [Tag: WrittenRow] = [:]
    private var preparations: [(Set<Tag>) async throws -> Void] = []

    /// When it is too late, in milliseconds of the loop's clock.
    public let deadline: UInt64

    public init(_ transaction: any StoreTransaction, deadline: UInt64) {
        self.transaction = transaction
        self.deadline = deadline
    }

    /// A row of a resource as the transaction leaves it.
    public struct WrittenRow {
        /// Of which resource it is.
        public let schema: Schema
        /// Its values.
        public let row: Row
    }

    private func note(_ row: Row, of schema: Schema) { written[schema.tag(of: row.id)] = WrittenRow(schema: schema, row: row) }

    // MARK: Commit

    /// Has `body` called with all the tags when nothing but the commit is left to do, after those that asked before. If it throws,
    /// the transaction is rolled back.
    public func beforeCommit(_ body: @escaping (Set<Tag>) async throws -> Void) { preparations.append(body) }

    /// The id of the transaction; see ``StoreTransaction/identify()``.
    public func identify() async throws -> UInt64 { try await transaction.identify() }

    /// Calls those who asked for it; for the store, when nothing but the commit is left to do.
    public func prepareCommit() async throws { try await prepareCommit(of: touched) }

    func prepareCommit(of tags: Set<Tag>) async throws {
        for prepare in preparations { try await prepare(tags) }
    }

    // MARK: Rows

    /// Those of the rows with these ids that there are, locked in the order of their ids, so that two units never wait for each
    /// other. What cannot be read of them is ``Row/unreadable``: they can be replaced and deleted.
    public func find(_ ids: some Sequence<Value>, of schema: Schema) async throws -> [Row] {
        let ids = Set(ids).sorted(by: Value.isOrderedBefore)
        return ids.isEmpty ? [] : try await transaction.find(ids, of: schema)
    }

    /// Inserts a row and gives it an id.
    ///
    /// - Parameters:
    ///   - fields: the values of the own fields, in their order.
    ///   - derives: whether what follows from other fields is computed, or taken as it is given.
    public func insert(_ fields: [Value], into schema: Schema, derives: Bool = true) async throws -> Row {
        let fields = derives ? schema.derived(fields) : fields
        let row = try await transaction.insert(fields, id: schema.makeID(), into: schema)
        touched.formUnion(schema.tags(touchedBy: row.id, row.fields))
        note(row, of: schema)
        return row
    }

    /// Gives rows that were read in this unit other values. A row that would stay as it is stays as it is.
    ///
    /// - Returns: the rows as they are now, in the same order.
    public func update(
        _ changes: [(row: Row, fields: [Value])], of schema: Schema, derives: Bool = true
    ) async throws -> [Row] {
        var results = changes.map(\.row)
        var indices: [Int] = []
        var updated: [Row] = []
        for (index, change) in changes.enumerated() {
            var row = change.row
            row.fields = (derives ? schema.derived(change.fields) : change.fields)[...]
            guard row.fields != change.row.fields || !row.unreadable.isEmpty else { continue }
            touched.formUnion(schema.tags(touchedBy: row.id, change.row.fields, row.fields))
            indices.append(index)
            updated.append(row)
        }
        if !updated.isEmpty {
            for (index, row) in zip(indices, try await transaction.update(updated, of: schema)) {
                results[index] = row
                note(row, of: schema)
            }
        }
        return results
    }

    /// Removes a row that was read in this unit.
    public func delete(_ row: Row, of schema: Schema) async throws {
        try await transaction.delete(row.id, of: schema)
        written[schema.tag(of: row.id)] = nil
        touched.formUnion(schema.tags(touchedBy: row.id, row.fields))
    }

    /// Inserts rows with the ids that they have, or replaces those that are there. A row that would stay as it is stays
    /// as it is. Their times and versions are the store's. No id that was given this way is ever given again. Of several
    /// rows with one id the last counts.
    ///
    /// What follows from other fields is taken as it is given: imported totals stay what they were.
    ///
    /// - Throws: ``DomainError/contention`` if others insert and delete the same rows again and again;
    ///   ``DomainError/invalid(_:)`` for an id that no row can be given by hand.
    public func upsert(_ rows: [(id: Value, fields: [Value])], into schema: Schema) async throws {
        let problems = rows.compactMap { row in
            row.id.idObjection.map { FieldProblem(field: "id", "\(row.id.text ?? "null") \($0)") }
        }
        guard problems.isEmpty else { throw DomainError.invalid(problems) }
        // In the order of their ids, so that two units never wait for each other.
        var rest = rows.lastOfEach(by: \.id).sorted { Value.isOrderedBefore($0.id, $1.id) }
        for _ in 1...Self.maximumAttempts where !rest.isEmpty {
            // What is missing is inserted first. What is left was there then, and is locked before it is replaced: so
            // its old values are known, and none was inserted after a look at what is there.
            var done = try await transaction.insertMissing(rest, into: schema)
            for row in rest where done.contains(row.id) {
                touched.formUnion(schema.tags(touchedBy: row.id, row.fields[...]))
            }
            let values = Dictionary(uniqueKeysWithValues: rest.map { ($0.id, $0.fields) })
            let present = try await find(Set(values.keys).subtracting(done), of: schema)
            _ = try await update(present.map { ($0, values[$0.id]!) }, of: schema, derives: false)
            done.formUnion(present.map(\.id))
            // Some may have been deleted in between.
            rest.removeAll { done.contains($0.id) }
        }
        guard rest.isEmpty else { throw DomainError.contention }
    }

    private static let maximumAttempts = 3

    // MARK: Queries

    /// The rows of a query, up to its limit, in its order, locked.
    ///
    /// - Throws: ``UnreadableRow`` if one of them is.
    public func list(_ query: Query) async throws -> [Row] {
        try await transaction.list(query).map { try $0.readable(as: query.schema).get() }
    }

    // MARK: Owned rows

    /// What rows that were read or inserted in this unit own, by owner and position.
    public func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow] {
        owners.isEmpty ? [] : try await transaction.owned(rows, by: owners, of: schema)
    }

    /// Inserts what rows own, or replaces what has the same position with the same owner. One that would stay as it is stays as it
    /// is. Of several with one position the last counts.
    public func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema) async throws {
        guard !rows.isEmpty else { return }
        let owners = try await find(rows.map(\.owner), of: schema)
        try await upsert(rows, into: owned, of: schema, owners: owners)
    }

    /// The same for owners that were read or inserted in this unit.
    public func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema, owners: [Row]) async throws {
        guard !rows.isEmpty else { return }
        let rows = rows.lastOfEach { [$0.owner, .integer($0.position)] }
        let changed = try await transaction.upsert(rows, into: owned, of: schema)
        for owner in owners where changed.contains(owner.id) {
            touched.formUnion(schema.tags(touchedBy: owner.id, owner.fields))
        }
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
