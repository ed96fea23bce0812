internal import Bytes

/// The header fields of a response as the bytes that are sent: `Name: value` and a line end for each.
///
/// A block that is the same for many responses is made once; copies share its memory until one is appended to.
public struct FieldBlock: Sendable, Equatable {
    /// What is sent.
    public private(set) var bytes: [UInt8] = []

    /// Enough for the fields of most responses, so that a block grows once.
    private static let usualSize = 320

    /// No fields.
    public init() {}

    /// The fields of another block, from its ``bytes``.
    public init(lines bytes: [UInt8]) { self.bytes = bytes }

    /// Adds one field line.
    ///
    /// A line end or NUL in `value` becomes a space, so that no value can add a field or end the header (RFC 9110 section 5.5).
    /// The server adds `Date`, `Content-Length`, `Connection` and `Transfer-Encoding` itself: leave them out.
    ///
    /// - Parameters:
    ///   - name: a token, in the case that is to be sent.
    ///   - value: without whitespace at its ends.
    public mutating func append(_ name: StaticString, _ value: String) {
        var value = value
        value.withUTF8 { append(name, $0) }
    }

    /// Adds one field line. See ``append(_:_:)-(StaticString,String)``.
    public mutating func append(_ name: StaticString, _ value: [UInt8]) {
        value.withUnsafeBufferPointer { append(name, $0) }
    }

    /// Adds one field line. See ``append(_:_:)-(StaticString,String)``.
    public mutating func append(_ name: StaticString, _ value: Span<UInt8>) {
        value.withUnsafeBufferPointer { append(name, $0) }
    }

    /// Adds one field line with a number, behind what stands before it.
    public mutating func append(_ name: StaticString, _ prefix: StaticString = "", decimal value: Int) {
        let prefixSize = prefix.utf8CodeUnitCount
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: prefixSize + Decimal.maxDigits) { text in
            let digits = Decimal.write(Int64(value), into: UnsafeMutableBufferPointer(rebasing: text[prefixSize...]))
            let start = text.count - digits.count - prefixSize
            _ = UnsafeMutableBufferPointer(rebasing: text[start...]).update(
                from: UnsafeBufferPointer(start: prefix.utf8Start, count: prefixSize))
            append(name, UnsafeBufferPointer(rebasing: text[start...]))
        }
    }

    /// Adds lines as they are: `Name: value` and a line end for each.
    public mutating func append(lines: StaticString) {
        reserve(lines.utf8CodeUnitCount)
        bytes.append(contentsOf: UnsafeBufferPointer(start: lines.utf8Start, count: lines.utf8CodeUnitCount))
    }

    /// Adds all lines of `block`.
    public mutating func append(contentsOf block: FieldBlock) {
        if bytes.isEmpty {
            self = block
        } else {
            bytes.append(contentsOf: block.bytes)
        }
    }

    private mutating func append(_ name: StaticString, _ value: UnsafeBufferPointer<UInt8>) {
        let added = name.utf8CodeUnitCount + value.count + 4
        reserve(added)
        bytes.append(addingCapacity: added) { output in
            output.withUnsafeMutableBufferPointer { room, count in
                let start = room.baseAddress! + count
                let valueStart = start + name.utf8CodeUnitCount + 2
                start.update(from: name.utf8Start, count: name.utf8CodeUnitCount)
                valueStart[-2] = UInt8(ascii: ":")
                valueStart[-1] = .space
                for index in 0..<value.count { valueStart[index] = Self.endsLine(value[index]) ? .space : value[index] }
                valueStart[value.count] = .carriageReturn
                valueStart[value.count + 1] = .lineFeed
                count += added
            }
        }
    }

    private mutating func reserve(_ count: Int) {
        if bytes.capacity - bytes.count < count { bytes.reserveCapacity(max(Self.usualSize, 2 * (bytes.count + count))) }
    }

    private static func endsLine(_ byte: UInt8) -> Bool { byte == .carriageReturn || byte == .lineFeed || byte == 0 }
}
