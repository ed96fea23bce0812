extension RequestParser {
    /// Takes the next line off and returns its bytes without the line end, or nil when it is not all there yet.
    ///
    /// Lines end with CR LF and nothing else (RFC 9112 section 2.2), and hold no control byte but HTAB.
    ///
    /// - Parameters:
    ///   - limit: the most bytes that the line may have without its end. An empty line is taken even if this is negative.
    ///   - tooLong: what to throw when it has more.
    @inline(__always)
    mutating func nextLine(
        in bytes: Span<UInt8>, _ limit: Int, _ tooLong: ParseFailure
    ) throws(ParseFailure) -> Range<Int>? {
        let window = position + max(limit, 0) + 1
        let end = min(bytes.count, window)
        let found = bytes.firstControl(from: scanned, to: end)
        scanned = found
        if found == end {
            if end == window { throw tooLong }
            return nil
        }
        guard bytes[found] == .carriageReturn else {
            throw bytes[found] == .lineFeed ? .bareLineFeed : .controlByte
        }
        guard found + 1 < bytes.count else { return nil }
        guard bytes[found + 1] == .lineFeed else { throw .bareCarriageReturn }
        let line = position..<found
        position = found + 2
        scanned = position
        return line
    }
}
