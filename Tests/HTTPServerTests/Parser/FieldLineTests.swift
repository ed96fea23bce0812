import HTTPServer
import Testing

extension RequestSample {
    static let fieldLines: [RequestSample] = [
        .fields("an empty value", "X:"),
        .fields("a blank value", "X: \t "),
        .fields("no whitespace before the value", "X:1"),
        .fields("a colon in the value", "X: a:b"),
        .fields("a tab in the value", "X: a\tb"),
        .fields("bytes beyond ASCII in the value", "X: ä"),
        .fields("all token characters in the name", "!#$%&'*+-.^_`|~09azAZ: 1"),
        .fields("Upgrade, which is ignored", "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMA"),
        .fields("a name of 200 bytes", String(repeating: "n", count: 200) + ": 1"),

        .fields("a space before the colon", "X : 1", .blankBeforeColon),
        .fields("a tab before the colon", "X\t: 1", .blankBeforeColon),
        .fields("a space before the colon of Content-Length", "Content-Length : 1", .blankBeforeColon),
        .fields("a folded field", "X: 1\r\n 2", .foldedField),
        .fields("a field folded with a tab", "X: 1\r\n\t2", .foldedField),
        .fields("a folded line that looks like a field", "X: 1\r\n Y: 2", .foldedField),
        .fields("a blank line", "X: 1\r\n ", .foldedField),
        RequestSample("whitespace before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", .foldedField),
        .fields("no colon", "X", .malformedFieldName),
        .fields("no name", ": 1", .malformedFieldName),
        .fields("a space in the name", "X Y: 1", .malformedFieldName),
        .fields("a byte beyond ASCII in the name", "ä: 1", .malformedFieldName),
        .fields("a separator in the name", "X(Y): 1", .malformedFieldName),
        .fields("a request line in the header", "GET / HTTP/1.1", .malformedFieldName),
        .fields("NUL in the value", "X: a\0b", .controlByte),
        .fields("NUL in the name", "X\0: b", .controlByte),
        .fields("a vertical tab in the value", "X: a\u{b}", .controlByte),
        .fields("DEL in the value", "X: a\u{7f}", .controlByte),
        .fields("CR in the value", "X: a\rb", .bareCarriageReturn),
        .fields("CR at the end of the value", "X: a\r", .bareCarriageReturn),
        .fields("CR alone on a line", "X: a\r\n\rY: b", .bareCarriageReturn),
        .fields("LF at the end of a line", "X: a\nY: b", .bareLineFeed),
        RequestSample("LF instead of the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", .bareLineFeed),
        RequestSample("two LFs at the end of the header", "GET / HTTP/1.1\r\nHost: a\n\n", .bareLineFeed),
    ]
}

@Suite("Header field lines (RFC 9112 section 5)")
struct FieldLineTests {
    @Test("are accepted or refused", arguments: RequestSample.fieldLines)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test("keep their order and case, and lose the whitespace around their values")
    func table() {
        let recording = parse("GET / HTTP/1.1\r\nHost: a\r\nX-B:\t 1 2 \t\r\nx-a:\r\nX-B: 3\r\n\r\n")
        #expect(recording.heads.first?.fields == ["Host: a", "X-B: 1 2", "x-a: ", "X-B: 3"])
    }

    @Test("have a name made of token characters")
    func nameBytes() {
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: ":") {
            let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX".utf8) + [byte] + Array("Y: 1\r\n\r\n".utf8)
            #expect((parse(bytes).failure == nil) == ByteGrammar.token.contains(byte), "byte \(byte)")
        }
    }

    @Test("have any byte but control bytes in the value, wherever it stands (RFC 9110 section 5.5)")
    func valueBytes() {
        for byte in UInt8.min...UInt8.max {
            for position in 0..<20 {
                var value = [UInt8](repeating: UInt8(ascii: "v"), count: 20)
                value[position] = byte
                let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\nX:".utf8) + value + Array("\r\n\r\n".utf8)
                let isControl = (byte < 0x20 && byte != 0x09) || byte == 0x7f
                #expect((parse(bytes).failure == nil) == !isControl, "byte \(byte) at \(position)")
            }
        }
    }
}
