internal import Domain

/// The form in which an entry is stored in the backend. Integers are big endian:
///
///     format       1 byte
///     expires      8 bytes, milliseconds since 1970
///     entity tag   16 bytes
///     tags         2 bytes: how many; each a token of 8 bytes, the length of its name in 2 bytes, and the name
///     next         2 bytes: the length of the next page's cursor; and the cursor
///     gzip         4 bytes: the length of the body in this coding, 0 if it was not made; and that
///     body         the rest
extension Entry {
    /// Changes with the format, so that versions of the service that run side by side do not misread each other.
    private static let format: UInt8 = 2

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        bytes.append(Self.format)
        bytes.append(integer: expires)
        bytes.append(integer: encoded.tag.high)
        bytes.append(integer: encoded.tag.low)
        bytes.append(integer: UInt16(tags.count))
        for (tag, token) in zip(tags, tokens) {
            bytes.append(integer: token.value)
            bytes.append(integer: UInt16(tag.name.utf8.count))
            bytes.append(contentsOf: tag.name.utf8)
        }
        let next = (encoded.next ?? "").utf8
        bytes.append(integer: UInt16(next.count))
        bytes.append(contentsOf: next)
        bytes.append(integer: UInt32(encoded.gzip?.count ?? 0))
        bytes.append(contentsOf: encoded.gzip ?? [])
        bytes.append(contentsOf: encoded.bytes)
        return bytes
    }

    /// Nil if the bytes are of another format or broken.
    convenience init?(bytes: [UInt8], now: Int64) {
        var rest = bytes[...]
        guard rest.popFirst() == Self.format, let expires = rest.takeInteger(Int64.self),
            let high = rest.takeInteger(UInt64.self), let low = rest.takeInteger(UInt64.self),
            let count = rest.takeInteger(UInt16.self)
        else { return nil }
        var tags: [Tag] = []
        var tokens: [VersionToken] = []
        for _ in 0..<count {
            guard let token = rest.takeInteger(UInt64.self), let name = rest.takeText() else { return nil }
            tokens.append(VersionToken(token))
            tags.append(Tag(name))
        }
        guard let next = rest.takeText(), let gzipLength = rest.takeInteger(UInt32.self), rest.count >= gzipLength else {
            return nil
        }
        let gzip = Array(rest.prefix(Int(gzipLength)))
        let encoded = Encoded(
            bytes: Array(rest.dropFirst(gzip.count)), tag: EntityTag(high: high, low: low), next: next.isEmpty ? nil : next,
            gzip: gzip.isEmpty ? nil : gzip)
        self.init(encoded, tags: tags, tokens: tokens, expires: expires, validated: now)
    }
}

extension [UInt8] {
    fileprivate mutating func append(integer: some FixedWidthInteger) {
        for shift in stride(from: integer.bitWidth - 8, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: integer >> shift))
        }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func takeInteger<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
        guard count >= Integer.bitWidth / 8 else { return nil }
        let integer = prefix(Integer.bitWidth / 8).reduce(Integer(0)) { $0 << 8 | Integer($1) }
        removeFirst(Integer.bitWidth / 8)
        return integer
    }

    /// A text with its length before it.
    fileprivate mutating func takeText() -> String? {
        guard let length = takeInteger(UInt16.self), count >= length else { return nil }
        defer { removeFirst(Int(length)) }
        return String(decoding: prefix(Int(length)), as: UTF8.self)
    }
}
