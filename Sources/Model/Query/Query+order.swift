extension Query {
    /// Whether the query puts `a` before `b`.
    public func isOrderedBefore(_ a: Row, _ b: Row) -> Bool {
        for key in sort {
            let (former, later) = (a.values[key.column], b.values[key.column])
            if former != later { return Value.isOrderedBefore(former, later) != key.isDescending }
        }
        return false
    }

    /// Whether a row comes after the page before.
    public func isAfterCursor(_ row: Row) -> Bool {
        guard let cursor else { return true }
        for (key, last) in zip(sort, cursor.values) {
            let value = row.values[key.column]
            if value != last { return Value.isOrderedBefore(last, value) != key.isDescending }
        }
        return false
    }
}
