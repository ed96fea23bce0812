internal import Bytes

/// The validator of a representation (RFC 9110, section 8.8.3): strong, and the same on every instance, because it
/// follows from the bytes alone.
public struct EntityTag: Hashable, Sendable {
    /// The first half of the bytes' SHA-256.
    public let high: UInt64
    /// The second half of that.
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

/// A form in which a representation is sent (RFC 9110, section 8.4).
public enum Coding: Hashable, Sendable {
    case identity, gzip
}

/// A representation: the bytes that a client receives, and their validator.
public struct Encoded: Sendable {
    /// What a client receives that takes no coding.
    public let bytes: [UInt8]
    /// The validator of the bytes.
    public let tag: EntityTag
    /// The cursor of the page after this one, if it is a page and there is one.
    public let next: String?
    /// The same in the gzip coding, once a client has wanted it.
    public private(set) var gzip: [UInt8]?

    /// Bodies of fewer bytes are sent as they are: they fit into one packet with their header anyway.
    public static let minimumCodedBytes = 1024

    public init(bytes: [UInt8], tag: EntityTag, next: String? = nil, gzip: [UInt8]? = nil) {
        self.bytes = bytes
        self.tag = tag
        self.next = next
        self.gzip = gzip
    }

    /// Whether a client that wants `coding` is sent a form that has still to be made.
    @inlinable
    public func lacks(_ coding: Coding?) -> Bool {
        coding == .gzip && gzip == nil && bytes.count >= Self.minimumCodedBytes
    }

    /// The same, with the form that a client which wants `coding` is sent.
    public func with(_ coding: Coding?) -> Encoded {
        guard lacks(coding) else { return self }
        var encoded = self
        encoded.gzip = Gzip.compress(bytes)
        return encoded
    }

    public init(_ value: some JSONEncodable) {
        var json = JSONWriter()
        value.encode(to: &json)
        self.init(bytes: json.bytes, tag: EntityTag(of: json.bytes), next: value.next)
    }
}
