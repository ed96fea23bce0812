internal import Bytes

/// What stood in a path in the places of a route's `{parameters}`, in their order. Valid as long as the request.
public struct PathParameters {
    /// The most parameters that a route may have.
    public static let maxCount = 4

    private let request: Request
    private let ranges: InlineArray<4, ByteRange>
    /// The number of parameters.
    public let count: Int

    init(_ request: Request, _ ranges: InlineArray<4, ByteRange>, count: Int) {
        self.request = request
        self.ranges = ranges
        self.count = count
    }

    /// The decoded text of one parameter, never empty; nil when it is not UTF-8 (RFC 3986 section 2.1). An `index` that is not
    /// below ``count`` traps.
    public subscript(index: Int) -> String? {
        precondition(index < count)
        return ranges[index].decodedPathSegment(in: request.buffer.bytes.span)
    }

    /// One parameter as a decimal number of one to 19 digits, without a sign and without a leading zero except in `0`; else nil.
    public func integer(_ index: Int) -> Int64? {
        withBytes(index) { bytes in
            guard 1...19 ~= bytes.count, bytes.count == 1 || bytes[0] != UInt8(ascii: "0") else { return nil }
            var value: UInt64 = 0
            for position in bytes.indices {
                guard bytes[position].isDigit else { return nil }
                value = value * 10 + UInt64(bytes[position] & 0x0f)
            }
            return Int64(exactly: value)
        }
    }

    /// Calls `body` with the bytes of one parameter as they were sent.
    public func withBytes<Result>(_ index: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        precondition(index < count)
        return body(request.buffer.bytes.span.extracting(ranges[index].offsets))
    }
}
