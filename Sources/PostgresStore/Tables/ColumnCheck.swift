internal import Model

/// What a declaration says of the values of a column, as the condition of its CHECK constraint.
///
/// It is what makes a row readable, and the bounds that a field declares. Who writes past the service keeps to it, too.
enum ColumnCheck {
    /// - Returns: nil if the column's type says it all.
    static func condition(of field: Column) -> String? {
        let (name, rules) = (field.name, field.rules)
        if let choices = field.choices {
            let list = choices.map { "'\($0.replacing("'", with: "''"))'" }.joined(separator: ", ")
            return "\(name) IN (\(list))"
        }
        switch field.kind {
        case .bool, .uuid: return nil
        case .integer: return rules.range.map { "\(name) BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
        case .text: return ofText(name, rules)
        case .money:
            // NaN is more than all other numbers.
            let bounds = rules.amount ?? Money(cents: -Money.limit.cents)...Money.limit
            return "\(name) BETWEEN \(bounds.lowerBound) AND \(bounds.upperBound)"
        case .day: return "\(name) BETWEEN '0001-01-01' AND '9999-12-31'"
        case .timestamp: return ofTime(name)
        case .moneySum: return nil
        }
    }

    /// A time of the years 1 to 9999, which 'infinity' is not.
    static func ofTime(_ name: String) -> String {
        "\(name) >= '0001-01-01 00:00:00+00' AND \(name) < '10000-01-01 00:00:00+00'"
    }

    private static func ofText(_ name: String, _ rules: FieldRules) -> String? {
        let length = rules.length.map { "char_length(\(name)) BETWEEN \($0.lowerBound) AND \($0.upperBound)" }
        // What blanks there are beside the common ones depends on the database's locale, so they are left to the service.
        let address = rules.isEmail ? "\(name) ~ '^[^@]+@[^@]+$'" : nil
        let conditions = [length, address].compactMap(\.self)
        return conditions.isEmpty ? nil : conditions.joined(separator: " AND ")
    }
}
