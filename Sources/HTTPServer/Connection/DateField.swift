internal import EventLoop

/// The field `Date` (RFC 9110 section 6.6.1), made once a second.
final class DateField {
    /// `Date: Sun, 06 Nov 1994 08:49:37 GMT` and a line end.
    private var present: [UInt8] = []
    /// The loop's clock when the line is outdated.
    private var expiry: UInt64 = 0

    /// The line.
    ///
    /// - Parameter now: the loop's clock in milliseconds.
    @inline(__always)
    func line(_ now: UInt64) -> [UInt8] {
        if now >= expiry { renew(now) }
        return present
    }

    @inline(never)
    private func renew(_ now: UInt64) {
        let wall = SystemClock.wall
        present = Self.line(seconds: wall / 1_000_000_000)
        expiry = now + 1_000 - wall / 1_000_000 % 1_000
    }

    /// The line for a time in seconds since 1970: IMF-fixdate of RFC 9110 section 5.6.7.
    static func line(seconds: UInt64) -> [UInt8] {
        let days = Int(seconds / 86_400)
        let second = Int(seconds % 86_400)
        let (year, month, day) = civilDate(days)
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][days % 7]
        let name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
        let time = "\(two(second / 3_600)):\(two(second / 60 % 60)):\(two(second % 60))"
        return Array("Date: \(weekday), \(two(day)) \(name) \(year) \(time) GMT\r\n".utf8)
    }

    private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// The date of a day counted from 1970 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years begin in March).
    private static func civilDate(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}
