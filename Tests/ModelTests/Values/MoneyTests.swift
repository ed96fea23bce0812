import Model
import Testing

@Suite struct `An amount of money` {
    @Test(arguments: [
        ("0", 0), ("0.00", 0), ("34.47", 3447), ("34.4", 3440), ("34", 3400), ("-0.01", -1), ("-12.5", -1250), ("-0", 0),
        ("007.10", 710), ("000000000012.34", 1234), ("999999999999.99", 99_999_999_999_999),
        ("-999999999999.99", -99_999_999_999_999),
    ])
    func `is read from a decimal string`(text: String, cents: Int64) {
        #expect(Money(text)?.cents == cents)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "-.5", "1.234", "1,5", "1e3", "+1", " 1", "1 ", "--1", "1-", "1.2.3", "$1", "0x1", "NaN", "١",
        "1000000000000", "9999999999999.99", "0000000000001", "1\u{0}",
    ])
    func `is not read from anything else`(text: String) {
        #expect(Money(text) == nil)
    }

    @Test(arguments: [
        (0, "0.00"), (1, "0.01"), (-1, "-0.01"), (10, "0.10"), (100, "1.00"), (3447, "34.47"), (-1205, "-12.05"),
        (99_999_999_999_999, "999999999999.99"), (Int64.min, "-92233720368547758.08"),
    ])
    func `is written with two decimals`(cents: Int64, text: String) {
        #expect(Money(cents: cents).description == text)
    }

    @Test func `is read as it was written`() {
        for cents in [0, 1, 9, 10, 99, 100, 101, 12_345_678, Money.limit.cents] as [Int64] {
            #expect(Money(Money(cents: cents).description) == Money(cents: cents))
            #expect(Money(Money(cents: -cents).description) == Money(cents: -cents))
        }
    }

    @Test func `is a part of a longer text too`() {
        #expect(Money("price=5.25;".dropFirst(6).dropLast()) == Money(cents: 525))
    }

    @Test func `is ordered and added by its hundredths`() {
        #expect(Money(cents: -1) < Money(cents: 0))
        #expect(Money("9.99")! < Money("10")!)
        #expect(Money("0.10")! + Money("0.20")! == Money("0.3")!)
    }

    @Test func `of many pieces is their sum, up to the limit`() {
        func total(_ parts: (Int64, Int64)...) -> Money? {
            Money.total(parts.map { (price: Money(cents: $0), quantity: $1) })
        }
        let limit = Money.limit.cents
        #expect(total() == Money(cents: 0))
        #expect(total((999, 3), (1, 1)) == Money(cents: 2998))
        #expect(total((limit, 1)) == Money.limit)
        #expect(total((limit, 1), (1, 1)) == nil)
        // Far beyond 64 bits on the way.
        #expect(total((.max, .max), (.max, .max)) == nil)
        #expect(total((.max, .max), (-.max, .max)) == Money(cents: 0))
    }

    @Test(arguments: [
        ("60.01", "8.25", "4.95"),  // 4.950825
        ("0.01", "50", "0.01"),  // 0.005, half away from zero
        ("-0.01", "50", "-0.01"), ("0.01", "49.9999", "0.00"), ("-0.01", "49.9999", "0.00"), ("0.02", "25", "0.01"),
        ("100", "0", "0.00"), ("100", "100", "100.00"), ("999999999999.99", "100", "999999999999.99"),
        ("999999999999.99", "33.3333", "333333000000.00"), ("357.33", "8.25", "29.48"), ("31.84", "8.25", "2.63"),
        ("1.00", "0.0001", "0.00"),
    ])
    func `has shares that are rounded half away from zero`(amount: String, percent: String, share: String) throws {
        let (amount, percent) = (try #require(Money(amount)), try #require(Percent(percent)))
        #expect(amount.share(percent).description == share)
    }
}

@Suite struct `A percentage` {
    @Test(arguments: [
        ("0", "0"), ("8.25", "8.25"), ("100", "100"), ("100.0000", "100"), ("0.0001", "0.0001"), ("19.50", "19.5"), ("007", "7"),
    ])
    func `is read and written with up to four decimals`(text: String, written: String) {
        #expect(Percent(text)?.description == written)
    }

    @Test(arguments: [
        "", ".", "8.", ".5", "-1", "+1", "8,25", "8.25%", "100.0001", "101", "8.12345", "1e1", " 8", "1.2.3", "٨",
        "99999999999999999999",
    ])
    func `is not read from anything else`(text: String) {
        #expect(Percent(text) == nil)
    }
}
