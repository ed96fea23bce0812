/// A computed read of a row, as a customer's summary: `GET /v1/customers/{id}/summary`.
///
/// It is routed, described, cached and tagged from this declaration alone. What it depends on is what it reads.
public struct View: Sendable {
    /// The last part of its path.
    public let name: String
    /// The resource of whose rows it is a view.
    public let subject: Schema
    /// What it is, in a few words, for the description of the API.
    public let summary: String
    /// What its representation looks like.
    public let shape: RecordShape
    /// A representation, for the description of the API.
    public let example: [UInt8]?
    private let body: @Sendable (Row, Snapshot) async throws -> Encoded

    /// Declares a view.
    ///
    /// - Parameters:
    ///   - output: the record that clients receive.
    ///   - compute: makes it of a row and what else the snapshot has. Stores may be handed a better way; this one is right on
    ///     every store.
    public init<E: Entity, Output: Record>(
        _ name: String, of entity: E.Type, _ summary: String, as output: Output.Type, example: Output? = nil,
        compute: @escaping @Sendable (Stored<E>, Snapshot) async throws -> Output
    ) {
        self.name = name
        self.summary = summary
        subject = E.schema
        shape = RecordShape(of: Output.self)
        self.example = example.map { Encoded($0).bytes }
        body = { row, snapshot in Encoded(try await compute(Stored(row), snapshot)) }
    }

    /// The key under which the view of a row is cached.
    public func key(of id: Value) -> String { "\(name):\(subject.tag(of: id))" }

    /// Computes the view of a row over a source of rows of one moment.
    ///
    /// - Returns: nil if there is no such row.
    public func compute(of id: Value, from source: some SnapshotSource, _ context: ReadContext) async throws -> Encoded? {
        let snapshot = Snapshot(source, context)
        guard let row = try await snapshot.row(id, of: subject) else { return nil }
        return try await body(row, snapshot)
    }
}
