/// Names of header fields are given in lower case; one with capitals is never found.
extension Request {
    /// The value of the field `name`, or nil if it was not sent. The values of several lines are joined by `, ` (RFC 9110
    /// section 5.3). Bytes that are not UTF-8 become U+FFFD.
    public func header(_ name: StaticString) -> String? {
        withHeader(name) { value in value.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } }
    }

    /// Whether the field `name` was sent.
    public func hasHeader(_ name: StaticString) -> Bool {
        parser.head.fields.index(of: name, in: buffer.bytes.span) != nil
    }

    /// Whether the field `name` was sent in one line and has exactly the bytes of `value`.
    public func header(_ name: StaticString, equals value: StaticString) -> Bool {
        let bytes = buffer.bytes.span
        guard let index = parser.head.fields.index(of: name, in: bytes) else { return false }
        return parser.head.fields[index].value.equals(value, in: bytes)
            && parser.head.fields.index(of: name, from: index + 1, in: bytes) == nil
    }

    /// Calls `body` with the value of the field `name`, without making a `String` of it. Several lines are joined as in
    /// ``header(_:)``.
    ///
    /// - Returns: nil, without having called `body`, if the field was not sent.
    public func withHeader<Result>(_ name: StaticString, _ body: (Span<UInt8>) -> Result) -> Result? {
        let bytes = buffer.bytes.span
        guard let index = parser.head.fields.index(of: name, in: bytes) else { return nil }
        let value = parser.head.fields[index].value
        guard var next = parser.head.fields.index(of: name, from: index + 1, in: bytes) else {
            return body(bytes.extracting(value.offsets))
        }
        var joined = Array(buffer.bytes[value.offsets])
        while true {
            joined.append(UInt8(ascii: ","))
            joined.append(.space)
            joined.append(contentsOf: buffer.bytes[parser.head.fields[next].value.offsets])
            guard let another = parser.head.fields.index(of: name, from: next + 1, in: bytes) else { break }
            next = another
        }
        return body(joined.span)
    }
}
