internal import Bytes

/// A half-open range of byte offsets into the buffer that a request was parsed from.
///
/// Offsets, not pointers, so that the buffer may be reallocated while a request is read. They count from the first byte of
/// the request's message and are 32 bits wide: a request head is far smaller than 4 GiB.
public struct ByteRange: Equatable, Sendable {
    /// The offset of the first byte.
    public let start: UInt32
    /// The offset behind the last byte, never less than `start`.
    public let end: UInt32

    /// The empty range at offset 0.
    public static let none = ByteRange(0..<0)

    /// - Parameter range: offsets from 0 to 2³² - 1; others trap.
    @inlinable
    public init(_ range: Range<Int>) {
        start = UInt32(range.lowerBound)
        end = UInt32(range.upperBound)
    }

    /// The number of bytes.
    @inlinable
    public var count: Int { Int(end) - Int(start) }

    /// Whether there are no bytes.
    @inlinable
    public var isEmpty: Bool { start == end }

    /// The same offsets in the type that collections take.
    @inlinable
    public var offsets: Range<Int> { Int(start)..<Int(end) }
}

extension ByteRange {
    /// Whether the bytes are exactly those of `text`.
    public func equals(_ text: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard text.utf8CodeUnitCount == count else { return false }
        for index in 0..<count where bytes[Int(start) + index] != text[index] { return false }
        return true
    }

    /// Whether the bytes are those of `lowercase` when ASCII letters are compared without regard to case, as field names and
    /// most protocol keywords are (RFC 9110 section 5.1).
    ///
    /// - Parameter lowercase: without capital letters; one that has any is never found.
    public func equalsIgnoringCase(_ lowercase: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard lowercase.utf8CodeUnitCount == count else { return false }
        for index in 0..<count where bytes[Int(start) + index].asciiLowercase != lowercase[index] { return false }
        return true
    }

    /// The bytes as text. Bytes that are not UTF-8 (a field value may hold some, RFC 9110 section 5.5) become U+FFFD.
    public func text(in bytes: Span<UInt8>) -> String {
        let selected = bytes.extracting(offsets)
        return unsafe selected.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension StaticString {
    /// The byte at `index`, which the caller keeps below `utf8CodeUnitCount`.
    @inline(__always)
    fileprivate subscript(index: Int) -> UInt8 { unsafe utf8Start[index] }
}
