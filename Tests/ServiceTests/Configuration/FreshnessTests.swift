import Testing

@testable import Service

@Suite struct `A bound of freshness` {
    @Test(
        arguments: [
            ("strict", 0, "strict"), ("1ms", 1, "1ms"), ("50ms", 50, "50ms"), ("60000ms", 60_000, "60000ms"),
            ("1s", 1_000, "1000ms"),
            ("60s", 60_000, "60000ms"), ("050ms", 50, "50ms"),
        ] as [(String, Int64, String)])
    func `is strict, or a time of up to a minute`(text: String, milliseconds: Int64, description: String) throws {
        let freshness = try #require(Freshness(text))
        #expect(freshness.milliseconds == milliseconds)
        #expect(freshness.description == description)
        #expect(Freshness(freshness.description) == freshness)
    }

    @Test(arguments: [
        "", "0", "0ms", "0s", "50", "ms", "s", "-1ms", "-1s", "+50ms", "1.5s", "50 ms", " 50ms", "50ms ", "50MS", "50us", "1m",
        "1h",
        "61s", "60001ms", "9223372036854775808ms", "99999999999999999999s", "Strict", "strict ", "STRICT", "off", "0x10ms",
        "ten s",
    ])
    func `is nothing else`(text: String) {
        #expect(Freshness(text) == nil)
    }
}
