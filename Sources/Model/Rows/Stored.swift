/// A row with its type: what who decides something by a row works with.
@dynamicMemberLookup
public struct Stored<E: Entity>: Sendable {
    public var id: ID<E>
    public var value: E
    /// When it was made.
    public var createdAt: Timestamp
    /// When it was last changed; when it was made, if never.
    public var updatedAt: Timestamp
    /// 1 for a new row, and one more with each change.
    public var version: Int64

    public init(id: ID<E>, value: E, createdAt: Timestamp, updatedAt: Timestamp, version: Int64) {
        self.id = id
        self.value = value
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.version = version
    }

    public subscript<Property>(dynamicMember path: KeyPath<E, Property>) -> Property { value[keyPath: path] }
}

extension Stored {
    /// A row of `E`'s schema. What cannot be read of it is at its default.
    public init(_ row: Row) {
        self.init(
            id: ID(row.id) ?? ID(E.Key.blank), value: E(values: row.fields), createdAt: row.createdAt, updatedAt: row.updatedAt,
            version: row.version)
    }

    /// The same without its type.
    public var row: Row {
        Row(id: id.value, fields: value.values, createdAt: createdAt, updatedAt: updatedAt, version: version)
    }
}

extension Stored: JSONEncodable {
    public func encode(to json: inout JSONWriter) { json.row(row, of: E.schema) }
}
