import HTTPServer
import Testing

@Suite("Percent-decoding (RFC 3986 section 2.1)")
struct PercentDecodingTests {
    private func segment(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        return ByteRange(0..<bytes.count).decodedPathSegment(in: bytes.span)
    }

    private func component(_ text: String) -> String? {
        let bytes = Array(text.utf8)
        return ByteRange(0..<bytes.count).decodedQueryComponent(in: bytes.span)
    }

    @Test(
        "gives the text",
        arguments: [
            ("", ""), ("products", "products"), ("%41%62", "Ab"), ("a%2Fb", "a/b"), ("%2f", "/"), ("%C3%A4", "ä"),
            ("%e2%82%ac", "€"), ("%F0%9F%98%80", "😀"), ("100%25", "100%"), ("%2500", "%00"), ("a%20b", "a b"), ("%0A", "\n"),
        ]
    )
    func text(_ encoded: String, _ decoded: String) {
        #expect(segment(encoded) == decoded)
        #expect(component(encoded) == decoded)
    }

    @Test(
        "refuses what is malformed, is not UTF-8, or holds NUL",
        arguments: [
            "%", "%4", "a%", "%4g", "%g4", "%+4", "%%41", "%00", "a%00b", "\0", "%80", "%C3", "%C3%28", "%C0%80", "%ED%A0%80",
            "%FF",
            "%F5%80%80%80", "%E2%82",
        ])
    func refused(_ encoded: String) {
        #expect(segment(encoded) == nil)
        #expect(component(encoded) == nil)
    }

    @Test("takes + for a space in a query, and for itself in a path")
    func plus() {
        #expect(segment("a+b") == "a+b")
        #expect(component("a+b%2B") == "a b+")
    }

    @Test("stays within its range", arguments: [(1..<7, "AB"), (1..<6, nil), (4..<4, "")])
    func range(_ range: Range<Int>, _ decoded: String?) {
        let bytes = Array("/%41%42/x".utf8)
        let text = ByteRange(range).decodedPathSegment(in: bytes.span)
        #expect(text == decoded)
    }

    @Test("decodes text of any length")
    func long() {
        #expect(segment(String(repeating: "%C3%A4", count: 2_000)) == String(repeating: "ä", count: 2_000))
    }
}
