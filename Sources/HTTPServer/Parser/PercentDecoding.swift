extension ByteRange {
    /// One segment of a path in plain text (RFC 3986 section 2.1). `%2F` becomes a slash, so divide a path before decoding it.
    ///
    /// - Returns: nil when a percent sign has no two hexadecimal digits behind it, or when the result holds NUL or is not UTF-8.
    public func decodedPathSegment(in bytes: Span<UInt8>) -> String? {
        decoded(in: bytes, plusIsSpace: false)
    }

    /// A name or value of a query in plain text, where `+` means a space as in an HTML form.
    ///
    /// - Returns: nil as `decodedPathSegment(in:)`.
    public func decodedQueryComponent(in bytes: Span<UInt8>) -> String? {
        decoded(in: bytes, plusIsSpace: true)
    }

    private func decoded(in bytes: Span<UInt8>, plusIsSpace: Bool) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { buffer in
            var length = 0
            var index = offsets.lowerBound
            while index < offsets.upperBound {
                var byte = bytes[index]
                if byte == UInt8(ascii: "%") {
                    guard let decoded = bytes.percentDecoded(at: index, end: offsets.upperBound) else { return nil }
                    byte = decoded
                    index += 2
                } else if byte == UInt8(ascii: "+") && plusIsSpace {
                    byte = .space
                }
                if byte == 0 { return nil }
                unsafe buffer[length] = byte
                length += 1
                index += 1
            }
            return unsafe String(validating: UnsafeBufferPointer(rebasing: buffer[..<length]), as: UTF8.self)
        }
    }
}
