/// Texts of PostgreSQL that are recognized by their bytes, so that they need not be read as values to be written.
///
/// Each question is asked of bytes of any origin. What is not recognized may be a value all the same, in a form that is rare.
enum PlainText {
    /// A whole number of so few digits that it fits into 64 bits, as JSON writes it.
    static func isInteger(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let digits = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(bytes.first == UInt8(ascii: "-") ? 1 : 0))
        guard 1...18 ~= digits.count, digits[0] != UInt8(ascii: "0") || bytes.count == 1 else { return false }
        return areDigits(digits, 0, digits.count)
    }

    /// An amount of money with two decimals, as JSON has it.
    static func isMoney(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let amount = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(bytes.first == UInt8(ascii: "-") ? 1 : 0))
        let integers = amount.count - 3
        guard 1...12 ~= integers, amount[integers] == UInt8(ascii: "."), areDigits(amount, 0, integers),
            areDigits(amount, integers + 1, 2)
        else { return false }
        // No zero in front of others, and none with a minus.
        return amount[0] != UInt8(ascii: "0") || integers == 1 && amount.count == bytes.count
    }

    /// A date of the years 1 to 9999, but for those days that not every month or year has.
    static func isDay(_ bytes: UnsafeRawBufferPointer) -> Bool { bytes.count == 10 && startsWithDay(bytes) }

    /// A UUID in lower case.
    static func isUUID(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count == 36 else { return false }
        for index in 0..<36 {
            switch (bytes[index], index) {
            case (UInt8(ascii: "-"), 8), (UInt8(ascii: "-"), 13), (UInt8(ascii: "-"), 18), (UInt8(ascii: "-"), 23): continue
            case (_, 8), (_, 13), (_, 18), (_, 23): return false
            case (UInt8(ascii: "0")...UInt8(ascii: "9"), _), (UInt8(ascii: "a")...UInt8(ascii: "f"), _): continue
            default: return false
            }
        }
        return true
    }

    /// A time in UTC as PostgreSQL writes it: a blank between day and time, an offset of `+00`, and of the decimals none of the
    /// zeros at the end.
    static func isTimestamp(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let end = bytes.count - 3
        guard end == 19 || 21...26 ~= end, startsWithDay(bytes), bytes[10] == UInt8(ascii: " "), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":"), bytes[end] == UInt8(ascii: "+"), bytes[end + 1] == UInt8(ascii: "0"),
            bytes[end + 2] == UInt8(ascii: "0"), areDigits(bytes, 11, 2), areDigits(bytes, 14, 2), areDigits(bytes, 17, 2),
            number(bytes, 11) < 24, number(bytes, 14) < 60, number(bytes, 17) < 60
        else { return false }
        return end == 19 || bytes[19] == UInt8(ascii: ".") && areDigits(bytes, 20, end - 20)
    }

    private static func startsWithDay(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard areDigits(bytes, 0, 4), bytes[4] == UInt8(ascii: "-"), areDigits(bytes, 5, 2), bytes[7] == UInt8(ascii: "-"),
            areDigits(bytes, 8, 2)
        else { return false }
        let (month, day) = (number(bytes, 5), number(bytes, 8))
        return 1...12 ~= month && 1...(month == 2 ? 28 : 30) ~= day && number(bytes, 0) + number(bytes, 2) > 0
    }

    private static func areDigits(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ count: Int) -> Bool {
        for index in start..<start + count where bytes[index] &- UInt8(ascii: "0") > 9 { return false }
        return true
    }

    /// A number of two digits.
    private static func number(_ bytes: UnsafeRawBufferPointer, _ start: Int) -> Int {
        Int(bytes[start] &- UInt8(ascii: "0")) * 10 + Int(bytes[start + 1] &- UInt8(ascii: "0"))
    }
}
