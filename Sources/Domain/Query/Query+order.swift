extension Query.Filter {
    /// Whether a row fulfils the condition, as SQL would say.
    public func matches(_ row: Stored<E>) -> Bool {
        let value = E.schema.columns[column].value(of: row)
        switch comparison {
        case .isNull: return value == .null
        case .isNotNull: return value != .null
        default: if value == .null { return false }
        }
        switch comparison {
        case .equal: return value == values[0]
        case .notEqual: return value != values[0]
        case .less: return Value.isOrderedBefore(value, values[0])
        case .lessOrEqual: return !Value.isOrderedBefore(values[0], value)
        case .greater: return Value.isOrderedBefore(values[0], value)
        case .greaterOrEqual: return !Value.isOrderedBefore(value, values[0])
        case .isIn: return values.contains(value)
        case .contains:
            guard case .text(let text) = value, case .text(let part) = values[0] else { return false }
            return part.isEmpty || text.utf8.contains(part.utf8)
        case .isNull, .isNotNull: return true
        }
    }
}

extension Query {
    /// Whether the query puts `a` before `b`.
    public func isOrderedBefore(_ a: Stored<E>, _ b: Stored<E>) -> Bool {
        for key in sort {
            let column = E.schema.columns[key.column]
            let values = (column.value(of: a), column.value(of: b))
            if values.0 != values.1 { return Value.isOrderedBefore(values.0, values.1) != key.isDescending }
        }
        return false
    }

    /// Whether a row comes after the page before.
    public func isAfterCursor(_ row: Stored<E>) -> Bool {
        guard let cursor else { return true }
        for (key, last) in zip(sort, cursor.values) {
            let value = E.schema.columns[key.column].value(of: row)
            if value != last { return Value.isOrderedBefore(last, value) != key.isDescending }
        }
        return false
    }
}
