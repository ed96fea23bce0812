internal import Bytes
internal import Model

/// The form in which an entry is stored in the backend. Integers are big endian:
///
///     format       1 byte
///     digest       16 bytes: the first half of the SHA-256 of all that follows
///     key          4 bytes: its length; and the key under which the entry is stored
///     expires      8 bytes, milliseconds since 1970
///     tags         4 bytes: how many, at least one; each a token of 8 bytes, the length of its name in 4 bytes, and the name
///     is there     1 byte: 0 if there is nothing, and then that is all; else 1
///     entity tag   16 bytes
///     next         4 bytes: the length of the next page's cursor; and the cursor
///     gzip         4 bytes: the length of the body in this coding, 0 if it was not made; and that
///     body         the rest
///
/// The digest finds what was damaged, and the key what belongs elsewhere: others can write to the cache server too.
extension Entry {
    /// Changes with the format, so that versions of the service that run side by side do not misread each other.
    private static let format: UInt8 = 4
    private static let digestLength = 16
    private static let headLength = 1 + digestLength

    /// Its bytes as they are stored under `key`.
    func bytes(under key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size + key.utf8.count)
        bytes.append(Self.format)
        bytes.append(contentsOf: repeatElement(0, count: Self.digestLength))
        bytes.append(text: key)
        bytes.append(integer: expires)
        bytes.append(integer: UInt32(tags.count))
        for (tag, token) in zip(tags, tokens) {
            bytes.append(integer: token.value)
            bytes.append(text: tag.name)
        }
        bytes.append(encoded == nil ? 0 : 1)
        if let encoded {
            bytes.append(integer: encoded.tag.high)
            bytes.append(integer: encoded.tag.low)
            bytes.append(text: encoded.next ?? "")
            bytes.append(integer: UInt32(encoded.gzip?.count ?? 0))
            bytes.append(contentsOf: encoded.gzip ?? [])
            bytes.append(contentsOf: encoded.bytes)
        }
        bytes.replaceSubrange(1..<Self.headLength, with: Self.digest(of: bytes))
        return bytes
    }

    /// Nil if the bytes are not those of an entry that was stored under `key`: of another format, damaged, or another's.
    convenience init?(bytes: [UInt8], under key: String, now: Int64) {
        guard bytes.count > Self.headLength, bytes[0] == Self.format,
            bytes[1..<Self.headLength] == Self.digest(of: bytes)
        else { return nil }
        var rest = bytes[Self.headLength...]
        guard rest.takeText() == key, let expires = rest.takeInteger(Int64.self), let count = rest.takeInteger(UInt32.self),
            count > 0
        else { return nil }
        var tags: [Tag] = []
        var tokens: [VersionToken] = []
        for _ in 0..<count {
            guard let token = rest.takeInteger(UInt64.self), let name = rest.takeText() else { return nil }
            tokens.append(VersionToken(token))
            tags.append(Tag(name))
        }
        let encoded: Encoded?
        switch rest.popFirst() {
        case 0 where rest.isEmpty: encoded = nil
        case 1:
            guard let value = Encoded(entryBytes: rest) else { return nil }
            encoded = value
        default: return nil
        }
        self.init(encoded, tags: tags, tokens: tokens, expires: expires, validated: now)
    }

    private static func digest(of bytes: [UInt8]) -> ArraySlice<UInt8> {
        bytes.withUnsafeBytes { SHA256(UnsafeRawBufferPointer(rebasing: $0[headLength...])) }.bytes.prefix(digestLength)
    }
}

extension Encoded {
    /// Reads what an entry has from its entity tag on.
    fileprivate init?(entryBytes: ArraySlice<UInt8>) {
        var rest = entryBytes
        guard let high = rest.takeInteger(UInt64.self), let low = rest.takeInteger(UInt64.self), let next = rest.takeText(),
            let gzipLength = rest.takeInteger(UInt32.self), rest.count >= gzipLength
        else { return nil }
        let gzip = Array(rest.prefix(Int(gzipLength)))
        self.init(
            bytes: Array(rest.dropFirst(gzip.count)), tag: EntityTag(high: high, low: low), next: next.isEmpty ? nil : next,
            gzip: gzip.isEmpty ? nil : gzip)
    }
}

extension [UInt8] {
    fileprivate mutating func append(integer: some FixedWidthInteger) {
        for shift in stride(from: integer.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: integer >> shift))
        }
    }

    /// A text with its length before it.
    fileprivate mutating func append(text: String) {
        append(integer: UInt32(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func takeInteger<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        guard count >= Integer.bitWidth / 8 else { return nil }
        let integer = prefix(Integer.bitWidth / 8).reduce(Integer(0)) { $0 << 8 | Integer($1) }
        removeFirst(Integer.bitWidth / 8)
        return integer
    }

    /// Takes a text with its length before it.
    fileprivate mutating func takeText() -> String? {
        guard let length = takeInteger(UInt32.self), count >= length else { return nil }
        defer { removeFirst(Int(length)) }
        return String(decoding: prefix(Int(length)), as: UTF8.self)
    }
}
