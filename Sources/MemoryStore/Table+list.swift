internal import Model

extension Table {
    /// The first rows of a query in its order, after its cursor.
    func list(_ query: Query, atMost count: Int) -> [Row] {
        guard query.sort[0].column == 0 else { return first(count, of: query) }
        // In the order of ids the rows lie already: begin after the cursor, and stop when there are enough.
        var page: [Row] = []
        visit(query.filters, after: query.cursor?.values[0], isDescending: query.sort[0].isDescending) { row in
            guard page.count < count else { return false }
            page.append(row.row)
            return true
        }
        return page
    }

    /// The first `count` rows after the cursor in another order than that of the ids.
    ///
    /// It sorts the rows in lots and keeps the best of each, so that all but a few rows cost one comparison.
    private func first(_ count: Int, of query: Query) -> [Row] {
        var best: [StoredRow] = []
        var last: StoredRow?
        func keepBest() {
            best.sort { query.isOrderedBefore($0.row, $1.row) }
            best.removeLast(max(0, best.count - count))
        }
        visit(query.filters) { row in
            if let last, !query.isOrderedBefore(row.row, last.row) { return true }
            guard query.isAfterCursor(row.row) else { return true }
            best.append(row)
            if best.count / 2 >= count {
                keepBest()
                last = best.last
            }
            return true
        }
        keepBest()
        return best.map(\.row)
    }

    func count(_ filters: [Query.Filter]) -> Int64 {
        if filters.isEmpty { return Int64(rows.count) }
        var count: Int64 = 0
        visit(filters) { _ in
            count += 1
            return true
        }
        return count
    }

    /// Calls `body` with the rows that fulfil all of `filters`, in the order of their ids, until it returns false.
    ///
    /// - Parameter last: the id of the row after which it begins.
    func visit(
        _ filters: [Query.Filter], after last: Value? = nil, isDescending: Bool = false, _ body: (StoredRow) -> Bool
    ) {
        func goOn(_ row: StoredRow) -> Bool { !filters.allSatisfy { $0.matches(row.row) } || body(row) }
        if let (index, value) = index(for: filters) {
            let last = last.map { ReferenceIndex.Key(value: value, id: $0) }
            let part = index.keys.rest(of: index.part(value), after: last, isDescending)
            // An index names rows that are there.
            index.keys.visit(part, isDescending: isDescending) { goOn(rows[$0.key.id]!) }
        } else {
            let part = rows.rest(of: rows.startIndex..<rows.endIndex, after: last, isDescending)
            rows.visit(part, isDescending: isDescending) { goOn($0.payload) }
        }
    }

    /// An index in which all rows that fulfil `filters` lie together.
    private func index(for filters: [Query.Filter]) -> (ReferenceIndex, Value)? {
        for filter in filters where filter.comparison == .equal {
            if let index = references.first(where: { $0.column == filter.column }) { return (index, filter.values[0]) }
        }
        return nil
    }
}

extension SortedMap {
    /// What is left of a part when one walks through it and has come past `last`, a key that could lie in it.
    fileprivate func rest(of part: Range<Index>, after last: Key?, _ isDescending: Bool) -> Range<Index> {
        guard let last else { return part }
        return isDescending
            ? part.lowerBound..<lowerBound(of: last)
            : firstIndex { Key.isOrderedBefore(last, $0) }..<part.upperBound
    }
}
