import HTTPServer
import LarderTesting
import Testing

@testable import API

/// RFC 7240.
@Suite struct `The preference for a minimal answer` {
    private func isMinimal(_ headers: KeyValuePairs<String, String>) throws -> Bool {
        Preference.isMinimal(try Request("POST", "/", "{}", headers: headers))
    }

    @Test(arguments: [
        "return=minimal", "RETURN=minimal", "return = minimal", "return=\"minimal\"", "return=minimal; foo=bar",
        "respond-async, return=minimal", "wait=10 ,return=minimal, return=representation",
        #"note="a, return=representation", return=minimal"#,
    ])
    func `is one of a list`(value: String) throws {
        #expect(try isMinimal(["Prefer": value]))
    }

    @Test(arguments: [
        "", "minimal", "return", "return=", "return=representation", "return=representation, return=minimal",
        "returns=minimal", "return=minimally", "handling=lenient; return=minimal",
        #"note="a, return=minimal""#, #"note="a;b, return=minimal", return=representation"#, #"note="\", return=minimal""#,
    ])
    func `is not another one`(value: String) throws {
        #expect(try !isMinimal(["Prefer": value]))
    }

    @Test func `may stand in a line of its own`() throws {
        #expect(try isMinimal(["Prefer": "wait=5", "prefer": "return=minimal"]))
        #expect(try !isMinimal([:]))
    }
}
