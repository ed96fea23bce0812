internal import Domain

/// The rows of one resource with the indexes that its constraints need.
struct Table<E: Entity>: Sendable {
    private(set) var rows = SortedMap<Value, Row<E>>()
    private var unique = E.fields.filter(\.rules.isUnique).map { UniqueIndex(field: $0) }
    private(set) var references = E.schema.references.map { ReferenceIndex(field: $0) }

    subscript(id: Value) -> Stored<E>? { rows[id]?.stored }

    /// Inserts a row, or replaces the one with its id.
    ///
    /// - Throws: ``DomainError/duplicate(field:)``, and nothing has changed.
    mutating func put(_ row: Stored<E>) throws(DomainError) {
        let id = row.id.value
        for index in unique {
            if let owner = index.owner(of: row), owner != id { throw .duplicate(field: index.field.name) }
        }
        if let former = self[id] { unlink(former) }
        rows.put(Row(stored: row), at: id)
        for index in unique.indices { unique[index].insert(row) }
        for index in references.indices { references[index].insert(row) }
    }

    /// Lets others have what has to be unique of a row that is about to be replaced.
    mutating func freeUniqueValues(of id: Value) {
        guard let row = self[id] else { return }
        for index in unique.indices { unique[index].remove(row) }
    }

    mutating func remove(_ row: Stored<E>) {
        unlink(row)
        rows.remove(row.id.value)
    }

    private mutating func unlink(_ row: Stored<E>) {
        for index in unique.indices { unique[index].remove(row) }
        for index in references.indices { references[index].remove(row) }
    }
}

/// A row behind a reference: to copy it is to count, while a row has many texts which are counted one by one.
final class Row<E: Entity>: Sendable {
    let stored: Stored<E>

    init(stored: Stored<E>) { self.stored = stored }
}

/// What is asked of a table when it is not known whose rows it has.
protocol AnyTable: Sendable {
    func contains(_ id: Value) -> Bool
    /// Whether a row names the row `id` of `resource`.
    func refers(to resource: String, _ id: Value) -> Bool
}

extension Table: AnyTable {
    func contains(_ id: Value) -> Bool { rows[id] != nil }

    func refers(to resource: String, _ id: Value) -> Bool {
        references.contains { $0.field.rules.references == resource && !$0.part(id).isEmpty }
    }
}

/// Which row has a value that no two may have. Nulls are as many as there are.
struct UniqueIndex<E: Entity>: Sendable {
    let field: Field<E>
    private var ids = SortedMap<Value, Value>()

    init(field: Field<E>) { self.field = field }

    /// The id of the row that has the value that `row` has.
    func owner(of row: Stored<E>) -> Value? { ids[field.value(of: row.value)] }

    mutating func insert(_ row: Stored<E>) {
        let value = field.value(of: row.value)
        if value != .null { ids.put(row.id.value, at: value) }
    }

    /// Another row may have taken the value already.
    mutating func remove(_ row: Stored<E>) { if owner(of: row) == row.id.value { ids.remove(field.value(of: row.value)) } }
}

/// Which rows name a row of another resource.
struct ReferenceIndex<E: Entity>: Sendable {
    /// A value, and the id of a row that has it.
    struct Key: Ordered {
        let value: Value
        let id: Value

        static func isOrderedBefore(_ a: Key, _ b: Key) -> Bool {
            a.value == b.value ? Value.isOrderedBefore(a.id, b.id) : Value.isOrderedBefore(a.value, b.value)
        }
    }

    let field: Field<E>
    private(set) var keys = SortedMap<Key, Void>()

    init(field: Field<E>) { self.field = field }

    /// Where the rows are that have `value`, in the order of their ids.
    func part(_ value: Value) -> Range<SortedMap<Key, Void>.Index> {
        let start = keys.firstIndex { !Value.isOrderedBefore($0.value, value) }
        return start..<keys.firstIndex { Value.isOrderedBefore(value, $0.value) }
    }

    mutating func insert(_ row: Stored<E>) { keys.put((), at: key(of: row)) }
    mutating func remove(_ row: Stored<E>) { keys.remove(key(of: row)) }

    private func key(of row: Stored<E>) -> Key { Key(value: field.value(of: row.value), id: row.id.value) }
}
