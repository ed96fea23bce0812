import HTTPServer
import Testing

extension RequestSample {
    static let expectations: [RequestSample] = [
        .fields("100-continue without content", "Expect: 100-continue"),
        .fields("100-continue in capitals", "Expect: 100-CONTINUE\r\nContent-Length: 0"),
        RequestSample("an unknown expectation in HTTP/1.0", "GET / HTTP/1.0\r\nExpect: x\r\n\r\n"),
        .fields("an unknown expectation", "Expect: 200-ok", .unknownExpectation),
        .fields("an empty expectation", "Expect:", .unknownExpectation),
        .fields("two expectations", "Expect: 100-continue, x", .unknownExpectation),
        .fields("two lines of expectations", "Expect: x\r\nExpect: 100-continue", .unknownExpectation),
    ]
}

@Suite("Expect (RFC 9110 section 10.1.1)")
struct ExpectFieldTests {
    @Test("is accepted or refused", arguments: RequestSample.expectations)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test(
        "asks for 100 Continue only in HTTP/1.1, and when content is to follow",
        arguments: [
            ("1.1", "Expect: 100-continue\r\nContent-Length: 1\r\n", true),
            ("1.1", "Transfer-Encoding: chunked\r\nexpect: 100-Continue\r\n", true),
            ("1.1", "Content-Length: 1\r\n", false),
            ("1.1", "Expect: 100-continue\r\nContent-Length: 0\r\n", false),
            ("1.1", "Expect: 100-continue\r\n", false),
            ("1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n", false),
        ]
    )
    func expectsContinue(_ version: String, _ lines: String, _ expects: Bool) {
        let head = parse("POST / HTTP/\(version)\r\nHost: a\r\n\(lines)\r\n").heads.first
        #expect(head?.expectsContinue == expects)
    }

    @Test("gives way to a final refusal")
    func tooLarge() {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"
        #expect(parse(text, limits: .init(maxBody: 1)).failure == .bodyTooLarge)
    }
}
