import HTTPServer
import Testing

extension RequestSample {
    static let connections: [RequestSample] = [
        .fields("close", "Connection: close"),
        .fields("keep-alive and close", "Connection: keep-alive, close"),
        .fields("empty elements", "Connection: ,, close ,"),
        .fields("unknown options", "Connection: Upgrade, x=\"y,close\""),
        RequestSample("keep-alive in HTTP/1.0", "GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"),
    ]
}

@Suite("Connection (RFC 9112 section 9.3)")
struct ConnectionFieldTests {
    @Test("is accepted", arguments: RequestSample.connections)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test(
        "lives on in HTTP/1.1 unless it says close, and ends in HTTP/1.0 unless it says keep-alive",
        arguments: [
            ("1.1", "", true),
            ("1.1", "Connection: keep-alive\r\n", true),
            ("1.1", "Connection: close\r\n", false),
            ("1.1", "cOnNeCtIoN:CLOSE\r\n", false),
            ("1.1", "Connection: keep-alive, Close\r\n", false),
            ("1.1", "Connection: x , close\t,\r\n", false),
            ("1.1", "Connection: x\r\nConnection: close\r\n", false),
            ("1.1", "Connection: closed, xclose, clo se\r\n", true),
            ("1.1", "Connection:\r\n", true),
            ("1.0", "", false),
            ("1.0", "Connection: keep-alive\r\n", true),
            ("1.0", "Connection: x, Keep-Alive\r\n", true),
            ("1.0", "Connection: keep-alive, close\r\n", false),
            ("1.0", "Keep-Alive: timeout=5\r\n", false),
            ("1.0", "Connection: close\r\n", false),
        ]
    )
    func keepsAlive(_ version: String, _ line: String, _ keepsAlive: Bool) {
        #expect(parse("GET / HTTP/\(version)\r\nHost: a\r\n\(line)\r\n").heads.first?.keepsAlive == keepsAlive)
    }
}
