import Model
import Testing

@testable import Service

@Suite struct `The environment` {
    private enum Colour: String, CaseIterable { case red, green }

    private let text = Setting("T", default: "text", "A text.")
    private let number = Setting("N", default: 7, in: 1...100, "A number.")
    private let colour = Setting("C", default: Colour.green, "A colour.")
    private let price = Setting("P", default: 1.5, expects: "a number", "A price.") { Double($0) }

    private func integer(_ text: String) -> (value: Int, problems: [String]) {
        var reader = EnvironmentReader(["N": text])
        let value = reader.read(number)
        return (value, reader.problems)
    }

    @Test func `has defaults for what is not set`() {
        var reader = EnvironmentReader([:])
        #expect(reader.read(text) == "text")
        #expect(reader.read(number) == 7)
        #expect(reader.read(colour) == .green)
        #expect(reader.read(price) == 1.5)
        #expect(reader.problems.isEmpty)
        #expect(reader.effective.map { "\($0.name)=\($0.value)" } == ["T=text", "N=7", "C=green", "P=1.5"])
    }

    @Test func `has the default that was found out where the declared one is not meant`() {
        var reader = EnvironmentReader(["C": "red"])
        #expect(reader.read(number, default: 12) == 12)
        #expect(reader.read(colour, default: .green) == .red)
        #expect(reader.effective.map { "\($0.name)=\($0.value)" } == ["N=12", "C=red"])
    }

    @Test func `has values for what is set`() {
        var reader = EnvironmentReader(["T": "other", "N": "8", "C": "red", "P": "2"])
        #expect(reader.read(text) == "other")
        #expect(reader.read(number) == 8)
        #expect(reader.read(colour) == .red)
        #expect(reader.read(price) == 2)
        #expect(reader.problems.isEmpty)
        #expect(reader.effective.map { "\($0.name)=\($0.value)" } == ["T=other", "N=8", "C=red", "P=2.0"])
    }

    @Test func `takes an empty variable for one that is not set`() {
        var reader = EnvironmentReader(["T": "", "N": "", "C": ""])
        #expect(reader["T"] == nil)
        #expect(reader.names.isEmpty)
        #expect(reader.read(text) == "text")
        #expect(reader.read(number) == 7)
        #expect(reader.read(colour) == .green)
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
        #expect(reader.read(colour) == .green)
        #expect(reader.problems == ["C is \"\(text)\"; expected is red or green."])
        #expect(reader.effective.isEmpty)
    }

    @Test func `names what a parser does not understand`() {
        var reader = EnvironmentReader(["P": "x"])
        #expect(reader.read(price) == 1.5)
        #expect(reader.problems == ["P is \"x\"; expected is a number."])
    }

    @Test func `gathers all problems in the order of reading`() {
        var reader = EnvironmentReader(["A": "x", "B": "y", "C": "z"])
        for name in ["B", "A"] { _ = reader.read(Setting(name, default: 1, in: 1...2, "A number.")) }
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
