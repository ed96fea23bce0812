import HTTPServer
import Testing

extension RequestSample {
    static let chunkings: [RequestSample] = [
        .chunks("no content", "0\r\n\r\n"),
        .chunks("two chunks", "5\r\nhello\r\n7\r\n, world\r\n0\r\n\r\n"),
        .chunks("hexadecimal sizes in both cases", "a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"),
        .chunks("zeros before the size", "0000000000000005\r\nhello\r\n0000\r\n\r\n"),
        .chunks("line ends and control bytes in the data", "6\r\n\r\n0\r\n\0\r\n0\r\n\r\n"),
        .chunks("an extension", "5;name=value\r\nhello\r\n0;last\r\n\r\n"),
        .chunks("extensions with whitespace where it may be", "5; a = b ; c=\"d\"\t;e\r\nhello\r\n0\r\n\r\n"),
        .chunks("a quoted extension", "5;a=\" ;\\\"\\\\ä\"\r\nhello\r\n0\r\n\r\n"),
        .chunks("a trailer", "0\r\nX-Checksum: 1\r\nServer-Timing: x\r\n\r\n"),

        .chunks("no size", "\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("an extension without size", ";a\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("a positive sign", "+5\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("a negative sign", "-5\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("a prefix", "0x5\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("an underscore", "1_0\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("not a hexadecimal digit", "5g\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("whitespace before the size", " 5\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("whitespace behind the size", "5 \r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("a tab behind the size", "5\t\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("whitespace between size and extension", "5 ;a\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("17 digits", "00000000000000005\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("a number beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", .malformedChunkSize),
        .chunks("the largest number of 64 bits", "ffffffffffffffff\r\nhello\r\n0\r\n\r\n", .bodyTooLarge),
        .chunks("2 to the power of 63", "8000000000000000\r\nhello\r\n0\r\n\r\n", .bodyTooLarge),
        .chunks("LF behind the size", "5\nhello\r\n0\r\n\r\n", .bareLineFeed),
        .chunks("CR behind the size", "5\rhello\r\n0\r\n\r\n", .bareCarriageReturn),
        .chunks("NUL behind the size", "5\0\r\nhello\r\n0\r\n\r\n", .controlByte),

        .chunks("an extension without name", "5;\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("an extension without value", "5;a=\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("an extension with two values", "5;a=b c\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("whitespace at the end", "5;a \r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("whitespace at the end of a value", "5;a=b\t\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("an open quote", "5;a=\"b\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("an open quote behind a backslash", "5;a=\"b\\\"\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("a backslash at the end", "5;a=\"b\\\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("something behind a quote", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n", .malformedChunkExtension),
        .chunks("LF in an extension", "5;a\nhello\r\n0\r\n\r\n", .bareLineFeed),

        .chunks("data longer than its size", "5\r\nhello!\r\n0\r\n\r\n", .unterminatedChunk),
        .chunks("data that ends with LF", "5\r\nhello\n0\r\n\r\n", .unterminatedChunk),
        .chunks("data that ends with another byte and LF", "5\r\nhello \n0\r\n\r\n", .unterminatedChunk),
        .chunks("data that ends with CR", "5\r\nhello\r0\r\n\r\n", .unterminatedChunk),

        .chunks("Transfer-Encoding in the trailer", "0\r\ntransfer-encoding: chunked\r\n\r\n", .forbiddenTrailer),
        .chunks("Host in the trailer", "0\r\nX: 1\r\nHOST: b\r\n\r\n", .forbiddenTrailer),
        .chunks("Authorization in the trailer", "0\r\nAuthorization: x\r\n\r\n", .forbiddenTrailer),
        .chunks("a condition in the trailer", "0\r\nIf-None-Match: x\r\n\r\n", .forbiddenTrailer),
        .chunks("Content-Type in the trailer", "0\r\nContent-Type: x\r\n\r\n", .forbiddenTrailer),
        .chunks("a space before the colon in the trailer", "0\r\nX : 5\r\n\r\n", .blankBeforeColon),
        .chunks("a folded trailer", "0\r\nX: 1\r\n 2\r\n\r\n", .foldedField),
        .chunks("a trailer without colon", "0\r\nX\r\n\r\n", .malformedFieldName),
        .chunks("a request behind the last chunk", "0\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", .malformedFieldName),
        .chunks("LF at the end of a trailer", "0\r\nX: 1\n\r\n", .bareLineFeed),
        .chunks("LF at the end of the trailers", "0\r\n\n", .bareLineFeed),
    ]
}

@Suite("Chunked transfer coding (RFC 9112 section 7.1)")
struct ChunkTests {
    @Test("is accepted or refused", arguments: RequestSample.chunkings)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test("delivers the data alone")
    func data() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let recording = parse(head + "5;x=y\r\nhello\r\n07\r\n, world\r\n0\r\nX: 1\r\n\r\n")
        #expect(recording.bodies == ["hello, world"])
        #expect(recording.heads.first?.fields.count == 2, "trailers are dropped")
        #expect(recording.ends == [head.utf8.count + 38])
    }

    @Test(
        "refuses trailers that say how the message is delimited, routed, authenticated or understood (RFC 9110 section 6.5.1)",
        arguments: [
            "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive", "TE", "Trailer", "Upgrade", "Host", "Max-Forwards",
            "Authorization", "Proxy-Authorization", "Cookie", "Cache-Control", "Expect", "Range", "If-Match", "If-None-Match",
            "If-Modified-Since", "If-Unmodified-Since", "If-Range", "Content-Encoding", "Content-Type", "Content-Range",
        ]
    )
    func forbiddenTrailers(_ name: String) {
        check(.chunks(name, "0\r\n\(name): 1\r\n\r\n", .forbiddenTrailer))
        check(.chunks("X-" + name, "0\r\nX-\(name): 1\r\n\r\n"))
    }

    @Test("is followed by the next request")
    func next() {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let recording = parse("\(head)1\r\na\r\n0\r\n\r\n\(head)1\r\nb\r\n0\r\n\r\n")
        #expect(recording.bodies == ["a", "b"])
        #expect(recording.phase == .idle)
    }
}
