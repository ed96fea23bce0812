internal import Bytes

extension Query.Cursor {
    /// Its opaque text: base64url of a fingerprint of the query that it belongs to, and of its values.
    public func text(for query: Query) -> String {
        var bytes = Array(query.fingerprint.utf8)
        for value in values {
            // A length before each value, because a text may hold any character; `n` for null.
            guard let text = value.text else {
                bytes.append(UInt8(ascii: "n"))
                continue
            }
            bytes.append(decimal: Int64(text.utf8.count))
            bytes.append(UInt8(ascii: ":"))
            bytes.append(contentsOf: text.utf8)
        }
        return Base64URL.encode(bytes)
    }

    /// Reads what ``text(for:)`` wrote; nil if it is not a cursor, or that of a query with other filters or another order.
    public init?(_ text: some StringProtocol, for query: Query) {
        guard let bytes = Base64URL.decode(text) else { return nil }
        let fingerprint = Array(query.fingerprint.utf8)
        guard bytes.starts(with: fingerprint) else { return nil }
        var rest = bytes[fingerprint.count...]
        var values: [Value] = []
        for key in query.sort {
            let column = query.schema.columns[key.column]
            if column.isOptional, rest.first == UInt8(ascii: "n") {
                values.append(.null)
                rest = rest.dropFirst()
                continue
            }
            guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
                let length = Int(String(decoding: rest[..<colon], as: UTF8.self)), length >= 0,
                length < rest.endIndex - colon,
                let text = String(validating: rest[(colon + 1)...].prefix(length), as: UTF8.self),
                let value = column.kind.value(from: text)
            else { return nil }
            values.append(value)
            rest = rest[(colon + 1 + length)...]
        }
        guard rest.isEmpty else { return nil }
        self.init(values: values)
    }
}
