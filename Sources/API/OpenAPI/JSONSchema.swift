internal import Model

/// What the declarations of fields say, as JSON Schema (2020-12).
enum JSONSchema {
    /// Any value of a kind, in JSON.
    static func of(_ kind: Kind) -> JSONLiteral {
        switch kind {
        case .bool: ["type": "boolean"]
        case .integer: integer(.min ... .max)
        case .text: ["type": "string", "pattern": .string(anyText)]
        case .money: ["type": "string", "pattern": .string(amount(Money(cents: -Money.limit.cents)...Money.limit))]
        case .day: ["type": "string", "format": "date"]
        case .timestamp: ["type": "string", "format": "date-time"]
        case .uuid: ["type": "string", "format": "uuid"]
        case .moneySum: ["type": "string", "pattern": #"^-?[0-9]+\.[0-9]{2}$"#]
        }
    }

    /// What a column holds, and may be written into it.
    static func of(_ column: Column) -> JSONLiteral {
        var schema = column.choices.map { ["type": "string", "enum": JSONLiteral($0)] } ?? ruled(column)
        if column.isOptional { schema = nullable(schema) }
        if let value = column.defaultValue, value != .null { schema = schema.adding(["default": JSONLiteral(value)]) }
        if let sentence = sentence(about: column) { schema = schema.adding(["description": .string(sentence)]) }
        return schema
    }

    private static func ruled(_ column: Column) -> JSONLiteral {
        let rules = column.rules
        switch column.kind {
        case .integer: return integer(rules.range ?? .min ... .max)
        case .text:
            let length = rules.length ?? 0...Int.max  // a text has a length
            return [
                "type": "string", "minLength": JSONLiteral(Int64(length.lowerBound)),
                "maxLength": JSONLiteral(Int64(length.upperBound)), "pattern": .string(rules.isEmail ? email : anyText),
            ]
        case .money:
            return ["type": "string", "pattern": .string(amount(rules.amount ?? Money(cents: -Money.limit.cents)...Money.limit))]
        default: return of(column.kind)
        }
    }

    private static func integer(_ range: ClosedRange<Int64>) -> JSONLiteral {
        [
            "type": "integer", "format": "int64", "minimum": JSONLiteral(range.lowerBound),
            "maximum": JSONLiteral(range.upperBound),
        ]
    }

    /// The same, or null.
    private static func nullable(_ schema: JSONLiteral) -> JSONLiteral {
        guard case .object(let members) = schema else { return schema }
        return .object(
            members.map { member in
                switch (member.name, member.value) {
                case ("type", let type): JSONLiteral.Member(name: "type", value: [type, "null"])
                case ("enum", .array(let choices)): JSONLiteral.Member(name: "enum", value: .array(choices + [.null]))
                default: member
                }
            })
    }

    private static func sentence(about column: Column) -> String? {
        if let resource = column.rules.references { return "The id of one of the \(resource)." }
        if column.rules.isUnique { return "No two have the same." }
        if column.rules.isDerived { return "Computed by the service." }
        if column.rules.isChangedByActions { return "Changed by its actions alone." }
        return nil
    }

    /// All but NUL, which PostgreSQL's texts cannot hold.
    private static let anyText = #"^[^\x00]*$"#
    private static let email = #"^[^@\s\x00-\x1f\x7f-\x9f]+@[^@\s\x00-\x1f\x7f-\x9f]+$"#

    /// Decimal strings within bounds, as far as their digits can say.
    private static func amount(_ bounds: ClosedRange<Money>) -> String {
        let digits = String(max(bounds.lowerBound.cents.magnitude, bounds.upperBound.cents.magnitude) / 100).count
        return "^\(bounds.lowerBound < Money(cents: 0) ? "-?" : "")[0-9]{1,\(digits)}(\\.[0-9]{1,2})?$"
    }
}
