import HTTPServer
import Testing

extension RequestSample {
    static let framings: [RequestSample] = [
        RequestSample("content", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello"),
        RequestSample("content in HTTP/1.0", "POST / HTTP/1.0\r\nContent-Length: 5\r\n\r\nhello"),
        RequestSample("content with line ends and NUL", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n\r\n\0\n\r"),
        RequestSample("content of GET", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nGET /"),
        .fields("no content, announced", "Content-Length: 0"),
        .fields("leading zeros", "Content-Length: 0000000000000000000"),

        .fields("an empty Content-Length", "Content-Length:", .malformedContentLength),
        .fields("a positive sign", "Content-Length: +5", .malformedContentLength),
        .fields("a negative sign", "Content-Length: -5", .malformedContentLength),
        .fields("a hexadecimal number", "Content-Length: 0x5", .malformedContentLength),
        .fields("an underscore", "Content-Length: 1_0", .malformedContentLength),
        .fields("a fraction", "Content-Length: 5.0", .malformedContentLength),
        .fields("a space in the number", "Content-Length: 1 0", .malformedContentLength),
        .fields("digits beyond ASCII", "Content-Length: ٥", .malformedContentLength),
        .fields("a list of equal values", "Content-Length: 5, 5", .malformedContentLength),
        .fields("a list of different values", "Content-Length: 5,6", .malformedContentLength),
        .fields("20 digits", "Content-Length: 00000000000000000005", .malformedContentLength),
        .fields("2 to the power of 64", "Content-Length: 18446744073709551616", .malformedContentLength),
        .fields("the largest number of 19 digits", "Content-Length: 9999999999999999999", .bodyTooLarge),
        .fields("2 to the power of 63", "Content-Length: 9223372036854775808", .bodyTooLarge),
        .fields("the same Content-Length twice", "Content-Length: 5\r\nContent-Length: 5", .repeatedContentLength),
        .fields("two Content-Lengths", "Content-Length: 5\r\ncontent-length: 6", .repeatedContentLength),

        .fields(
            "Content-Length before chunked", "Content-Length: 5\r\nTransfer-Encoding: chunked", .contentLengthWithTransferEncoding
        ),
        .fields(
            "Content-Length behind chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5", .contentLengthWithTransferEncoding
        ),
        RequestSample(
            "chunked in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", .transferEncodingInOldVersion
        ),
        .fields("an unknown coding", "Transfer-Encoding: gzip", .unknownTransferCoding),
        .fields("an unknown coding before chunked", "Transfer-Encoding: gzip, chunked", .unknownTransferCoding),
        .fields("an unknown coding behind chunked", "Transfer-Encoding: chunked, gzip", .unknownTransferCoding),
        .fields("an unknown coding, then chunked", "Transfer-Encoding: x\r\nTransfer-Encoding: chunked", .unknownTransferCoding),
        .fields("chunked, then an unknown coding", "Transfer-Encoding: chunked\r\nTransfer-Encoding: x", .unknownTransferCoding),
        .fields("identity", "Transfer-Encoding: identity", .unknownTransferCoding),
        .fields("something like chunked", "Transfer-Encoding: xchunked", .unknownTransferCoding),
        .fields("chunked twice", "Transfer-Encoding: chunked, chunked", .malformedTransferEncoding),
        .fields(
            "chunked in two lines", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", .malformedTransferEncoding),
        .fields("an empty Transfer-Encoding", "Transfer-Encoding:", .malformedTransferEncoding),
        .fields("a list with an empty element", "Transfer-Encoding: ,chunked", .malformedTransferEncoding),
        .fields("chunked with a parameter", "Transfer-Encoding: chunked;q=1", .malformedTransferEncoding),
        .fields("chunked in quotes", "Transfer-Encoding: \"chunked\"", .malformedTransferEncoding),
        .fields("a vertical tab before chunked", "Transfer-Encoding: \u{b}chunked", .controlByte),
    ]
}

@Suite("Framing (RFC 9112 section 6)")
struct FramingTests {
    @Test("is accepted or refused", arguments: RequestSample.framings)
    func sample(_ sample: RequestSample) { check(sample) }

    @Test("tells absent content from empty content")
    func framing() {
        #expect(parse("POST / HTTP/1.1\r\nHost: a\r\n\r\n").heads.first?.framing == BodyFraming.none)
        #expect(parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n").heads.first?.framing == .length(0))
        #expect(parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\t007 \r\n\r\n").heads.first?.framing == .length(7))
        #expect(parse("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: CHUNKED\r\n\r\n").heads.first?.framing == .chunked)
    }

    @Test("delivers the content, and nothing behind it")
    func content() {
        let recording = parse("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET")
        #expect(recording.bodies == ["hello"])
        #expect(recording.ends == [52])
        #expect(recording.phase == .head)
    }

    @Test("says where the content begins")
    func length() {
        #expect(parse("\r\nPOST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n").heads.first?.length == 49)
    }

    @Test("does not outlive its request")
    func nextRequest() {
        let text = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\nExpect: 100-continue\r\n\r\nx"
        let recording = parse(text + "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(recording.heads.map(\.framing) == [.length(1), BodyFraming.none])
        #expect(recording.heads.map(\.keepsAlive) == [false, true])
        #expect(recording.heads.map(\.expectsContinue) == [true, false])
        #expect(recording.heads.map(\.fields.count) == [4, 1])
    }
}
