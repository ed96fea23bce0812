import LarderTesting
import Model
import TestDomain
import Testing

@testable import PostgresStore

/// What a cell holds is written from its bytes, and looks as if it had been read as a value and written as one.
@Suite struct `Cells` {
    /// A column of one of the resources.
    private struct Place {
        let schema: Schema
        let position: Int
        var column: Column { schema.columns[position] }
    }

    private static func written(_ text: [UInt8]?, _ place: Place) -> String? {
        let plan = RowPlan(place.schema)
        var json = JSONWriter()
        let isWritten =
            text?.withUnsafeBytes { plan.write($0, of: place.position, to: &json) }
            ?? plan.write(nil, of: place.position, to: &json)
        let isRead = text?.withUnsafeBytes { plan.reads($0, of: place.position) } ?? plan.reads(nil, of: place.position)
        #expect(isRead == isWritten)
        return isWritten ? String(decoding: json.bytes, as: UTF8.self) : nil
    }

    /// The same the slow way.
    private static func expected(_ text: [UInt8]?, _ column: Column) -> String? {
        var value: Value? = .null
        if let text = text.map({ String(decoding: $0, as: UTF8.self) }) {
            switch column.kind {
            case .text: value = .text(text)
            case .bool: value = text == "t" ? .bool(true) : text == "f" ? .bool(false) : nil
            default: value = column.kind.value(from: text)
            }
        }
        guard let value, column.fits(value) else { return nil }
        var json = JSONWriter()
        json.value(value)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    private static func expectSame(_ text: [UInt8]?, _ place: Place, sourceLocation: SourceLocation = #_sourceLocation) {
        let shown = text.map { String(decoding: $0, as: UTF8.self) } ?? "NULL"
        #expect(
            written(text, place) == expected(text, place.column), "\(place.column.name): \(shown)", sourceLocation: sourceLocation
        )
    }

    /// Columns of each kind, some that allow less or more.
    private static let places = testDeclarations.schemas.flatMap {
        schema in
        schema.columns.indices.map { Place(schema: schema, position: $0) }
    }

    /// Texts that PostgreSQL writes, and some that look like them.
    private static let texts = [
        "t", "f", "true", "1", "0", "-1", "-0", "007", "+7", "9223372036854775807", "-9223372036854775808", "9223372036854775808",
        "999999999999999999", "1000000000000000000", "1.5", "1e5", "", "-", "NaN", "Infinity", "infinity", "-infinity",
        "0.00", "-0.00", "0.5", "-0.50", ".50", "7", "7.1", "7.123", "00.10", "01.00", "-12.34", "999999999999.99",
        "1000000000000.00", "-999999999999.99", "7.0000", "2026-11-21", "2024-02-29", "2023-02-29", "2024-01-31", "2024-04-31",
        "0001-01-01", "0000-01-01", "9999-12-31", "10000-01-01", "0044-03-15 BC", "2026-13-01", "2026-00-10", "2026-01-00",
        "2026-11-21 09:21:14+00", "2026-11-21 09:21:14.5+00", "2026-11-21 09:21:14.123456+00", "2026-11-21 09:21:14.1234567+00",
        "2026-11-21 09:21:14.+00", "2026-11-21T09:21:14Z", "2026-11-21 09:21:14+02", "2026-11-21 09:21:14+05:30",
        "2026-11-21 24:00:00+00", "2026-11-21 23:59:60+00", "2016-12-31 23:59:60+00", "9999-12-31 23:59:59.999999+00",
        "0001-01-01 00:00:00+00", "0044-03-15 00:00:00+00 BC", "2024-02-29 12:00:00.1+00", "2024-02-30 12:00:00+00",
        "6fa459ea-ee8a-1ca4-894e-db77e160355e", "6FA459EA-EE8A-1CA4-894E-DB77E160355E", "6fa459eaee8a1ca4894edb77e160355e",
        "6fa459ea-ee8a-1ca4-894e-db77e160355", "6fa459ea-ee8a-1ca4-894e-db77e160355g", "6fa459ea-ee8a-1ca4-894e1db77e160355e",
        "draft", "published", "Draft", "draft ", "rolled_back", "placed", "cancelled", "plain", "\"quoted\"", "back\\slash",
        "\u{0}", "\u{1F}", "a\nb\tc\rd", "12345678", "1234567\"", "12345678\u{1}", "caf\u{E9}", "cafe\u{301}", "日本", "🥖",
        "\u{7F}",
        "sixteen bytes ab", "sixteen bytes a\"b", String(repeating: "x\u{2}é", count: 100),
    ]

    @Test func `are written as their values are, or not at all`() {
        for place in Self.places {
            Self.expectSame(nil, place)
            for text in Self.texts { Self.expectSame(Array(text.utf8), place) }
        }
    }

    @Test(arguments: 1...8)
    func `with any bytes in them are written as their values are, or not at all`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        let odd = Array(" -+:.TZ0123456789\"\\\u{1}aAfFzZ".utf8) + [0x00, 0x80, 0xC3, 0xA9, 0xFF]
        for _ in 0..<3_000 {
            let place = Self.places.randomElement(using: &random)!
            var text = Array(Self.texts.randomElement(using: &random)!.utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) {
                let index = Int.random(in: 0...text.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text.insert(odd.randomElement(using: &random)!, at: index)
                case 1 where index < text.count: text[index] = odd.randomElement(using: &random)!
                case _ where index < text.count: text.remove(at: index)
                default: break
                }
            }
            Self.expectSame(text, place)
        }
    }

    @Test(arguments: 1...8)
    func `with any value in them are written as it is`(seed: UInt64) {
        var random = SeededNumbers(seed: seed)
        for place in Self.places where place.column.choices == nil {
            for _ in 0..<100 {
                let text: String
                switch place.column.kind {
                case .bool: text = Bool.random(using: &random) ? "t" : "f"
                case .integer:
                    text = String(Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random))
                case .money:
                    text = Money(cents: Int64.random(in: -Money.limit.cents...Money.limit.cents, using: &random)).description
                case .day: text = Day(number: .random(in: -719_162...2_932_896, using: &random)).description
                case .timestamp: text = Self.time(&random)
                case .uuid: text = UUID.v7().description
                case .text, .moneySum:
                    text = String(String.UnicodeScalarView((0..<20).map { _ in Self.scalar(&random) }))
                }
                #expect(Self.written(Array(text.utf8), place) != nil, "\(place.column.name): \(text)")
                Self.expectSame(Array(text.utf8), place)
            }
        }
    }

    /// A time as PostgreSQL writes it.
    private static func time(_ random: inout SeededNumbers) -> String {
        var time = Timestamp(microseconds: .random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &random))
        let unit = [1, 1_000, 1_000_000].randomElement(using: &random)! as Int64
        time.microseconds -= time.microseconds % unit
        var text = time.description.replacing("T", with: " ").dropLast()
        while text.last == "0" { text.removeLast() }
        if text.last == "." { text.removeLast() }
        return text + "+00"
    }

    private static func scalar(_ random: inout SeededNumbers) -> Unicode.Scalar {
        let ranges: [ClosedRange<UInt32>] = [0x01...0x7F, 0x20...0x7E, 0x80...0x7FF, 0x800...0xD7FF, 0x1_0000...0x10_FFFF]
        return Unicode.Scalar(UInt32.random(in: ranges.randomElement(using: &random)!, using: &random))!
    }
}
