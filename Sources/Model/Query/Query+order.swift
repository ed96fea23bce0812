#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

extension Query.Filter {
    /// Whether a row fulfils the condition, as SQL would say.
    public func matches(_ row: Row) -> Bool {
        let value = row.values[column]
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
            return text.hasBytes(of: part)
        case .isNull, .isNotNull: return true
        }
    }
}

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

extension String {
    /// Whether the bytes of `part` stand in it somewhere. No text holds NUL, so C can look for it: in a time that grows with the
    /// sum of the lengths, where a search that tries each place takes their product.
    fileprivate func hasBytes(of part: String) -> Bool {
        withCString { text in part.withCString { strstr(text, $0) != nil } }
    }
}
