import Model
import Testing

@Suite struct `A day` {
    @Test(arguments: [
        ("1970-01-01", 0), ("1969-12-31", -1), ("2000-02-29", 11_016), ("2026-11-21", 20_778), ("1900-03-01", -25_508),
        ("0001-01-01", -719_162), ("9999-12-31", 2_932_896), ("2024-12-31", 20_088), ("0400-02-29", -573_372),
    ])
    func `is a number of days since 1970`(text: String, number: Int32) throws {
        let day = try #require(Day(text))
        #expect(day.number == number)
        #expect(day.description == text)
        #expect(Day(number: number) == day)
    }

    @Test(arguments: [
        "", "2026-11", "2026-1-1", "26-01-01", "2026-00-10", "2026-13-01", "2026-01-00", "2026-01-32", "2026-04-31", "2026-02-29",
        "1900-02-29", "2100-02-29", "0000-01-01", "10000-01-01", "-001-01-01", "2026-01-01 ", " 2026-01-01", "2026/01/01",
        "2026-01-01T00:00:00Z", "2026-01-0a", "20260101", "infinity", "0044-03-15 BC", "２０２６-01-01",
    ])
    func `is not read from what is no day of the calendar`(text: String) {
        #expect(Day(text) == nil)
    }

    /// Every day of the calendar: each follows the one before, and comes back from its text.
    @Test func `is one of 3652059, each after the other`() throws {
        let first = try #require(Day("0001-01-01"))
        let last = try #require(Day("9999-12-31"))
        var previous = (year: 0, month: 12, day: 31)
        for number in stride(from: first.number, through: last.number, by: 1) {
            let civil = Day(number: number).civil
            let isNext =
                civil == (previous.year, previous.month, previous.day + 1)
                || civil == (previous.year, previous.month + 1, 1) || civil == (previous.year + 1, 1, 1)
            let isSame = Day(year: civil.year, month: civil.month, day: civil.day)?.number == number
            if !isNext || !isSame { Issue.record("\(number) is \(civil) after \(previous)") }
            previous = civil
        }
        #expect(last.number - first.number + 1 == 3_652_059)
    }

    @Test func `has the lengths of its months`() {
        let lengths = (1...12).map { month in (1...31).last { Day(year: 2023, month: month, day: $0) != nil } }
        #expect(lengths == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
        #expect(Day(year: 2024, month: 2, day: 29) != nil)
        #expect(Day(year: 2000, month: 2, day: 29) != nil)
        #expect(Day(year: 1900, month: 2, day: 29) == nil)
        #expect(Day(year: .max, month: 1, day: 1) == nil)
        #expect(Day(year: 2024, month: .min, day: 1) == nil)
    }

    @Test func `is ordered by the calendar`() throws {
        #expect(try #require(Day("2025-12-31")) < #require(Day("2026-01-01")))
        #expect(try #require(Day("1969-12-31")) < #require(Day("1970-01-01")))
    }
}
