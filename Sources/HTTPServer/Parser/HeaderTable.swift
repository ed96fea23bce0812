/// Where one header field lies in the buffer.
public struct HeaderField: Equatable, Sendable {
    /// The field name, a token of at least one byte, in the case it was sent in.
    public let name: ByteRange
    /// The field value without the whitespace around it. It may be empty and may hold bytes above 0x7F.
    public let value: ByteRange
}

/// The header fields of a request in the order they were sent (RFC 9110 section 5.3), as offsets.
///
/// A parser uses one table for all its requests. Copying it costs a reference count, but while a copy lives the next request
/// costs an allocation.
public struct HeaderTable: Equatable, Sendable {
    private var fields: [HeaderField] = []
    /// Bit `n` says that some name is `n` bytes long (modulo 64). Most look-ups are for fields that were not sent, and most of
    /// those end here.
    private var lengths: UInt64 = 0

    init() {
        fields.reserveCapacity(16)
    }

    /// The number of field lines.
    public var count: Int { fields.count }

    /// Whether there are no field lines.
    public var isEmpty: Bool { fields.isEmpty }

    /// The field line at `index`, from 0 to `count - 1`; any other index traps.
    public subscript(index: Int) -> HeaderField { fields[index] }

    /// The index of the first field line named `name` from `start` on, or nil.
    ///
    /// Several lines of one name make up one list (RFC 9110 section 5.2); go on from the index behind the last one to see all.
    ///
    /// - Parameters:
    ///   - name: in lower case. A name with capitals is never found.
    ///   - bytes: the buffer, from the first byte of the request.
    public func index(of name: StaticString, from start: Int = 0, in bytes: Span<UInt8>) -> Int? {
        guard lengths & Self.bit(name.utf8CodeUnitCount) != 0 else { return nil }
        var index = start
        while index < fields.count {
            if fields[index].name.equalsIgnoringCase(name, in: bytes) { return index }
            index += 1
        }
        return nil
    }

    /// The value of the first field line named `name`, or nil. See `index(of:from:in:)`.
    public func value(of name: StaticString, in bytes: Span<UInt8>) -> ByteRange? {
        index(of: name, in: bytes).map { fields[$0].value }
    }

    mutating func append(_ field: HeaderField) {
        lengths |= Self.bit(field.name.count)
        fields.append(field)
    }

    mutating func removeAll() {
        lengths = 0
        fields.removeAll(keepingCapacity: true)
    }

    @inline(__always)
    private static func bit(_ length: Int) -> UInt64 { 1 &<< UInt64(truncatingIfNeeded: length) }
}
