/// One `name=value` of a query, still encoded. See `ByteRange.decodedQueryComponent(in:)`.
public struct QueryItem: Equatable, Sendable {
    /// What stands before the first `=`. May be empty.
    public let name: ByteRange
    /// What stands behind it. Empty also when there is no `=`.
    public let value: ByteRange
}

/// The `name=value` pairs of a query in their order, divided by `&`. Nothing between two `&` is no pair.
///
/// Nothing is allocated until text is asked for. It is no `Sequence` since it needs the buffer at each step:
///
/// ```swift
/// var items = QueryItems(head.query)
/// while let item = items.next(in: bytes) { ... }
/// ```
public struct QueryItems: Sendable {
    private var rest: Range<Int>

    /// - Parameter query: as in `RequestHead.query`, without the question mark.
    public init(_ query: ByteRange) {
        rest = query.offsets
    }

    /// The next pair, or nil behind the last one.
    public mutating func next(in bytes: Span<UInt8>) -> QueryItem? {
        while !rest.isEmpty {
            let start = rest.lowerBound
            var end = start
            var equals: Int?
            while end < rest.upperBound, bytes[end] != UInt8(ascii: "&") {
                if equals == nil && bytes[end] == UInt8(ascii: "=") { equals = end }
                end += 1
            }
            rest = min(end + 1, rest.upperBound)..<rest.upperBound
            if start == end { continue }
            let nameEnd = equals ?? end
            return QueryItem(name: ByteRange(start..<nameEnd), value: ByteRange(min(nameEnd + 1, end)..<end))
        }
        return nil
    }
}
