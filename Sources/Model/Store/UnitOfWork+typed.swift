// Rows with their types, for actions.
extension UnitOfWork {
    /// The row with this id, locked; nil if there is none.
    ///
    /// - Throws: ``UnreadableRow``.
    public func find<E: Entity>(_ id: ID<E>) async throws -> Stored<E>? { try await find([id]).first }

    /// The rows with these ids, locked in the order of their ids, so that two units never wait for each other.
    ///
    /// - Throws: ``UnreadableRow`` if one of them is.
    public func find<E: Entity>(_ ids: Set<ID<E>>) async throws -> [Stored<E>] {
        try await find(ids.map(\.value), of: E.schema).map { Stored(try $0.readable(as: E.schema).get()) }
    }

    /// The rows that fulfil the filters, locked.
    ///
    /// - Parameter limit: how many at most. Each is locked, so there is no "all".
    /// - Throws: ``UnreadableRow`` if one of them is.
    public func list<E: Entity>(
        _ entity: E.Type = E.self, where filters: Query.Filter..., sort: [Query.SortKey] = [], limit: Int
    ) async throws -> [Stored<E>] {
        try await list(Query(of: E.schema, filters: filters, sort: sort, limit: limit)).map(Stored.init)
    }

    /// The first of the rows that fulfil the filters, locked; nil if there is none.
    public func first<E: Entity>(
        _ entity: E.Type = E.self, where filters: Query.Filter..., sort: [Query.SortKey] = []
    ) async throws -> Stored<E>? {
        try await list(Query(of: E.schema, filters: filters, sort: sort, limit: 1)).first.map(Stored.init)
    }

    /// Inserts a row and gives it an id.
    public func insert<E: Entity>(_ value: E) async throws -> Stored<E> {
        Stored(try await insert(value.values, into: E.schema))
    }

    /// Gives rows that were read in this unit other values. A row that would stay as it is stays as it is.
    ///
    /// - Returns: the rows as they are now, in the same order.
    public func update<E: Entity>(_ changes: [(row: Stored<E>, value: E)]) async throws -> [Stored<E>] {
        try await update(changes.map { ($0.row, $1.values) }, of: E.schema).map(Stored.init)
    }

    /// The same for one row.
    public func update<E: Entity>(_ row: Stored<E>, to value: E) async throws -> Stored<E> {
        try await update([(row, value)])[0]
    }

    /// Removes a row that was read in this unit.
    public func delete<E: Entity>(_ row: Stored<E>) async throws { try await delete(row.row, of: E.schema) }

    /// What a row that was read in this unit owns, by position.
    ///
    /// - Parameter name: as the ``OwnedRows`` are declared.
    public func owned<E: Entity, R: Record>(
        _ name: String, as record: R.Type = R.self, of owner: Stored<E>
    ) async throws -> [R] {
        try await owned(E.ownedRows(name), by: [owner.id.value], of: E.schema).map { R(values: $0.values) }
    }

    /// Gives a row that was read or inserted in this unit the records that it owns, at the positions from 1 on, with what follows
    /// from their fields. What it has behind them it keeps.
    public func put<E: Entity>(_ records: [some Record], as name: String, of owner: Stored<E>) async throws {
        let rows = records.enumerated().map { index, record in
            var record = record
            record.derive()
            return OwnedRow(owner: owner.id.value, position: Int64(index + 1), values: record.values)
        }
        try await upsert(rows, into: E.ownedRows(name), of: E.schema, owners: [owner.row])
    }
}
