/// Rows that are made up from the declarations: for a number always the same, and valid as far as a field can say.
public struct SampleRows: Sendable {
    /// How many rows of a resource there are to refer to.
    private let count: @Sendable (_ resource: String) -> Int64

    public init(count: @escaping @Sendable (_ resource: String) -> Int64) { self.count = count }

    /// The id of a resource's row.
    ///
    /// - Parameter number: from 1.
    public func id<E: Entity>(_ number: Int64, of entity: E.Type) -> ID<E> {
        ID(Self.id(number, of: E.resource, E.Key.kind))!  // a key is of its kind
    }

    /// The fields of a resource's row. What follows from others is computed.
    ///
    /// - Parameters:
    ///   - number: from 1. The first has no nulls.
    ///   - resource: distinguishes the records of several resources with the same number.
    public func record<R: Record>(_ number: Int64, of resource: String) -> R {
        var record = R()
        for (position, field) in R.fields.enumerated() where !field.rules.isDerived {
            var chance = Chance("\(resource).\(field.name)", number)
            let value = value(of: field, position, number, resource, &chance)
            let fits = field.assign(value, to: &record)
            precondition(fits, "the sample of \(resource).\(field.name) is \(value)")
        }
        record.derive()
        return record
    }

    private func value<R: Record>(
        of field: Field<R>, _ position: Int, _ number: Int64, _ resource: String, _ chance: inout Chance
    ) -> Value {
        if field.isOptional, number > 1, chance.below(5) == 0 { return .null }
        if let parent = field.rules.references {
            // A row that refers to its own kind refers to one that was there before.
            let parents = parent == resource ? number - 1 : count(parent)
            if parents < 1, field.isOptional { return .null }
            return Self.id(1 + chance.below(max(1, parents)), of: parent, field.kind)
        }
        if let choices = field.choices { return .text(choices[Int(chance.below(Int64(choices.count)))]) }
        switch field.kind {
        case .bool: return .bool(chance.below(10) == 0)
        case .integer: return .integer(chance.within(SampleWords.numbers[field.name], field.rules.range ?? 0...1_000))
        case .text: return .text(Self.text(of: field, number, &chance))
        case .money:
            let bounds = field.rules.amount.map { $0.lowerBound.cents...$0.upperBound.cents } ?? 0...100_00
            return .money(Money(cents: chance.within(SampleWords.numbers[field.name], bounds)))
        case .day: return .day(Day(number: Int32(19_723 + chance.below(730))))
        case .timestamp:
            // Of several times of a row, the later field is the later one.
            var ofRow = Chance(resource, number)
            let minutes = ofRow.below(500_000) + Int64(position) * 5
            return .timestamp(Timestamp(microseconds: 1_735_689_600_000_000 + minutes * 60_000_000))
        case .uuid: return Self.id(number, of: field.name, .uuid)
        }
    }

    private static func text<R: Record>(of field: Field<R>, _ number: Int64, _ chance: inout Chance) -> String {
        let length = field.rules.length ?? 0...100
        let words = SampleWords.texts[field.name]
        var text = words.map { $0[Int(chance.below(Int64($0.count)))] } ?? "\(SampleWords.title(field.name)) \(number)"
        if field.rules.isEmail {
            text = "reader\(number)@example.org"
        } else if field.rules.isUnique, words != nil {
            text += " \(number)"
        }
        // What makes it unique stands at its end.
        text = String(text.suffix(length.upperBound))
        return text + String(repeating: "x", count: max(0, length.lowerBound - text.unicodeScalars.count))
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

/// Numbers that look random and are always the same (SplitMix64).
private struct Chance {
    private var state: UInt64

    init(_ name: String, _ number: Int64) {
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
    mutating func below(_ end: Int64) -> Int64 { Int64(next() % UInt64(end)) }

    /// A usual number, or one of the lowest that are allowed.
    mutating func within(_ usual: ClosedRange<Int64>?, _ allowed: ClosedRange<Int64>) -> Int64 {
        let range = (usual ?? max(0, allowed.lowerBound)...Int64(10_000)).clamped(to: allowed)
        return range.lowerBound + below(range.upperBound - range.lowerBound + 1)
    }
}
