/// A row as values, in the order of its schema's columns: what is read, compared, sorted and shown without anybody knowing
/// its type.
public struct Row: Sendable {
    /// In the order of the schema's columns.
    public var values: [Value]
    /// The positions of the columns that hold what their declaration does not allow. Only a row that was found in order to be
    /// replaced has any.
    public var unreadable: [Int] = []

    public init(_ values: [Value], unreadable: [Int] = []) {
        self.values = values
        self.unreadable = unreadable
    }

    /// A row of a resource.
    ///
    /// - Parameter fields: the values of the entity's own fields, in their order.
    public init(id: Value, fields: some Sequence<Value>, createdAt: Timestamp, updatedAt: Timestamp, version: Int64) {
        values = [id] + fields + [.timestamp(createdAt), .timestamp(updatedAt), .integer(version)]
    }

    public var id: Value { values[0] }

    /// The values of the entity's own fields.
    public var fields: ArraySlice<Value> {
        get { values[1..<values.count - 3] }
        set { values.replaceSubrange(1..<values.count - 3, with: newValue) }
    }

    /// When it was made.
    public var createdAt: Timestamp { Timestamp(values[values.count - 3]) ?? Timestamp(microseconds: 0) }
    /// When it was last changed; when it was made, if never.
    public var updatedAt: Timestamp { Timestamp(values[values.count - 2]) ?? Timestamp(microseconds: 0) }
    /// 1 for a new row, and one more with each change.
    public var version: Int64 { Int64(values[values.count - 1]) ?? 1 }
}

extension Row {
    /// The row, or why it cannot be shown.
    public func readable(as schema: Schema) -> Result<Row, UnreadableRow> {
        guard let column = unreadable.first else { return .success(self) }
        return .failure(
            UnreadableRow(resource: schema.resource, id: id.text, field: schema.columns[column].name))
    }
}
