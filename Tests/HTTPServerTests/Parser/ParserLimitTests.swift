import HTTPServer
import Testing

extension RequestSample {
    /// Small limits, so that all of these can be cut anywhere.
    static let limitations: [RequestSample] = {
        let line = RequestParser.Limits(maxRequestLine: 20)
        let header = RequestParser.Limits(maxHeaderBytes: 20)
        let headers = RequestParser.Limits(maxHeaders: 2)
        let body = RequestParser.Limits(maxBody: 5)
        let extensions = RequestParser.Limits(maxChunkExtensions: 6)
        let trailer = RequestParser.Limits(maxTrailerBytes: 10)
        let nothing = RequestParser.Limits(
            maxRequestLine: 14, maxHeaderBytes: 0, maxHeaders: 0, maxBody: 0, maxChunkExtensions: 0, maxTrailerBytes: 0,
            maxEmptyLines: 0)
        return [
            RequestSample("a request line at its limit", "GET /234567 HTTP/1.1\r\nHost: a\r\n\r\n", limits: line),
            RequestSample("a request line beyond", "GET /2345678 HTTP/1.1\r\nHost: a\r\n\r\n", .requestLineTooLong, limits: line),
            RequestSample("a line without end", "GETGETGETGETGETGETGET", .requestLineTooLong, limits: line),
            RequestSample("a malformed line beyond", "?????????????????????\r\n", .requestLineTooLong, limits: line),
            RequestSample("a control byte within the limit", "GET /234567 HTTP/1.1\n", .bareLineFeed, limits: line),
            RequestSample("a control byte beyond the limit", "GET /2345678 HTTP/1.1\n", .requestLineTooLong, limits: line),

            RequestSample("a header at its limit", "GET / HTTP/1.1\r\nHost: a\r\nX: 345678\r\n\r\n", limits: header),
            RequestSample(
                "a header beyond", "GET / HTTP/1.1\r\nHost: a\r\nX: 3456789\r\n\r\n", .fieldSectionTooLarge,
                limits: header),
            RequestSample("a field without end", "GET / HTTP/1.0\r\nX: 4567890123456789", .fieldSectionTooLarge, limits: header),
            RequestSample(
                "a field where a byte is left", "GET / HTTP/1.0\r\nX: 45678901234567\r\nY", .fieldSectionTooLarge,
                limits: header),

            RequestSample("as many fields as allowed", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n\r\n", limits: headers),
            RequestSample(
                "a field too many", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nY: 1\r\n\r\n", .tooManyFields, limits: headers),
            RequestSample(
                "a bad field too many", "GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\n Y\r\n\r\n", .tooManyFields, limits: headers),

            RequestSample("content at its limit", "PUT / HTTP/1.0\r\nContent-Length: 5\r\n\r\n12345", limits: body),
            RequestSample("content beyond", "PUT / HTTP/1.0\r\nContent-Length: 6\r\n\r\n123456", .bodyTooLarge, limits: body),
            .chunks("chunks at the limit", "2\r\n12\r\n3\r\n345\r\n0\r\n\r\n", limits: body),
            .chunks("chunks beyond", "2\r\n12\r\n2\r\n34\r\n2\r\n56\r\n0\r\n\r\n", .bodyTooLarge, limits: body),

            .chunks("extensions at the limit", "1;34\r\n1\r\n0;45\r\n\r\n", limits: extensions),
            .chunks("extensions beyond", "1;34\r\n1\r\n0;456\r\n\r\n", .chunkExtensionsTooLong, limits: extensions),
            .chunks("a malformed extension beyond", "1;2345 \"\r\n1\r\n0\r\n\r\n", .chunkExtensionsTooLong, limits: extensions),
            .chunks("an extension without end", "1;23456789012345678901234567890", .chunkExtensionsTooLong, limits: extensions),
            .chunks("digits without end", "11111111111111111111111111111", .chunkExtensionsTooLong, limits: extensions),

            .chunks("a trailer at its limit", "0\r\nX: 45678\r\n\r\n", limits: trailer),
            .chunks("a trailer beyond", "0\r\nX: 456789\r\n\r\n", .trailerSectionTooLarge, limits: trailer),
            .chunks("two trailers beyond", "0\r\nX: 4\r\nY: 4\r\n\r\n", .trailerSectionTooLarge, limits: trailer),
            .chunks("a trailer without end", "0\r\nX: 4567890123", .trailerSectionTooLarge, limits: trailer),

            RequestSample("nothing beyond what limits of zero allow", "GET / HTTP/1.0\r\n\r\n", limits: nothing),
            RequestSample(
                "an empty line where none is allowed", "\r\nGET / HTTP/1.0\r\n\r\n", .tooManyEmptyLines, limits: nothing),
            RequestSample("a field where none is allowed", "GET / HTTP/1.0\r\nA\r\n\r\n", .fieldSectionTooLarge, limits: nothing),
        ]
    }()
}

@Suite("Limits")
struct ParserLimitTests {
    @Test("are inclusive", arguments: RequestSample.limitations)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test("a request line may have 8,192 bytes", arguments: [(8_192, nil), (8_193, ParseFailure.requestLineTooLong)])
    func requestLine(_ length: Int, _ failure: ParseFailure?) {
        let path = "/" + String(repeating: "a", count: length - "GET / HTTP/1.1".utf8.count)
        #expect(parse("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n").failure == failure)
    }

    @Test("a header may have 65,536 bytes", arguments: [(65_536, nil), (65_537, ParseFailure.fieldSectionTooLarge)])
    func header(_ length: Int, _ failure: ParseFailure?) {
        let value = String(repeating: "a", count: length - "Host: a\r\nX: \r\n".utf8.count)
        #expect(parse("GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n").failure == failure)
    }

    @Test("a header may have 100 fields", arguments: [(100, nil), (101, ParseFailure.tooManyFields)])
    func fields(_ count: Int, _ failure: ParseFailure?) {
        let lines = String(repeating: "X: 1\r\n", count: count - 1)
        #expect(parse("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n").failure == failure)
    }

    @Test("content may have 1 MiB", arguments: [(1_048_576, nil), (1_048_577, ParseFailure.bodyTooLarge)])
    func body(_ length: Int, _ failure: ParseFailure?) {
        // Refused before any of it arrives.
        let head = "PUT / HTTP/1.1\r\nHost: a\r\n"
        #expect(parse("\(head)Content-Length: \(length)\r\n\r\n").failure == failure)
        let hexadecimal = String(length, radix: 16)
        #expect(parse("\(head)Transfer-Encoding: chunked\r\n\r\n\(hexadecimal)\r\n").failure == failure)
    }

    @Test("chunk extensions may have 4,096 bytes", arguments: [(4_096, nil), (4_097, ParseFailure.chunkExtensionsTooLong)])
    func extensions(_ length: Int, _ failure: ParseFailure?) {
        let name = String(repeating: "a", count: length / 2 - 1)
        let last = String(repeating: "a", count: length - length / 2 - 1)
        let head = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(parse("\(head)1;\(name)\r\nx\r\n0;\(last)\r\n\r\n").failure == failure)
    }

    @Test("a trailer may have 8,192 bytes", arguments: [(8_192, nil), (8_193, ParseFailure.trailerSectionTooLarge)])
    func trailer(_ length: Int, _ failure: ParseFailure?) {
        let value = String(repeating: "a", count: length - "X: \r\n".utf8.count)
        let head = "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        #expect(parse("\(head)0\r\nX: \(value)\r\n\r\n").failure == failure)
    }

    @Test("count anew for each request")
    func anew() {
        let limits = RequestParser.Limits(
            maxRequestLine: 15, maxHeaderBytes: 37, maxHeaders: 2, maxBody: 1, maxChunkExtensions: 2, maxTrailerBytes: 6,
            maxEmptyLines: 1)
        let request = "\r\nPUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;a\r\nx\r\n0\r\nX: 1\r\n\r\n"
        let recording = parse(request + request + request, limits: limits)
        #expect(recording.failure == nil)
        #expect(recording.bodies == ["x", "x", "x"])
    }
}
