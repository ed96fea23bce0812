internal import Model

/// The rows of one resource with the indexes that its constraints need.
struct Table: Sendable {
    let schema: Schema
    private(set) var rows = SortedMap<Value, StoredRow>()
    private var unique: [UniqueIndex]
    private(set) var references: [ReferenceIndex]

    init(_ schema: Schema) {
        self.schema = schema
        unique = schema.unique.map { UniqueIndex(column: $0) }
        references = schema.references.map { ReferenceIndex(column: $0) }
    }

    subscript(id: Value) -> Row? { rows[id]?.row }

    /// Inserts a row, or replaces the one with its id.
    ///
    /// - Throws: ``DomainError/duplicate(field:)``, and nothing has changed.
    mutating func put(_ row: Row) throws(DomainError) {
        for index in unique {
            if let owner = index.owner(of: row), owner != row.id { throw .duplicate(field: schema.columns[index.column].name) }
        }
        if let former = self[row.id] { unlink(former) }
        rows.put(StoredRow(row), at: row.id)
        for index in unique.indices { unique[index].insert(row) }
        for index in references.indices { references[index].insert(row) }
    }

    /// Lets others have what has to be unique of a row that is about to be replaced.
    mutating func freeUniqueValues(of id: Value) {
        guard let row = self[id] else { return }
        for index in unique.indices { unique[index].remove(row) }
    }

    mutating func remove(_ row: Row) {
        unlink(row)
        rows.remove(row.id)
    }

    private mutating func unlink(_ row: Row) {
        for index in unique.indices { unique[index].remove(row) }
        for index in references.indices { references[index].remove(row) }
    }

    /// Whether a row names the row `id` of `resource`.
    func refers(to resource: String, _ id: Value) -> Bool {
        references.contains { schema.columns[$0.column].rules.references == resource && !$0.part(id).isEmpty }
    }
}

/// A row behind a reference: to copy it is to count, while a row has many texts which are counted one by one.
final class StoredRow: Sendable {
    let row: Row

    init(_ row: Row) { self.row = row }
}

/// Which row has a value that no two may have. Nulls are as many as there are.
struct UniqueIndex: Sendable {
    let column: Int
    private var ids = SortedMap<Value, Value>()

    init(column: Int) { self.column = column }

    /// The id of the row that has the value that `row` has.
    func owner(of row: Row) -> Value? { ids[row.values[column]] }

    mutating func insert(_ row: Row) {
        if row.values[column] != .null { ids.put(row.id, at: row.values[column]) }
    }

    /// Another row may have taken the value already.
    mutating func remove(_ row: Row) { if owner(of: row) == row.id { ids.remove(row.values[column]) } }
}

/// Which rows name a row of another resource.
struct ReferenceIndex: Sendable {
    /// A value, and the id of a row that has it.
    struct Key: Ordered {
        let value: Value
        let id: Value

        static func isOrderedBefore(_ a: Key, _ b: Key) -> Bool {
            a.value == b.value ? Value.isOrderedBefore(a.id, b.id) : Value.isOrderedBefore(a.value, b.value)
        }
    }

    let column: Int
    private(set) var keys = SortedMap<Key, Void>()

    init(column: Int) { self.column = column }

    /// Where the rows are that have `value`, in the order of their ids.
    func part(_ value: Value) -> Range<SortedMap<Key, Void>.Index> {
        let start = keys.firstIndex { !Value.isOrderedBefore($0.value, value) }
        return start..<keys.firstIndex { Value.isOrderedBefore(value, $0.value) }
    }

    mutating func insert(_ row: Row) { keys.put((), at: key(of: row)) }
    mutating func remove(_ row: Row) { keys.remove(key(of: row)) }

    private func key(of row: Row) -> Key { Key(value: row.values[column], id: row.id) }
}
