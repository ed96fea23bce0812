package import Model

/// Makes values that fit the declarations of fields: each one different where its field allows as many.
package final class Samples {
    private var made = 0

    package init() {}

    /// A value for each field; where it names another row, that row is made too.
    package func value<E: Entity>(of entity: E.Type, in unit: UnitOfWork) async throws -> E {
        made += 1
        let number = made
        var value = E()
        for field in E.givenFields {
            if let target = field.rules.target {
                // One that may refer to its own kind refers to none.
                if target.schema != E.schema { value = value.with(try await parent(of: target, in: unit), in: field) }
            } else {
                value = value.with(Self.value(of: field.column, number), in: field)
            }
        }
        return value
    }

    /// A new row with such values.
    package func row<E: Entity>(of entity: E.Type, in unit: UnitOfWork) async throws -> Stored<E> {
        try await unit.insert(value(of: entity, in: unit))
    }

    /// The id of a new row.
    package func parent(of entity: any Entity.Type, in unit: UnitOfWork) async throws -> Value {
        func make<E: Entity>(_ entity: E.Type) async throws -> Value { try await row(of: entity, in: unit).id.value }
        return try await make(entity)
    }

    /// A value like no other before, as far as the field's rules allow.
    package func newValue(of field: Column) -> Value {
        made += 1
        return Self.value(of: field, made)
    }

    /// A value like few others, or null: so that rows are equal in a field.
    package func commonValue(of field: Column, using random: inout some RandomNumberGenerator) -> Value {
        if field.rules.isUnique { return newValue(of: field) }
        if field.isOptional, Int.random(in: 0..<3, using: &random) == 0 { return .null }
        return Self.value(of: field, Int.random(in: 0..<4, using: &random))
    }

    /// A value for a field, another one for each number as far as its rules allow.
    package static func value(of field: Column, _ number: Int) -> Value {
        let value = field.isOptional && field.rules.target != nil ? .null : unchecked(field, number)
        precondition(field.problem(with: value) == nil, "no sample fits \(field.name)")
        return value
    }

    private static func unchecked(_ field: Column, _ number: Int) -> Value {
        if let choices = field.choices { return .text(choices[number % choices.count]) }
        switch field.kind {
        case .bool: return .bool(number % 2 == 0)
        case .integer:
            let range = field.rules.range ?? 0...1_000_000_000
            return .integer(range.lowerBound + Int64(number) % (range.upperBound - range.lowerBound + 1))
        case .money:
            let range = field.rules.amount ?? Money(cents: 0)...Money(cents: 1_000_000)
            let span = range.upperBound.cents - range.lowerBound.cents + 1
            return .money(Money(cents: range.lowerBound.cents + Int64(number) * 101 % span))
        case .day: return .day(Day(number: Int32(12_000 + number)))
        case .timestamp: return .timestamp(Timestamp(microseconds: 1_600_000_000_000_000 + Int64(number) * 1_000_003))
        case .uuid: return .uuid(.v7())
        case .moneySum: preconditionFailure("nothing of the kind is stored")
        case .text:
            if field.rules.isEmail { return .text("name\(number)@example.org") }
            let length = field.rules.length ?? 0...100
            let full = "\(number)\(difficult[number % difficult.count])\(field.name)"
            let text = String(full.unicodeScalars.prefix(length.upperBound))
            return .text(text + String(repeating: "x", count: max(0, length.lowerBound - text.unicodeScalars.count)))
        }
    }

    /// What is easily misread by SQL, JSON, arrays of PostgreSQL or an order of words.
    package static let difficult = [
        "a", "B", " ", "%", "_", "\\", "'", "\"", ",", "{}", "NULL", "\n\t", "\u{1F}", "&", "\u{E9}", "e\u{301}", "ß", "Ω", "日本",
        "🥖", "$1",
    ]
}
