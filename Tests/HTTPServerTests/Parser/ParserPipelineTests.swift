import HTTPServer
import Testing

extension RequestSample {
    static let pipelines: [RequestSample] = [
        RequestSample("two requests", "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n"),
        RequestSample(
            "content between requests",
            "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc"
                + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n"
                + "PUT /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ndef\r\n1\r\ng\r\n0\r\nX: y\r\n\r\n"
                + "\r\nDELETE /d HTTP/1.1\r\nHost: a\r\n\r\n"),
        RequestSample("a request behind a bad one", "GET / HTTP/1.1\r\n\r\nGET /b HTTP/1.1\r\nHost: a\r\n\r\n", .missingHost),
        RequestSample(
            "a bad request behind a good one", "GET /a HTTP/1.1\r\nHost: a\r\n\r\nGET /b HTTP/1.1\r\n\r\n", .missingHost),
        RequestSample(
            "content longer than announced", "PUT / HTTP/1.0\r\nContent-Length: 1\r\n\r\n{}\r\n", .malformedRequestLine),
    ]
}

@Suite("Pipelining (RFC 9112 section 9.3.2)")
struct ParserPipelineTests {
    @Test("is accepted up to a failure", arguments: RequestSample.pipelines)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test("delivers request by request, each with its content")
    func order() {
        let recording = parse(RequestSample.pipelines[1].bytes)
        #expect(recording.heads.map(\.path) == ["/a", "/b", "/c", "/d"])
        #expect(recording.bodies == ["abc", "defg"])
        #expect(recording.ends.last == RequestSample.pipelines[1].bytes.count)
    }

    @Test("parses nothing behind a failure")
    func failure() {
        let recording = parse(RequestSample.pipelines[3].bytes + Array("GET /c HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(recording.heads.map(\.path) == ["/a"])
        #expect(recording.events.last == .failure(.missingHost))
        #expect(recording.phase == .failed)
    }

    @Test("tells the phase of what is missing")
    func phases() {
        let phases: [(String, RequestParser.Phase)] = [
            ("", .idle),
            ("\r", .idle),
            ("\r\n", .idle),
            ("\r\nG", .head),
            ("GET / HTTP/1.1\r\n", .head),
            ("GET / HTTP/1.0\r\n\r\n", .idle),
            ("GET / HTTP/1.0\r\n\r\nP", .head),
            ("PUT / HTTP/1.0\r\nContent-Length: 1\r\n\r\n", .body),
            ("PUT / HTTP/1.0\r\nContent-Length: 1\r\n\r\nx", .idle),
            ("PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", .body),
            ("?", .head),
            ("?\r\n", .failed),
        ]
        for (text, phase) in phases {
            #expect(parse(text).phase == phase, "\(text.debugDescription)")
        }
    }
}
