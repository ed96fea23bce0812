import HTTPServer
import Testing

extension RequestSample {
    static let targets: [RequestSample] = [
        .target("the root", "/"),
        .target("a path with a query", "/v1/products?category=3&limit=50"),
        .target("an empty query", "/a?"),
        .target("question marks and slashes in the query", "/a?b?c/d"),
        .target("percent-encodings in both cases", "/%C3%a4?q=%2F%20"),
        .target("two slashes at the start", "//a//b"),
        .target("dot segments, which the router may judge", "/a/../b"),
        .target("absolute-form", "http://b/p?q"),
        .target("absolute-form without path", "http://b"),
        .target("absolute-form with a query and no path", "http://b?q"),
        .target("absolute-form with port, in capitals", "HTTPS://B:443/P"),
        .target("absolute-form with an IPv6 address", "http://[::1]:8080/"),
        RequestSample("the asterisk with OPTIONS", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"),
        RequestSample("absolute-form with an empty Host", "GET http://b/ HTTP/1.1\r\nHost:\r\n\r\n"),
        RequestSample("absolute-form in HTTP/1.0", "GET http://b/ HTTP/1.0\r\n\r\n"),

        .target("the asterisk with GET", "*", .asteriskWithoutOptions),
        RequestSample("more than an asterisk", "OPTIONS *a HTTP/1.1\r\nHost: a\r\n\r\n", .unsupportedTargetForm),
        .target("authority-form", "example.com:80", .unsupportedTargetForm),
        .target("a path without slash", "a/b", .unsupportedTargetForm),
        .target("a query alone", "?a", .unsupportedTargetForm),
        .target("another scheme", "ftp://b/", .unsupportedTargetForm),
        .target("a scheme without authority", "http:/b", .unsupportedTargetForm),

        .target("a fragment", "/a#b", .malformedTarget),
        .target("a fragment behind the query", "/a?b#c", .malformedTarget),
        .target("a backslash", "/a\\b", .malformedTarget),
        .target("a quote", "/a\"b", .malformedTarget),
        .target("brackets in the path", "/a[b]", .malformedTarget),
        .target("quotes in the query", "/a?b=\"c\"", .malformedTarget),
        .target("a byte beyond ASCII", "/ä", .malformedTarget),
        .target("a fragment in absolute-form", "http://b/#c", .malformedTarget),

        .target("a percent sign alone", "/%", .malformedPercentEncoding),
        .target("half a percent-encoding", "/%4", .malformedPercentEncoding),
        .target("half a percent-encoding before the query", "/%4?a", .malformedPercentEncoding),
        .target("a percent-encoding that is not hexadecimal", "/%4g", .malformedPercentEncoding),
        .target("a signed percent-encoding", "/%+4", .malformedPercentEncoding),
        .target("a bad percent-encoding in the query", "/?%zz", .malformedPercentEncoding),
        .target("an encoded NUL", "/%00", .malformedPercentEncoding),
        .target("an encoded NUL in the query", "/?a=%00", .malformedPercentEncoding),

        .target("absolute-form without host", "http:///a", .malformedAuthority),
        .target("absolute-form with nothing behind it", "http://", .malformedAuthority),
        .target("user information", "http://user@b/", .malformedAuthority),
        .target("a bad port", "http://b:port/", .malformedAuthority),
        .target("a fragment in the authority", "http://b#c", .malformedAuthority),
        RequestSample("absolute-form and a malformed Host", "GET http://b/ HTTP/1.1\r\nHost: a/b\r\n\r\n", .malformedHost),
        RequestSample("absolute-form and no Host", "GET http://b/ HTTP/1.1\r\n\r\n", .missingHost),
    ]
}

@Suite("Request target (RFC 9112 section 3.2)")
struct TargetTests {
    @Test("is accepted or refused", arguments: RequestSample.targets)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test(
        "is divided into authority, path and query",
        arguments: [
            ("/", "a", "/", ""),
            ("/v1/products?category=3&limit=50", "a", "/v1/products", "category=3&limit=50"),
            ("/a?", "a", "/a", ""),
            ("/a?b?c/d", "a", "/a", "b?c/d"),
            ("/%C3%a4?q=%2F", "a", "/%C3%a4", "q=%2F"),
            ("http://b/p?q", "b", "/p", "q"),
            ("http://b", "b", "/", ""),
            ("https://b:1?q", "b:1", "/", "q"),
            ("http://[::1]:8080/p", "[::1]:8080", "/p", ""),
        ]
    )
    func parts(_ target: String, _ authority: String, _ path: String, _ query: String) throws {
        let head = try #require(parse("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n").heads.first)
        #expect(head.target == target)
        #expect(head.authority == authority)
        #expect(head.path == path)
        #expect(head.query == query)
    }

    @Test("does not outlive its request")
    func nextRequest() {
        let recording = parse("GET http://b/a?q HTTP/1.0\r\n\r\nGET /b HTTP/1.0\r\n\r\n")
        #expect(recording.heads.map(\.query) == ["q", ""])
        #expect(recording.heads.map(\.authority) == ["b", ""])
    }

    @Test("* has itself as its path")
    func asterisk() throws {
        let head = try #require(parse("OPTIONS * HTTP/1.1\r\nHost:\r\n\r\n").heads.first)
        #expect(head.path == "*")
        #expect(head.authority == "")
    }

    @Test("holds only what RFC 3986 allows in a path, and in a query what browsers send")
    func bytes() {
        for byte in UInt8.min...UInt8.max where byte != UInt8(ascii: "?") {
            for (prefix, allowed) in [("/a", ByteGrammar.path), ("/?a", ByteGrammar.query)] {
                let bytes = Array("GET \(prefix)".utf8) + [byte] + Array("b HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
                #expect((parse(bytes).failure == nil) == allowed.contains(byte), "byte \(byte) behind \(prefix)")
            }
        }
    }

    @Test("holds every percent-encoding but that of NUL")
    func percentEncodings() {
        let digits = Array("0123456789abcdefABCDEF")
        for high in digits {
            for low in digits {
                let failure = parse("GET /%\(high)\(low) HTTP/1.1\r\nHost: a\r\n\r\n").failure
                #expect(failure == (high == "0" && low == "0" ? .malformedPercentEncoding : nil))
            }
        }
    }
}
