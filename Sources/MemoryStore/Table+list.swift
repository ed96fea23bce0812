internal import Domain

extension Table {
    /// The rows of a page in the order of the query, and one more if there is a next page.
    func list(_ query: Query<E>) -> [Stored<E>] {
        guard query.sort[0].column == 0 else { return first(query.limit + 1, of: query) }
        // In the order of ids the rows lie already: begin after the cursor, and stop when there are enough.
        var page: [Stored<E>] = []
        visit(query.filters, after: query.cursor?.values[0], isDescending: query.sort[0].isDescending) { row in
            page.append(row.stored)
            return page.count <= query.limit
        }
        return page
    }

    /// The first `count` rows after the cursor in another order than that of the ids.
    ///
    /// It sorts the rows in lots and keeps the best of each, so that all but a few rows cost one comparison.
    private func first(_ count: Int, of query: Query<E>) -> [Stored<E>] {
        var best: [Row<E>] = []
        var last: Row<E>?
        func keepBest() {
            best.sort { query.isOrderedBefore($0.stored, $1.stored) }
            best.removeLast(max(0, best.count - count))
        }
        visit(query.filters) { row in
            if let last, !query.isOrderedBefore(row.stored, last.stored) { return true }
            guard query.isAfterCursor(row.stored) else { return true }
            best.append(row)
            if best.count >= 2 * count {
                keepBest()
                last = best.last
            }
            return true
        }
        keepBest()
        return best.map(\.stored)
    }

    func count(_ filters: [Query<E>.Filter]) -> Int64 {
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
        _ filters: [Query<E>.Filter], after last: Value? = nil, isDescending: Bool = false, _ body: (Row<E>) -> Bool
    ) {
        func goOn(_ row: Row<E>) -> Bool { !filters.allSatisfy { $0.matches(row.stored) } || body(row) }
        if let (index, value) = index(for: filters) {
            let last = last.map { ReferenceIndex<E>.Key(value: value, id: $0) }
            let part = index.keys.rest(of: index.part(value), after: last, isDescending)
            // An index names rows that are there.
            index.keys.visit(part, isDescending: isDescending) { goOn(rows[$0.key.id]!) }
        } else {
            let part = rows.rest(of: rows.startIndex..<rows.endIndex, after: last, isDescending)
            rows.visit(part, isDescending: isDescending) { goOn($0.payload) }
        }
    }

    /// An index in which all rows that fulfil `filters` lie together.
    private func index(for filters: [Query<E>.Filter]) -> (ReferenceIndex<E>, Value)? {
        for filter in filters where filter.comparison == .equal {
            let name = E.schema.columns[filter.column].name
            if let index = references.first(where: { $0.field.name == name }) { return (index, filter.values[0]) }
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
