extension RequestParser {
    /// The most fields that are read of a header that may have too many: what is looked for may stand behind them.
    static let maxSalvagedFields = 1_000

    /// Puts into the head the method and the header fields as far as they can be read of a request that is refused, and nothing of
    /// the one before it.
    ///
    /// The answer may depend on them: to HEAD it has no content, and a browser lets a page read it only if it names the page's
    /// origin. Nothing else may: the lines are taken as they come, behind what could not be understood and up to where the bytes end.
    ///
    /// To be called after a failure, or instead of waiting on; the parser is of no use afterwards.
    ///
    /// - Parameter bytes: as for ``next(in:)``.
    public mutating func salvage(in bytes: Span<UInt8>) {
        let place = if case .failed = state { interrupted } else { state }
        switch place {
        case .requestLine:
            beginHead()
            head.method = Self.method(in: bytes)
        case .fields: break
        default: return
        }
        var start = position
        while head.fields.count < Self.maxSalvagedFields, let lineFeed = bytes.firstLineFeed(from: start) {
            let end = lineFeed > start && bytes[lineFeed - 1] == .carriageReturn ? lineFeed - 1 : lineFeed
            if end == start { return }
            if let field = try? HeaderField(line: start..<end, in: bytes) { head.fields.append(field) }
            start = lineFeed + 1
        }
    }

    /// The method of a request of whose first line not even the end may be there.
    private static func method(in bytes: Span<UInt8>) -> RequestMethod {
        var start = 0
        while start < bytes.count, bytes[start] == .carriageReturn || bytes[start] == .lineFeed { start += 1 }
        let end = bytes.skip(.token, from: start, to: bytes.count)
        guard end < bytes.count, bytes[end] == .space else { return .other }
        return RequestMethod(ByteRange(start..<end), in: bytes)
    }
}

extension Span<UInt8> {
    fileprivate func firstLineFeed(from start: Int) -> Int? {
        var index = start
        while index < count {
            if self[index] == .lineFeed { return index }
            index += 1
        }
        return nil
    }
}
