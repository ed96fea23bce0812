#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

extension Query {
    /// How a filter compares. All that tells one from another is in this file; the raw value stands in a parameter's brackets.
    public enum Comparison: String, Hashable, Sendable, CaseIterable {
        /// Without brackets: `field=value`.
        case equal = "eq"
        case greater = "gt"
        case greaterOrEqual = "gte"
        case less = "lt"
        case lessOrEqual = "lte"
        case notEqual = "ne"
        case isIn = "in"
        case contains
        case isNull = "null"
        /// As `[null]=false`.
        case isNotNull = "notnull"
    }
}

extension Query.Comparison {
    /// What a filter compares a column with.
    public enum Operand: Hashable, Sendable {
        /// A value of the column's kind.
        case value
        /// Any number of them.
        case list
        /// A piece of text.
        case part
        /// Nothing, but a parameter says whether; if not, the filter compares as `otherwise`.
        case flag(otherwise: Query.Comparison)
        /// Nothing; and no parameter names it.
        case none
    }

    /// What it takes.
    public var operand: Operand {
        switch self {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: .value
        case .isIn: .list
        case .contains: .part
        case .isNull: .flag(otherwise: .isNotNull)
        case .isNotNull: .none
        }
    }

    /// Why it does not fit a column, in words that follow its name; nil if it does.
    public func misfit(_ column: Column) -> String? {
        switch self {
        case .contains: column.kind == .text ? nil : "is not a text"
        case .isNull, .isNotNull: column.isOptional ? nil : "is never null"
        default: nil
        }
    }

    /// What is selected, in a sentence.
    public func sentence(_ field: String) -> String {
        switch self {
        case .equal: "\(field) has this value."
        case .notEqual: "\(field) has another value, and is not null."
        case .less: "\(field) is less."
        case .lessOrEqual: "\(field) is less or equal."
        case .greater: "\(field) is greater."
        case .greaterOrEqual: "\(field) is greater or equal."
        case .isIn: "\(field) is one of these."
        case .contains: "\(field) holds this part, in this case of letters."
        case .isNull: "Whether \(field) is null."
        case .isNotNull: "\(field) is not null."
        }
    }

    /// The condition in SQL.
    ///
    /// - Parameters:
    ///   - column: its name.
    ///   - operand: makes a parameter of what is compared with; of a list an array.
    public func sql(_ column: String, _ operand: () -> String) -> String {
        switch self {
        case .equal: "\(column) = \(operand())"
        case .notEqual: "\(column) <> \(operand())"
        case .less: "\(column) < \(operand())"
        case .lessOrEqual: "\(column) <= \(operand())"
        case .greater: "\(column) > \(operand())"
        case .greaterOrEqual: "\(column) >= \(operand())"
        case .isIn: "\(column) = ANY (\(operand()))"
        case .contains: "strpos(\(column), \(operand())) > 0"
        case .isNull: "\(column) IS NULL"
        case .isNotNull: "\(column) IS NOT NULL"
        }
    }

    /// Whether a value fulfils it, as SQL would say. Null fulfils `isNull` alone.
    fileprivate func holds(_ value: Value, _ operands: [Value]) -> Bool {
        if value == .null { return self == .isNull }
        switch self {
        case .equal: return value == operands[0]
        case .notEqual: return value != operands[0]
        case .less: return Value.isOrderedBefore(value, operands[0])
        case .lessOrEqual: return !Value.isOrderedBefore(operands[0], value)
        case .greater: return Value.isOrderedBefore(operands[0], value)
        case .greaterOrEqual: return !Value.isOrderedBefore(value, operands[0])
        case .isIn: return operands.contains(value)
        case .contains:
            guard case .text(let text) = value, case .text(let part) = operands[0] else { return false }
            return text.hasBytes(of: part)
        case .isNull: return false
        case .isNotNull: return true
        }
    }
}

extension Query.Filter {
    /// Whether a row fulfils the condition, as SQL would say.
    public func matches(_ row: Row) -> Bool { comparison.holds(row.values[column], values) }
}

extension String {
    /// Whether the bytes of `part` stand in it somewhere. No text holds NUL, so C can look for it: in a time that grows with the
    /// sum of the lengths, where a search that tries each place takes their product.
    fileprivate func hasBytes(of part: String) -> Bool {
        withCString { text in part.withCString { strstr(text, $0) != nil } }
    }
}
