import Testing

@testable import Service

@Suite struct `The environment` {
    private enum Colour: String, CaseIterable { case red, green }

    private func integer(_ text: String?, in range: ClosedRange<Int> = 1...100) -> (value: Int, problems: [String]) {
        var reader = EnvironmentReader(text.map { ["N": $0] } ?? [:])
        let value = reader.integer("N", default: 7, in: range)
        return (value, reader.problems)
    }

    @Test func `has defaults for what is not set`() {
        var reader = EnvironmentReader([:])
        #expect(reader.text("T", default: "text") == "text")
        #expect(reader.integer("N", default: 7, in: 1...100) == 7)
        #expect(reader.choice("C", default: Colour.green) == .green)
        #expect(reader.parsed("P", default: 1.5, "a number") { Double($0) } == 1.5)
        #expect(reader.problems.isEmpty)
        #expect(reader.effective.map { "\($0.name)=\($0.value)" } == ["T=text", "N=7", "C=green", "P=1.5"])
    }

    @Test func `has values for what is set`() {
        var reader = EnvironmentReader(["T": "other", "N": "8", "C": "red", "P": "2"])
        #expect(reader.text("T", default: "text") == "other")
        #expect(reader.integer("N", default: 7, in: 1...100) == 8)
        #expect(reader.choice("C", default: Colour.green) == .red)
        #expect(reader.parsed("P", default: 1.5, "a number") { Double($0) } == 2)
        #expect(reader.problems.isEmpty)
        #expect(reader.effective.map { "\($0.name)=\($0.value)" } == ["T=other", "N=8", "C=red", "P=2.0"])
    }

    @Test func `takes an empty variable for one that is not set`() {
        var reader = EnvironmentReader(["T": "", "N": "", "C": ""])
        #expect(reader["T"] == nil)
        #expect(reader.names.isEmpty)
        #expect(reader.text("T", default: "text") == "text")
        #expect(reader.integer("N", default: 7, in: 1...100) == 7)
        #expect(reader.choice("C", default: Colour.green) == .green)
        #expect(reader.problems.isEmpty)
    }

    @Test(arguments: [("1", 1), ("100", 100), ("007", 7), ("42", 42)])
    func `has whole numbers`(text: String, expected: Int) {
        #expect(integer(text).value == expected)
        #expect(integer(text).problems.isEmpty)
    }

    @Test(arguments: ["0", "101", "-1", "+5", "1.0", "1e1", "ten", " 5", "5 ", "0x5", "5,0", "99999999999999999999", "٣"])
    func `names a number that it does not understand, and what is expected`(text: String) {
        let (value, problems) = integer(text)
        #expect(value == 7)
        #expect(problems == ["N is \"\(text)\"; expected is a whole number from 1 to 100."])
    }

    @Test(arguments: ["Red", "RED", "blue", " red", "red,green"])
    func `names a choice that it does not know, and those there are`(text: String) {
        var reader = EnvironmentReader(["C": text])
        #expect(reader.choice("C", default: Colour.green) == .green)
        #expect(reader.problems == ["C is \"\(text)\"; expected is red or green."])
        #expect(reader.effective.isEmpty)
    }

    @Test func `names what a parser does not understand`() {
        var reader = EnvironmentReader(["P": "x"])
        #expect(reader.parsed("P", default: 1.5, "a number") { Double($0) } == 1.5)
        #expect(reader.problems == ["P is \"x\"; expected is a number."])
    }

    @Test func `gathers all problems in the order of reading`() {
        var reader = EnvironmentReader(["A": "x", "B": "y", "C": "z"])
        _ = reader.integer("B", default: 1, in: 1...2)
        _ = reader.integer("A", default: 1, in: 1...2)
        reader.rejectSecret("C", "it is wrong")
        #expect(reader.problems.count == 3)
        #expect(reader.problems.map { $0.prefix(1) } == ["B", "A", "C"])
    }

    @Test func `does not repeat a secret`() {
        var reader = EnvironmentReader(["URL": "hunter2"])
        reader.rejectSecret("URL", "it has no host")
        #expect(reader.problems == ["URL: it has no host."])
    }

    @Test func `has names in order`() {
        #expect(EnvironmentReader(["B": "1", "A": "2", "C": ""]).names == ["A", "B"])
    }
}
