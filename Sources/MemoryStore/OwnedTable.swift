internal import Model

/// The records that the rows of a resource own. They have no id of their own: an owner and a position name one.
struct OwnedTable: Sendable {
    private struct Key: Ordered {
        let owner: Value
        let position: Int64

        static func isOrderedBefore(_ a: Key, _ b: Key) -> Bool {
            a.owner == b.owner ? a.position < b.position : Value.isOrderedBefore(a.owner, b.owner)
        }
    }

    let owned: OwnedRows
    private var rows = SortedMap<Key, [Value]>()
    /// By the column, of those that refer to another resource: how many rows have each value; none has 0.
    private var counts: [Int: SortedMap<Value, Int>]

    init(_ owned: OwnedRows) {
        self.owned = owned
        let references = owned.columns.indices.filter { owned.columns[$0].rules.target != nil }
        counts = Dictionary(uniqueKeysWithValues: references.map { ($0, SortedMap()) })
    }

    /// What a row owns, by position.
    func of(_ owner: Value) -> [OwnedRow] {
        let start = rows.firstIndex { !Value.isOrderedBefore($0.owner, owner) }
        return rows[start...].prefix { $0.key.owner == owner }.map {
            OwnedRow(owner: owner, position: $0.key.position, values: $0.payload)
        }
    }

    func refer(to resource: String, _ id: Value) -> Bool {
        counts.contains { owned.columns[$0.key].rules.references == resource && $0.value[id] != nil }
    }

    /// Inserts a row, or replaces the one with its position.
    ///
    /// - Returns: whether it is new, or another one than before.
    mutating func put(_ row: OwnedRow) -> Bool {
        let key = Key(owner: row.owner, position: row.position)
        if let former = rows[key] {
            if former == row.values { return false }
            count(former, -1)
        }
        rows.put(row.values, at: key)
        count(row.values, 1)
        return true
    }

    mutating func removeAll(of owner: Value) {
        for row in of(owner) {
            rows.remove(Key(owner: owner, position: row.position))
            count(row.values, -1)
        }
    }

    private mutating func count(_ values: [Value], _ change: Int) {
        for column in counts.keys where values[column] != .null {
            let count = (counts[column]![values[column]] ?? 0) + change
            if count == 0 {
                counts[column]!.remove(values[column])
            } else {
                counts[column]!.put(count, at: values[column])
            }
        }
    }
}
