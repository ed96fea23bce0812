/// A date of the proleptic Gregorian calendar, from year 1 to 9999. In JSON and text `YYYY-MM-DD`.
public struct Day: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public var number: Int32

    public init(number: Int32) { self.number = number }

    /// Nil where the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard 1...9999 ~= year, 1...12 ~= month, day >= 1, day <= Self.length(ofMonth: month, year) else { return nil }
        // "chrono-Compatible Low-Level Date Algorithms", Howard Hinnant, days_from_civil.
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        number = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Reads `YYYY-MM-DD`; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let day = DigitReader.read(text) { reader -> Day? in
            guard let day = Day(&reader), reader.isAtEnd else { return nil }
            return day
        }
        guard let day else { return nil }
        self = day
    }

    init?(_ reader: inout DigitReader) {
        guard let year = reader.number(digits: 4), reader.skip("-"), let month = reader.number(digits: 2), reader.skip("-"),
            let day = reader.number(digits: 2)
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    /// Year, month and day.
    public var civil: (year: Int, month: Int, day: Int) {
        // civil_from_days of the same source.
        let shifted = Int(number) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    public var description: String {
        String(unsafeUninitializedCapacity: 10) { buffer in
            write(to: buffer, at: 0)
            return 10
        }
    }

    /// Earlier days are less.
    public static func < (a: Day, b: Day) -> Bool { a.number < b.number }

    private static func length(ofMonth month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    func write(to buffer: UnsafeMutableBufferPointer<UInt8>, at start: Int) {
        let (year, month, day) = civil
        buffer.write(year, digits: 4, at: start)
        buffer[start + 4] = UInt8(ascii: "-")
        buffer.write(month, digits: 2, at: start + 5)
        buffer[start + 7] = UInt8(ascii: "-")
        buffer.write(day, digits: 2, at: start + 8)
    }
}

extension UnsafeMutableBufferPointer<UInt8> {
    func write(_ number: Int, digits: Int, at start: Int) {
        var rest = number
        for index in stride(from: start + digits - 1, through: start, by: -1) {
            self[index] = UInt8(ascii: "0") + UInt8(rest % 10)
            rest /= 10
        }
    }
}

/// Reads the fixed-width numbers of dates and times.
struct DigitReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    /// Calls `body` with a reader of a text.
    static func read<Result>(_ text: some StringProtocol, _ body: (inout DigitReader) -> Result) -> Result {
        var text = String(text)
        return text.withUTF8 { bytes in
            var reader = DigitReader(bytes: bytes)
            return body(&reader)
        }
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func number(digits: Int) -> Int? {
        guard bytes.count - position >= digits else { return nil }
        var number = 0
        for byte in bytes[position..<position + digits] {
            guard 48...57 ~= byte else { return nil }
            number = number * 10 + Int(byte - 48)
        }
        position += digits
        return number
    }

    /// Passes over the next byte if it is one of `characters`.
    mutating func skip(_ characters: StaticString) -> Bool {
        guard let next, characters.withUTF8Buffer({ $0.contains(next) }) else { return false }
        position += 1
        return true
    }
}
