/// Rows as they were at one moment, for who computes something of them. What is read is recorded as what the result depends on.
public struct Snapshot {
    private let source: any SnapshotSource
    private let context: ReadContext

    public init(_ source: any SnapshotSource, _ context: ReadContext) {
        self.source = source
        self.context = context
    }

    /// The row with this id; nil if there is none.
    public func find<E: Entity>(_ id: ID<E>) async throws -> Stored<E>? {
        try await row(id.value, of: E.schema).map(Stored.init)
    }

    /// Those of the rows that there are, in any order.
    public func find<E: Entity>(_ ids: Set<ID<E>>) async throws -> [Stored<E>] {
        let ids = ids.map(\.value).sorted(by: Value.isOrderedBefore)
        context.depend(on: E.schema.tags(showing: ids))
        return ids.isEmpty ? [] : try await source.rows(ids, of: E.schema).map(Stored.init)
    }

    /// All rows that fulfil the filters, in this order, or the first ones of them.
    ///
    /// - Parameter limit: how many at most; nil for all.
    public func list<E: Entity>(
        _ entity: E.Type, where filters: Query.Filter..., sort: [Query.SortKey] = [], limit: Int? = nil
    ) async throws -> [Stored<E>] {
        context.depend(on: E.schema.tags(selectedBy: filters))
        let query = Query(of: E.schema, filters: filters, sort: sort, limit: limit ?? .max - 1)
        return try await source.list(query).map(Stored.init)
    }

    /// How many rows fulfil the filters.
    public func count<E: Entity>(_ entity: E.Type, where filters: Query.Filter...) async throws -> Int64 {
        context.depend(on: E.schema.tags(selectedBy: filters))
        return try await source.count(filters, of: E.schema)
    }

    /// What rows own that were found here, with the ids of their owners, by owner and position. It is a part of its owners, on
    /// which whoever found those depends already.
    public func owned<E: Entity, R: Record>(
        _ name: String, as record: R.Type, of owners: [Stored<E>]
    ) async throws -> [(owner: ID<E>, record: R)] {
        guard !owners.isEmpty else { return [] }
        let rows = try await source.owned(E.ownedRows(name), by: owners.map(\.id.value), of: E.schema)
        return rows.compactMap { row in ID<E>(row.owner).map { ($0, R(values: row.values)) } }
    }

    func row(_ id: Value, of schema: Schema) async throws -> Row? {
        context.depend(on: schema.tag(of: id))
        return try await source.rows([id], of: schema).first
    }
}

/// Reads rows as they were at one moment, as a store does for a ``Snapshot`` and for what is shown within rows.
public protocol SnapshotSource {
    /// - Parameter ids: each once.
    /// - Returns: those of the rows that there are, in any order.
    /// - Throws: ``UnreadableRow``.
    func rows(_ ids: [Value], of schema: Schema) async throws -> [Row]
    /// The same, or those of the first ids, if these fill a page already (``PageLimits/maximumBytes``).
    func firstRows(_ ids: [Value], of schema: Schema) async throws -> [Row]
    /// The rows of a query, up to its limit, in its order.
    func list(_ query: Query) async throws -> [Row]
    func count(_ filters: [Query.Filter], of schema: Schema) async throws -> Int64
    /// What all these rows own, by owner and position.
    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow]
}

extension SnapshotSource {
    /// All of them: right for every source, and enough for one that has its rows at hand.
    public func firstRows(_ ids: [Value], of schema: Schema) async throws -> [Row] { try await rows(ids, of: schema) }
}

extension Entity {
    /// The declared ``OwnedRows`` of this name.
    static func ownedRows(_ name: String) -> OwnedRows {
        guard let rows = schema.owned.first(where: { $0.name == name }) else {
            preconditionFailure("\(resource) own no \(name)")
        }
        return rows
    }
}
