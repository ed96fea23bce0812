#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A moment, to the microsecond. In JSON and text RFC 3339 in UTC: `2026-11-21T09:21:14.000000Z`.
public struct Timestamp: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// By the system's clock.
    public static var now: Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Reads RFC 3339 (section 5.6) with any offset, and the form of PostgreSQL (a blank for the `T`, an offset of hours alone);
    /// nil for anything else. What is finer than a microsecond is cut off. A leap second, which can only be the last one of a
    /// month in UTC, is the second after it, as in POSIX and PostgreSQL.
    public init?(_ text: some StringProtocol) {
        guard let timestamp = DigitReader.read(text, { Timestamp(&$0) }) else { return nil }
        self = timestamp
    }

    private init?(_ reader: inout DigitReader) {
        guard let date = Day(&reader), reader.skip("Tt "),
            let hour = reader.number(digits: 2), reader.skip(":"), let minute = reader.number(digits: 2), reader.skip(":"),
            let second = reader.number(digits: 2), hour < 24, minute < 60, second <= 60, let fraction = Self.fraction(&reader)
        else { return nil }
        var offset = 0
        if !reader.skip("Zz") {
            let isNegative = reader.next == UInt8(ascii: "-")
            guard reader.skip("+-"), let hours = reader.number(digits: 2), hours < 24 else { return nil }
            offset = hours * 60
            if reader.skip(":") {
                guard let minutes = reader.number(digits: 2), minutes < 60 else { return nil }
                offset += minutes
            }
            if isNegative { offset = -offset }
        }
        guard reader.isAtEnd else { return nil }
        let minutes = Int64(date.number) * 1440 + Int64(hour * 60 + minute - offset)
        microseconds = (minutes * 60 + Int64(second)) * 1_000_000 + fraction
        guard Self.range ~= microseconds else { return nil }  // an offset may lead out of the calendar's years
        if second == 60 {
            let (day, secondOfDay) = ((microseconds - fraction) / 1_000_000).quotientAndRemainder(dividingBy: 86_400)
            guard secondOfDay == 0, Day(number: Int32(day)).civil.day == 1 else { return nil }
        }
    }

    /// Reads a point and digits, any number of them, if there are any; nil for a point without a digit.
    private static func fraction(_ reader: inout DigitReader) -> Int64? {
        guard reader.skip(".") else { return 0 }
        guard let first = reader.number(digits: 1) else { return nil }
        var unit: Int64 = 100_000
        var fraction = Int64(first) * unit
        while let digit = reader.number(digits: 1) {
            unit /= 10  // 0 behind the sixth
            fraction += Int64(digit) * unit
        }
        return fraction
    }

    /// The microseconds of the years 1 to 9999.
    private static let range: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999

    public var description: String {
        String(unsafeUninitializedCapacity: Self.length) { buffer in
            write(to: buffer)
            return Self.length
        }
    }

    /// The bytes of its text.
    static let length = 27

    func write(to buffer: UnsafeMutableBufferPointer<UInt8>) {
        let perDay: Int64 = 86_400_000_000
        let day = (microseconds >= 0 ? microseconds : microseconds - perDay + 1) / perDay
        let rest = Int(microseconds - day * perDay)
        let seconds = rest / 1_000_000
        Day(number: Int32(day)).write(to: buffer, at: 0)
        buffer[10] = UInt8(ascii: "T")
        buffer.write(seconds / 3600, digits: 2, at: 11)
        buffer[13] = UInt8(ascii: ":")
        buffer.write(seconds / 60 % 60, digits: 2, at: 14)
        buffer[16] = UInt8(ascii: ":")
        buffer.write(seconds % 60, digits: 2, at: 17)
        buffer[19] = UInt8(ascii: ".")
        buffer.write(rest % 1_000_000, digits: 6, at: 20)
        buffer[26] = UInt8(ascii: "Z")
    }

    /// Earlier times are less.
    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.microseconds < b.microseconds }
}
