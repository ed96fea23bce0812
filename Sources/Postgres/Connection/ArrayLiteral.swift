/// Encodes PostgreSQL's arrays, so that one parameter carries many values: `WHERE id = ANY($1::bigint[])`,
/// `INSERT ... SELECT * FROM unnest($1::text[], $2::numeric[])`.
public enum ArrayLiteral {
    /// The literal of `elements` in their text format; nil is NULL (PostgreSQL documentation, 8.15.6).
    public static func encode(_ elements: some Sequence<String?>) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "{")]
        for element in elements {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            guard let element else {
                bytes.append(contentsOf: "NULL".utf8)
                continue
            }
            // Always in quotes, or the texts "" and "NULL" would mean something else.
            bytes.append(UInt8(ascii: "\""))
            for byte in element.utf8 {
                if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
                bytes.append(byte)
            }
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(UInt8(ascii: "}"))
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The literal of integers.
    public static func encode(_ elements: some Sequence<Int64>) -> String {
        var literal = "{"
        for element in elements {
            if literal.utf8.count > 1 { literal += "," }
            literal += String(element)
        }
        literal += "}"
        return literal
    }
}
