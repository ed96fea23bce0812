import Testing

@testable import HTTPServer

@Suite struct `The header of a request that is refused` {
    /// The value of `Origin` after `bytes` came, in one piece or byte by byte, behind a request with another one.
    private func origin(_ bytes: String, byteByByte: Bool = false) -> String? {
        var parser = RequestParser()
        let earlier = Array("GET /earlier HTTP/1.1\r\nHost: a\r\nOrigin: https://earlier\r\nX: y\r\n\r\n".utf8)
        #expect(parser.next(in: earlier.span) == .head)
        #expect(parser.next(in: earlier.span) == .end(length: earlier.count))
        let bytes = Array(bytes.utf8)
        for end in byteByByte ? Array(1...bytes.count) : [bytes.count] {
            let part = Array(bytes[..<end])
            if case .failure = parser.next(in: part.span) {
                parser.salvage(in: bytes.span)
                break
            }
            if end == bytes.count { parser.salvage(in: bytes.span) }
        }
        return parser.head.fields.value(of: "origin", in: bytes.span)?.text(in: bytes.span)
    }

    private static let fields = "Host: a\r\nOrigin: https://shop.example\r\n\r\n"

    @Test(arguments: [
        "GET /\(String(repeating: "a", count: 9_000)) HTTP/1.1\r\n" + fields,
        "GET / HTTP/2.0\r\n" + fields,
        "nonsense\r\n" + fields,
        "GET /\u{1} HTTP/1.1\r\n" + fields,
        "GET / HTTP/1.1\nHost: a\nOrigin: https://shop.example\n\n",
        "GET / HTTP/1.1\r\nOrigin: https://shop.example\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nOrigin: https://shop.example\r\n\r\n",
        "GET / HTTP/1.1\r\nA: \(String(repeating: "a", count: 70_000))\r\n" + fields,
        "GET / HTTP/1.1\r\nOrigin: https://shop.example\r\nA: \(String(repeating: "a", count: 70_000))\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n" + fields,
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n" + fields,
        "GET / HTTP/1.1\r\nA b: c\r\n" + fields,
        "GET / HTTP/1.1\r\nOrigin: https://shop.example\r\nHos",
        "GET / HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 300))\(fields)",
    ])
    func `has the fields that can be read, whatever is wrong beside them`(bytes: String) {
        #expect(origin(bytes) == "https://shop.example")
    }

    @Test(arguments: ["GET /", "G", "nonsense\r\n", "\r\n\r\n\r\n", "GET / HTTP/1.1\r\nOrig", "GET / HTTP/1.1\r\nHost: b\r\n"])
    func `has nothing of the request before it`(bytes: String) {
        for byteByByte in [false, true] { #expect(origin(bytes, byteByByte: byteByByte) == nil) }
    }

    @Test func `has a bounded number of fields`() {
        let lines = String(repeating: "A: b\r\n", count: 5_000)
        let bytes = Array("nonsense\r\n\(lines)\r\n".utf8)
        var parser = RequestParser()
        _ = parser.next(in: bytes.span)
        parser.salvage(in: bytes.span)
        #expect(parser.head.fields.count == RequestParser.maxSalvagedFields)
    }

    @Test func `has nothing of what follows it`() {
        #expect(origin("GET / HTTP/1.1\r\nA : b\r\n\r\nOrigin: https://behind\r\n\r\n") == nil)
    }
}
