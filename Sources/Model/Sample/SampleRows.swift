/// Rows that are made up from the declarations: for a number always the same, and valid as far as a field can say.
public struct SampleRows: Sendable {
    private let words: SampleWords
    /// How many rows of a resource there are to refer to.
    private let count: @Sendable (_ resource: String) -> Int64

    public init(_ words: SampleWords, count: @escaping @Sendable (_ resource: String) -> Int64) {
        self.words = words
        self.count = count
    }

    /// The id of a resource's row.
    ///
    /// - Parameter number: from 1.
    public static func id(_ number: Int64, of schema: Schema) -> Value { id(number, of: schema.resource, schema.keyKind) }

    /// The values of the own fields of a resource's row. What follows from others is computed.
    ///
    /// - Parameter number: from 1. The first has no nulls.
    public func fields(_ number: Int64, of schema: Schema) -> [Value] {
        schema.derived(values(number, of: Array(schema.fieldColumns), schema.resource))
    }

    /// A row with its id, as it is shown in examples.
    public func row(_ number: Int64, of schema: Schema, at time: Timestamp) -> Row {
        Row(
            id: Self.id(number, of: schema), fields: fields(number, of: schema), createdAt: time, updatedAt: time, version: 1)
    }

    /// The values of a record's columns.
    ///
    /// - Parameters:
    ///   - number: from 1. The first has no nulls.
    ///   - resource: distinguishes the records of several resources with the same number.
    public func values(_ number: Int64, of columns: [Column], _ resource: String) -> [Value] {
        columns.enumerated().map { position, column in
            guard !column.rules.isDerived else { return column.blank }
            if column.rules.isChangedByActions, let value = column.defaultValue { return value }
            var chance = Chance("\(resource).\(column.name)", number, isUnique: column.rules.isUnique)
            let value = value(of: column, position, number, resource, &chance)
            precondition(column.problem(with: value) == nil, "the sample of \(resource).\(column.name) is \(value)")
            return value
        }
    }

    private func value(
        of column: Column, _ position: Int, _ number: Int64, _ resource: String, _ chance: inout Chance
    ) -> Value {
        if column.isOptional, number > 1, chance.below(5) == 0 { return .null }
        if let parent = column.rules.references {
            // A row that refers to its own kind refers to one that was there before.
            let parents = parent == resource ? number - 1 : count(parent)
            if parents < 1, column.isOptional { return .null }
            return Self.id(1 + chance.below(max(1, parents)), of: parent, column.kind)
        }
        if let choices = column.choices { return .text(choices[Int(chance.below(Int64(choices.count)))]) }
        switch column.kind {
        case .bool: return .bool(chance.below(10) == 0)
        case .integer:
            return .integer(
                chance.within(words.numbers[column.name], column.rules.range ?? 0...(column.rules.isUnique ? .max : 1_000)))
        case .text: return .text(text(of: column, number, &chance))
        case .money:
            let bounds = column.rules.amount.map { $0.lowerBound.cents...$0.upperBound.cents } ?? 0...100_00
            return .money(Money(cents: chance.within(words.numbers[column.name], bounds)))
        case .moneySum: return .moneySum(MoneySum(cents: Int128(chance.within(words.numbers[column.name], 0...100_000_00))))
        case .day: return .day(Day(number: Int32(19_723 + chance.below(730))))
        case .timestamp:
            // Of several times of a row, the later field is the later one.
            var ofRow = Chance(resource, number)
            let minutes = ofRow.below(500_000) + Int64(position) * 5
            return .timestamp(Timestamp(microseconds: 1_735_689_600_000_000 + minutes * 60_000_000))
        case .uuid: return Self.id(number, of: column.name, .uuid)
        }
    }

    private func text(of column: Column, _ number: Int64, _ chance: inout Chance) -> String {
        let length = column.rules.length ?? 0...100
        let texts = words.texts[column.name]
        var text = texts.map { $0[Int(chance.below(Int64($0.count)))] } ?? "\(SampleWords.title(column.name)) \(number)"
        if column.rules.isEmail {
            return Self.email(number, length)
        } else if column.rules.isUnique, texts != nil {
            text += " \(number)"
        }
        // What makes it unique stands at its end.
        text = String(text.unicodeScalars.suffix(length.upperBound))
        return text + String(repeating: "x", count: max(0, length.lowerBound - text.unicodeScalars.count))
    }

    /// An address that looks like one as far as there is room for it, down to `7@x`.
    private static func email(_ number: Int64, _ length: ClosedRange<Int>) -> String {
        let forms = ["reader\(number)@example.org", "\(number)@example.org", "\(number)@x.org"]
        let shortest = "\(String(number).suffix(max(1, length.upperBound - 2)))@x"
        let address = forms.first { $0.utf8.count <= length.upperBound } ?? shortest
        return address + String(repeating: "x", count: max(0, length.lowerBound - address.utf8.count))
    }

    private static func id(_ number: Int64, of resource: String, _ kind: Kind) -> Value {
        guard kind == .uuid else { return .integer(number) }
        var chance = Chance(resource, number)
        // Version 8 is for makers' own use (RFC 9562, section 5.8).
        return .uuid(
            UUID(
                high: UInt64(bitPattern: number) << 16 | 0x8000 | chance.next() & 0xFFF,
                low: 0x8000_0000_0000_0000 | chance.next() >> 2))
    }
}

/// Numbers that look random and are always the same (SplitMix64); or that count, so that no two rows have the same.
private struct Chance {
    private var state: UInt64
    private let number: Int64
    private let isUnique: Bool

    init(_ name: String, _ number: Int64, isUnique: Bool = false) {
        self.number = number
        self.isUnique = isUnique
        // FNV-1a.
        state = name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        state ^= UInt64(bitPattern: number) &* 0xD6E8_FEB8_6659_FD93
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    /// From 0, below `end`.
    mutating func below(_ end: Int64) -> Int64 { isUnique ? (number - 1) % end : Int64(next() % UInt64(end)) }

    /// A usual number, or one of the lowest that are allowed.
    mutating func within(_ usual: ClosedRange<Int64>?, _ allowed: ClosedRange<Int64>) -> Int64 {
        let low = max(0, allowed.lowerBound)
        let width: Int64 = isUnique ? 1_000_000_000 : 10_000
        let range = (usual ?? low...low + min(width, .max - low)).clamped(to: allowed)
        return range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }
}
