import Model
import Testing

@Suite struct `A timestamp` {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1970-01-01T00:00:00.000001Z", 1), ("1969-12-31T23:59:59.999999Z", -1),
        ("2026-11-21T09:21:14Z", 1_795_252_874_000_000), ("2026-11-21t09:21:14.5z", 1_795_252_874_500_000),
        ("2026-11-21T09:21:14.123456Z", 1_795_252_874_123_456), ("2026-11-21T09:21:14.100Z", 1_795_252_874_100_000),
    ])
    func `is read as RFC 3339 writes it`(text: String, microseconds: Int64) {
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    /// RFC 3339, section 5.6: time-secfrac is one digit or more.
    @Test(arguments: [
        ("2024-01-01T00:00:00.123456789Z", "2024-01-01T00:00:00.123456Z"),
        ("2024-01-01T00:00:00.000000000Z", "2024-01-01T00:00:00.000000Z"),
        ("2024-01-01T00:00:00.9999999Z", "2024-01-01T00:00:00.999999Z"),
        ("2024-01-01T01:00:00.1234567+01:00", "2024-01-01T00:00:00.123456Z"),
        ("2024-01-01 00:00:00.1234567890123456789012345678901234567890+00", "2024-01-01T00:00:00.123456Z"),
        ("1969-12-31T23:59:59.9999999Z", "1969-12-31T23:59:59.999999Z"),
    ])
    func `has any number of digits behind its point, of which six are kept`(text: String, kept: String) {
        #expect(Timestamp(text)?.description == kept)
    }

    /// RFC 3339, section 5.7: at the end of a month in UTC, whatever the offset.
    @Test(arguments: [
        ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000000Z"), ("1990-12-31T15:59:60-08:00", "1991-01-01T00:00:00.000000Z"),
        ("2015-06-30T23:59:60.25Z", "2015-07-01T00:00:00.250000Z"), ("2016-12-31T23:59:60", nil), ("2016-12-30T23:59:60Z", nil),
        ("2016-12-31T22:59:60Z", nil), ("2016-12-31T23:59:60+01:00", nil), ("9999-12-31T23:59:60Z", nil),
    ])
    func `may be a leap second`(text: String, expected: String?) {
        #expect(Timestamp(text)?.description == expected)
    }

    @Test(arguments: [
        "2026-11-21T10:21:14+01:00", "2026-11-21T04:21:14-05:00", "2026-11-21T14:51:14+05:30", "2026-11-20T22:21:14-11:00",
        "2026-11-22T09:20:14+23:59", "2026-11-21T09:21:14-00:00", "2026-11-21T09:21:14+00:00", "2026-11-21T05:51:14-03:30",
    ])
    func `is the same with any offset`(text: String) {
        #expect(Timestamp(text)?.description == "2026-11-21T09:21:14.000000Z")
    }

    @Test(arguments: [
        "2026-11-21 09:21:14+00", "2026-11-21 09:21:14.0+00", "2026-11-21 11:21:14+02", "2026-11-21 14:51:14+05:30",
        "2026-11-21 04:21:14-05",
    ])
    func `is read as PostgreSQL writes it`(text: String) {
        #expect(Timestamp(text)?.description == "2026-11-21T09:21:14.000000Z")
    }

    @Test(arguments: [
        "", "2026-11-21", "2026-11-21T09:21:14", "2026-11-21T09:21Z", "2026-11-21T24:00:00Z", "2026-11-21T09:60:00Z",
        "2026-11-21T09:21:60Z", "2026-11-21T09:21:61Z", "2026-11-21T09:21:14.Z", "2026-11-21T09:21:14.12345678",
        "2026-11-21T09:21:14,5Z", "2026-11-21T09:21:14Z ", " 2026-11-21T09:21:14Z", "2026-11-21T09:21:14+",
        "2026-11-21T09:21:14+1",
        "2026-11-21T09:21:14+24:00", "2026-11-21T09:21:14+01:60", "2026-11-21T09:21:14+01:", "2026-11-21T09:21:14+0100",
        "2026-11-21T09:21:14ZZ", "2026-02-30T09:21:14Z", "2026-11-21X09:21:14Z", "infinity", "-infinity",
        "0044-03-15 00:00:00+00 BC", "12026-11-21T09:21:14Z", "2026-11-21T09:21:14+00:00:30", "1795252874",
    ])
    func `is not read from anything else`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test func `lies in the years 1 to 9999, whatever its offset`() {
        #expect(Timestamp("0001-01-01T00:00:00Z") != nil)
        #expect(Timestamp("0001-01-01T00:00:00+00:01") == nil)
        #expect(Timestamp("0001-01-01T00:00:00-00:01") != nil)
        #expect(Timestamp("9999-12-31T23:59:59.999999Z") != nil)
        #expect(Timestamp("9999-12-31T23:59:59.999999-00:01") == nil)
        #expect(Timestamp("0000-12-31T23:59:59Z") == nil)
    }

    @Test(arguments: [
        "0001-01-01T00:00:00.000000Z", "1969-12-31T23:59:59.999999Z", "1970-01-01T00:00:00.000000Z",
        "2000-02-29T12:34:56.789012Z", "2026-11-21T09:21:14.000001Z", "9999-12-31T23:59:59.999999Z",
    ])
    func `is read as it was written`(text: String) {
        #expect(Timestamp(text)?.description == text)
    }

    @Test func `of now is later than the day on which this was written`() throws {
        let now = Timestamp.now
        #expect(now > (try #require(Timestamp("2024-01-01T00:00:00Z"))))
        #expect(Timestamp(now.description) == now)
    }
}
