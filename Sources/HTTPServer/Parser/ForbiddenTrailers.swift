/// Fields that must not be sent behind the content, because they change how the message is delimited, routed, authenticated or
/// understood (RFC 9110 section 6.5.1).
enum ForbiddenTrailers {
    private static let names: [StaticString] = [
        "authorization", "cache-control", "connection", "content-encoding", "content-length", "content-range", "content-type",
        "cookie", "expect", "host", "keep-alive", "max-forwards", "proxy-authorization", "range", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    /// Whether `name` is one of them. All conditions (`If-...`) are.
    static func contain(_ name: ByteRange, in bytes: Span<UInt8>) -> Bool {
        if ByteRange(name.offsets.prefix(3)).equalsIgnoringCase("if-", in: bytes) { return true }
        for forbidden in names where name.equalsIgnoringCase(forbidden, in: bytes) { return true }
        return false
    }
}
