import HTTPServer
import Testing

extension RequestSample {
    static let hosts: [RequestSample] = [
        .host("a name", "example.com"),
        .host("a name and a port", "example.com:8080"),
        .host("a port left empty", "example.com:"),
        .host("the highest port", "a:65535"),
        .host("an IPv4 address", "127.0.0.1:80"),
        .host("an IPv6 address", "[2001:db8::1]"),
        .host("an IPv6 address and a port", "[::ffff:127.0.0.1]:80"),
        .host("an underscore", "my_host"),
        .host("a percent-encoding", "a%2Db"),
        .host("whitespace around it", " \t a \t "),
        RequestSample("no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n"),
        RequestSample("an empty Host for the asterisk", "OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n"),

        RequestSample("no Host", "GET / HTTP/1.1\r\n\r\n", .missingHost),
        RequestSample("no Host among others", "GET / HTTP/1.1\r\nAccept: */*\r\nX-Host: a\r\n\r\n", .missingHost),
        RequestSample("two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", .repeatedHost),
        RequestSample("the same Host twice", "GET / HTTP/1.1\r\nHost: a\r\nhost: a\r\n\r\n", .repeatedHost),
        RequestSample("two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", .repeatedHost),
        .host("an empty Host", "", .emptyHost),
        .host("a blank Host", " \t", .emptyHost),
        RequestSample("an empty Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost:\r\n\r\n", .emptyHost),

        .host("user information", "user@a", .malformedHost),
        .host("a path", "a/b", .malformedHost),
        .host("a URI", "http://a", .malformedHost),
        .host("a query", "a?b", .malformedHost),
        .host("a fragment", "a#b", .malformedHost),
        .host("a list", "a, b", .malformedHost),
        .host("a list without space", "a,b", .malformedHost),
        .host("a space", "a b", .malformedHost),
        .host("a backslash", "a\\b", .malformedHost),
        .host("a byte beyond ASCII", "ä", .malformedHost),
        .host("a bad percent-encoding", "a%2", .malformedHost),
        .host("an encoded NUL", "a%00", .malformedHost),
        .host("a port without host", ":80", .malformedHost),
        .host("a port that is no number", "a:b", .malformedHost),
        .host("a negative port", "a:-1", .malformedHost),
        .host("a port too high", "a:65536", .malformedHost),
        .host("a port too long", "a:000080", .malformedHost),
        .host("two ports", "a:80:80", .malformedHost),
        .host("an IPv6 address without brackets", "::1", .malformedHost),
        .host("an open bracket", "[::1", .malformedHost),
        .host("empty brackets", "[]", .malformedHost),
        .host("a name in brackets", "[example]", .malformedHost),
        .host("something behind the brackets", "[::1]a", .malformedHost),
        .host("a zone", "[fe80::1%25eth0]", .malformedHost),
    ]
}

@Suite("Host (RFC 9112 section 3.2)")
struct HostFieldTests {
    @Test("is accepted or refused", arguments: RequestSample.hosts)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test("is the authority of a path, but not of an absolute-form target")
    func authority() {
        #expect(parse("GET / HTTP/1.1\r\nhOST:  a:80 \r\n\r\n").heads.first?.authority == "a:80")
        #expect(parse("GET / HTTP/1.0\r\n\r\n").heads.first?.authority == "")
        #expect(parse("GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n").heads.first?.authority == "b")
        #expect(parse("GET http://b/ HTTP/1.1\r\nHost:\r\n\r\n").heads.first?.authority == "b")
    }

    @Test("does not outlive its request")
    func nextRequest() {
        let recording = parse("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.0\r\n\r\nGET /b HTTP/1.1\r\n\r\n")
        #expect(recording.heads.map(\.authority) == ["a", ""])
        #expect(recording.failure == .missingHost)
    }

    @Test("holds only what RFC 3986 allows in a name")
    func bytes() {
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: ":") {
            let bytes = Array("GET / HTTP/1.1\r\nHost: a".utf8) + [byte] + Array("b\r\n\r\n".utf8)
            #expect((parse(bytes).failure == nil) == ByteGrammar.host.contains(byte), "byte \(byte)")
        }
    }
}
