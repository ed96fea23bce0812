import HTTPServer
import Testing

@Suite("Header table")
struct HeaderTableTests {
    private let bytes: [UInt8]
    private let fields: HeaderTable

    init() {
        let lines = ["Host: a", "ACCEPT: x", "X^: 1", "If-Match: \"1\"", "Accept:", "accept: z"]
        let request = Array("GET / HTTP/1.0\r\n\(lines.joined(separator: "\r\n"))\r\n\r\n".utf8)
        var parser = RequestParser()
        _ = parser.next(in: request.span)
        bytes = request
        fields = parser.head.fields
    }

    private func value(_ name: StaticString) -> String? {
        let value = fields.value(of: name, in: bytes.span)
        return value?.text(in: bytes.span)
    }

    @Test("finds the first value by its name in lower case, whatever case was sent")
    func found() {
        #expect(value("host") == "a")
        #expect(value("accept") == "x")
        #expect(value("if-match") == "\"1\"")
    }

    @Test(
        "finds nothing for absent names, be their length there or not, nor for names in capitals",
        arguments: ["accepx", "hos", "if-none-match", "", "Host"] as [StaticString]
    )
    func absent(_ name: StaticString) {
        #expect(value(name) == nil)
    }

    @Test("tells characters apart that differ by the bit of letter case only")
    func caseBit() {
        #expect(value("x~") == nil)
        #expect(value("x^") == "1")
    }

    @Test("walks all lines of one name")
    func allLines() {
        var found: [String] = []
        var start = 0
        while let index = fields.index(of: "accept", from: start, in: bytes.span) {
            found.append(fields[index].value.text(in: bytes.span))
            start = index + 1
        }
        #expect(found == ["x", "", "z"])
    }
}
