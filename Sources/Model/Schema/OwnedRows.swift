/// Records that are parts of a resource's row, as the lines of an order: rows of a table of their own, without an id, which
/// are written, shown and deleted with the row that owns them.
///
/// A change of one touches the tags of its owner.
public struct OwnedRows: Sendable {
    /// What they are called within their owner: in `include`, in JSON and in the bodies of actions.
    public let name: String
    /// Their table, by which they are imported too.
    public let table: String
    /// The column with the id of the owner.
    public let owner: Column
    /// The column that counts them from 1 within their owner.
    public let position: Column
    /// What they hold beside that.
    public let columns: [Column]
    /// How many one owner has at most, as far as they come from a body.
    public let limit: Int

    /// The greatest number that a position can have.
    public static let maximumPosition: Int64 = 1_000_000

    /// Declares them.
    ///
    /// - Parameters:
    ///   - record: what each of them holds.
    ///   - owner: the column with the id of the owner, and of what kind that is.
    ///   - position: the column that counts them.
    /// - Precondition: the columns are named as fields are, and no two have one name.
    public init<R: Record>(
        _ name: String, of record: R.Type, table: String, owner: (column: String, entity: any Entity.Type), position: String,
        limit: Int = 100
    ) {
        for column in [owner.column, position] {
            precondition(column.isDeclarable, "\(column) of \(table) is no name: \(String.declarableExpectation)")
        }
        self.name = name
        self.table = table
        self.limit = limit
        columns = R.fields.map(\.column)
        self.owner = Column(owner.column, owner.entity.keyKind, rules: FieldRules([.references(owner.entity)]), isField: true)
        self.position = Column(position, .integer, rules: FieldRules([.range(1...Self.maximumPosition)]), isField: true)
        precondition(Set(allColumns.map(\.name)).count == allColumns.count, "two columns of \(table) have one name")
    }

    /// All columns of the table: owner, position, and what they hold.
    public var allColumns: [Column] { [owner, position] + columns }
}

/// One of the ``OwnedRows`` of a row.
public struct OwnedRow: Hashable, Sendable {
    /// The id of the owner.
    public var owner: Value
    /// From 1.
    public var position: Int64
    /// In the order of ``OwnedRows/columns``.
    public var values: [Value]

    public init(owner: Value, position: Int64, values: [Value]) {
        self.owner = owner
        self.position = position
        self.values = values
    }

    /// In the order of ``OwnedRows/allColumns``.
    public init(allValues: [Value]) {
        owner = allValues[0]
        guard case .integer(let number) = allValues[1] else { preconditionFailure("a position is a number") }
        position = number
        values = Array(allValues[2...])
    }

    /// In the order of ``OwnedRows/allColumns``.
    public var allValues: [Value] { [owner, .integer(position)] + values }
}

extension Entity {
    /// Of what kind the ids are.
    public static var keyKind: Kind { Key.kind }
}
