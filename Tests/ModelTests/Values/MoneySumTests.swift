import Model
import Testing

@Suite struct `A sum of money` {
    @Test func `may be more than one amount, and than 64 bits hold`() {
        var sum = MoneySum()
        for _ in 0..<200_000 { sum += Money.limit }
        #expect(sum.cents == 200_000 * Int128(Money.limit.cents))
        #expect(sum.description == "199999999999998000.00")
    }

    @Test(arguments: [
        "0.00", "0.07", "-0.07", "1199999999999.88", "-1199999999999.88", "92233720368547758.08", "1234567890123456789012345.67",
    ])
    func `is read as it is written`(text: String) {
        #expect(MoneySum(text)?.description == text)
    }

    @Test(arguments: [
        "", "-", ".", ".00", "1", "1.", "1.0", "1.000", "+1.00", "--1.00", "1.-1", "1.+1", "1,00", "1.00 ", "NaN", "Infinity",
        "1e3",
        "1.00.00", "١.٠٠", "9999999999999999999999999999999999999999.00",
    ])
    func `is not read from anything else`(text: String) {
        #expect(MoneySum(text) == nil)
    }
}
