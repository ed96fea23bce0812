import HTTPServer
import Testing

extension RequestSample {
    static let requestLines = [
        RequestSample("HTTP/1.1", "GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        RequestSample("HTTP/1.0 without any field", "GET / HTTP/1.0\r\n\r\n"),
        RequestSample("an unknown method", "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"),
        RequestSample("an empty line before the request line", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),
        RequestSample("two empty lines before the request line", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"),

        RequestSample("three empty lines", "\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .tooManyEmptyLines),
        RequestSample("a request line that ends with LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", .bareLineFeed),
        RequestSample("an empty line that ends with LF", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .bareLineFeed),
        RequestSample("CR within the request line", "GET /\r HTTP/1.1\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        RequestSample("two CRs at the end of the request line", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", .bareCarriageReturn),
        RequestSample("NUL in the target", "GET /\0 HTTP/1.1\r\nHost: a\r\n\r\n", .controlByte),
        RequestSample("NUL in the method", "G\0T / HTTP/1.1\r\nHost: a\r\n\r\n", .controlByte),
        RequestSample("DEL in the target", "GET /\u{7f} HTTP/1.1\r\nHost: a\r\n\r\n", .controlByte),
        RequestSample("a TLS handshake", [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03], .controlByte),

        RequestSample("whitespace before the method", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("no method", "/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("a method that is not a token", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("a method and nothing else", "GET\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("a tab behind the method", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("a tab before the version", "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("two spaces behind the method", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("a space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("a space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", .malformedRequestLine),
        RequestSample("HTTP/0.9, without version", "GET /\r\n\r\n", .malformedRequestLine),
        RequestSample("an empty version", "GET / \r\nHost: a\r\n\r\n", .malformedVersion),
        RequestSample("a version in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", .malformedVersion),
        RequestSample("another protocol", "GET / ICY/1.1\r\nHost: a\r\n\r\n", .malformedVersion),
        RequestSample("a version without number", "GET / HTTP/\r\nHost: a\r\n\r\n", .malformedVersion),
        RequestSample("a version with a comma", "GET / HTTP/1,1\r\nHost: a\r\n\r\n", .malformedVersion),
        RequestSample("a signed version", "GET / HTTP/+1.1\r\nHost: a\r\n\r\n", .malformedVersion),

        RequestSample("HTTP/0.9, named", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", .unsupportedVersion),
        RequestSample("HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", .unsupportedVersion),
        RequestSample("HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", .unsupportedVersion),
        RequestSample("HTTP/01.1", "GET / HTTP/01.1\r\nHost: a\r\n\r\n", .unsupportedVersion),
        RequestSample("HTTP/2", "GET / HTTP/2\r\nHost: a\r\n\r\n", .unsupportedVersion),
        RequestSample("HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", .unsupportedVersion),
        RequestSample("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .unsupportedVersion),

        RequestSample("CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n", .connectUnsupported),
        RequestSample("CONNECT with a path", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", .connectUnsupported),
    ]
}

@Suite("Request line (RFC 9112 sections 2.2, 2.3 and 3)")
struct RequestLineTests {
    @Test("is accepted or refused", arguments: RequestSample.requestLines)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test("has a method that is known by name, in capitals only")
    func methods() {
        let known: [(String, RequestMethod)] = [
            ("GET", .get), ("HEAD", .head), ("POST", .post), ("PUT", .put), ("PATCH", .patch), ("DELETE", .delete),
            ("TRACE", .trace), ("QUERY", .query), ("OPTIONS", .options),
            ("get", .other), ("GETS", .other), ("GE", .other), ("G", .other), ("PROPFIND", .other), ("M-SEARCH", .other),
        ]
        for (token, method) in known {
            let head = parse("\(token) / HTTP/1.1\r\nHost: a\r\n\r\n").heads.first
            #expect(head?.method == method)
            #expect(head?.methodToken == token)
        }
    }

    @Test("has a method made of token characters (RFC 9110 section 5.6.2)")
    func tokenBytes() {
        for byte in UInt8.min...UInt8.max {
            let bytes = Array("G".utf8) + [byte] + Array("T / HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
            let isAccepted = parse(bytes).failure == nil
            #expect(isAccepted == ByteGrammar.token.contains(byte), "byte \(byte)")
        }
    }

    @Test("tells the minor version", arguments: [UInt8(0), 1])
    func minorVersion(_ minor: UInt8) {
        #expect(parse("GET / HTTP/1.\(minor)\r\nHost: a\r\n\r\n").heads.first?.minorVersion == minor)
    }

    @Test("counts empty lines before it into the length of the request")
    func emptyLines() {
        let recording = parse("\r\n\r\nGET / HTTP/1.0\r\n\r\n\r\nGET /b HTTP/1.0\r\n\r\n")
        #expect(recording.heads.map(\.path) == ["/", "/b"])
        #expect(recording.ends == [22, 43])
    }
}
