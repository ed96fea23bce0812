internal import Digest

/// The validator of a representation (RFC 9110, section 8.8.3): strong, and the same on every instance, because it
/// follows from the bytes alone.
public struct EntityTag: Hashable, Sendable {
    /// The first half of the bytes' SHA-256.
    public let high: UInt64
    public let low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    public init(of bytes: [UInt8]) {
        let digest = SHA256(bytes).bytes
        func word(_ start: Int) -> UInt64 { digest[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        self.init(high: word(0), low: word(8))
    }
}

/// A representation: the bytes that a client receives, and their validator.
public struct Encoded: Sendable {
    public let bytes: [UInt8]
    public let tag: EntityTag
    /// The cursor of the page after this one, if it is a page and there is one.
    public let next: String?

    public init(bytes: [UInt8], tag: EntityTag, next: String? = nil) {
        self.bytes = bytes
        self.tag = tag
        self.next = next
    }

    public init(_ value: some JSONEncodable) {
        var json = JSONWriter()
        value.encode(to: &json)
        self.init(bytes: json.bytes, tag: EntityTag(of: json.bytes), next: value.next)
    }
}
