internal import Domain

/// The form in which an entry is stored in the backend. Integers are big endian:
///
///     format       1 byte
///     expires      8 bytes, milliseconds since 1970
///     tags         4 bytes: how many; each a token of 8 bytes, the length of its name in 4 bytes, and the name
///     is there     1 byte: 0 if there is nothing, and then that is all; else 1
///     entity tag   16 bytes
///     next         4 bytes: the length of the next page's cursor; and the cursor
///     gzip         4 bytes: the length of the body in this coding, 0 if it was not made; and that
///     body         the rest
extension Entry {
    /// Changes with the format, so that versions of the service that run side by side do not misread each other.
    private static let format: UInt8 = 3

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(size)
        bytes.append(Self.format)
        bytes.append(integer: expires)
        bytes.append(integer: UInt32(tags.count))
        for (tag, token) in zip(tags, tokens) {
            bytes.append(integer: token.value)
            bytes.append(integer: UInt32(tag.name.utf8.count))
            bytes.append(contentsOf: tag.name.utf8)
        }
        guard let encoded else { return bytes + [0] }
        bytes.append(1)
        bytes.append(integer: encoded.tag.high)
        bytes.append(integer: encoded.tag.low)
        let next = (encoded.next ?? "").utf8
        bytes.append(integer: UInt32(next.count))
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
            let count = rest.takeInteger(UInt32.self)
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
        guard let length = takeInteger(UInt32.self), count >= length else { return nil }
        defer { removeFirst(Int(length)) }
        return String(decoding: prefix(Int(length)), as: UTF8.self)
    }
}
