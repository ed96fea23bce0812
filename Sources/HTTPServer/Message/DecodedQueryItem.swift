/// One `name=value` of a query, decoded as in an HTML form: `+` is a space.
public struct DecodedQueryItem: Hashable, Sendable {
    /// What stands before the first `=`, or all if there is none.
    public let name: String
    /// What stands behind it; empty if there is none.
    public let value: String
    /// What the commas of the value divide, where that cannot be seen in ``value`` any more: a comma that was sent as `%2C` is
    /// data, and divides nothing (RFC 3986, section 2.2). Nil where none was sent so.
    public let list: [String]?

    /// - Returns: nil when the name or the value is not UTF-8, or holds NUL.
    init?(_ item: QueryItem, in bytes: Span<UInt8>) {
        guard let name = item.name.decodedQueryComponent(in: bytes), let value = item.value.decodedQueryComponent(in: bytes)
        else { return nil }
        self.name = name
        self.value = value
        list = Self.hasEncodedComma(item.value, in: bytes) ? Self.list(item.value, in: bytes) : nil
    }

    private static func hasEncodedComma(_ value: ByteRange, in bytes: Span<UInt8>) -> Bool {
        for index in value.offsets where bytes[index] == UInt8(ascii: "%") {
            if bytes.percentDecoded(at: index, end: value.offsets.upperBound) == UInt8(ascii: ",") { return true }
        }
        return false
    }

    /// The parts between commas, each decoded; nil if one cannot be.
    private static func list(_ value: ByteRange, in bytes: Span<UInt8>) -> [String]? {
        var list: [String] = []
        var start = value.offsets.lowerBound
        for index in value.offsets.lowerBound...value.offsets.upperBound
        where index == value.offsets.upperBound || bytes[index] == UInt8(ascii: ",") {
            guard let part = ByteRange(start..<index).decodedQueryComponent(in: bytes) else { return nil }
            list.append(part)
            start = index + 1
        }
        return list
    }
}
