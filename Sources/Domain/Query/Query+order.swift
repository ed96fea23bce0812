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
            return text.hasBytes(of: part)
        case .isNull, .isNotNull: return true
        }
    }
}

extension Query {
    /// Whether the query puts `a` before `b`.
    public func isOrderedBefore(_ a: Stored<E>, _ b: Stored<E>) -> Bool {
        let columns = E.schema.columns
        for key in sort {
            let (former, later) = (columns[key.column].value(of: a), columns[key.column].value(of: b))
            if former != later { return Value.isOrderedBefore(former, later) != key.isDescending }
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

extension String {
    /// Whether the bytes of `part` stand in it somewhere. (The library's search for a part of a collection takes
    /// microseconds for a short text, and a filter looks into every row.)
    fileprivate func hasBytes(of part: String) -> Bool {
        var (text, part) = (self, part)
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let first = part.first else { return true }
                guard text.count >= part.count else { return false }
                return (0...text.count - part.count).contains { start in
                    text[start] == first && text[start..<start + part.count].elementsEqual(part)
                }
            }
        }
    }
}
