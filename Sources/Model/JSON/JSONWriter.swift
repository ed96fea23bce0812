internal import Bytes

/// Writes JSON (RFC 8259) as UTF-8 bytes, in the order in which it is told.
public struct JSONWriter {
    /// What was written so far.
    public private(set) var bytes: [UInt8] = []
    /// Whether the next element needs a comma before it.
    private var needsComma = false

    public init(capacity: Int = 256) { bytes.reserveCapacity(capacity) }

    /// Writes an object, whose members `members` writes.
    public mutating func object(_ members: (inout JSONWriter) throws -> Void) rethrows {
        try nested("{", "}", members)
    }

    /// Writes an array, whose elements `elements` writes.
    public mutating func array(_ elements: (inout JSONWriter) throws -> Void) rethrows {
        try nested("[", "]", elements)
    }

    /// Writes a member's name; its value is written next.
    public mutating func key(_ name: String) {
        comma()
        quoted(name)
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    /// Writes a member's name, which is in quotes and has its colon already.
    public mutating func key(encoded: [UInt8]) { encoded.withUnsafeBytes { key(encoded: $0) } }

    /// The same for bytes that somebody lends.
    public mutating func key(encoded: UnsafeRawBufferPointer) {
        comma()
        bytes.append(contentsOf: encoded)
        needsComma = false
    }

    /// Writes a row as an object, with all its columns.
    public mutating func row(_ row: Row, of schema: Schema) {
        object { json in
            for (column, value) in zip(schema.columns, row.values) {
                json.key(encoded: column.jsonKey)
                json.value(value)
            }
        }
    }

    public mutating func value(_ value: Value) {
        switch value {
        case .null: null()
        case .bool(let bool): self.bool(bool)
        case .integer(let integer): self.integer(integer)
        case .text(let text): string(text)
        case .money(let money): string(money.description)
        case .day(let day): string(day.description)
        case .timestamp(let timestamp): self.timestamp(timestamp)
        case .uuid(let uuid): string(uuid.description)
        case .moneySum(let sum): string(sum.description)
        }
    }

    /// Writes a text, with what has to be escaped in it.
    public mutating func string(_ text: String) {
        comma()
        quoted(text)
    }

    /// Writes a text of UTF-8. Bytes that are none are repaired, as `String` does it.
    public mutating func string(utf8: UnsafeRawBufferPointer) {
        guard utf8.isUTF8 else { return string(String(decoding: utf8, as: UTF8.self)) }
        comma()
        quoted(utf8)
    }

    /// Writes a text of which no byte has to be escaped.
    public mutating func string(plain: UnsafeRawBufferPointer) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: plain)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Writes a number in decimal digits.
    public mutating func integer(_ number: Int64) {
        comma()
        bytes.append(decimal: number)
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ bool: Bool) { raw(bool ? "true" : "false") }
    /// Writes `null`.
    public mutating func null() { raw("null") }

    /// Writes bytes that are JSON already.
    public mutating func encoded(_ json: some Collection<UInt8>) {
        comma()
        bytes.append(contentsOf: json)
    }

    /// The same for bytes that somebody lends.
    public mutating func encoded(_ json: UnsafeRawBufferPointer) {
        comma()
        bytes.append(contentsOf: json)
    }

    /// Takes back what was written behind the first `count` bytes: whole elements of an array that are not the first ones.
    public mutating func removeElements(behind count: Int) { bytes.removeLast(bytes.count - count) }

    private mutating func raw(_ literal: StaticString) {
        comma()
        literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    private mutating func timestamp(_ timestamp: Timestamp) {
        comma()
        bytes.append(UInt8(ascii: "\""))
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Timestamp.length) { buffer in
            timestamp.write(to: buffer)
            bytes.append(contentsOf: buffer)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func nested(
        _ open: Unicode.Scalar, _ close: Unicode.Scalar, _ body: (inout JSONWriter) throws -> Void
    ) rethrows {
        comma()
        bytes.append(UInt8(ascii: open))
        needsComma = false
        try body(&self)
        bytes.append(UInt8(ascii: close))
        needsComma = true
    }

    private mutating func comma() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func quoted(_ text: String) {
        var text = text
        text.withUTF8 { quoted(UnsafeRawBufferPointer($0)) }
    }

    private mutating func quoted(_ utf8: UnsafeRawBufferPointer) {
        bytes.append(UInt8(ascii: "\""))
        var start = 0
        while let index = utf8.indexToEscape(from: start) {
            bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: utf8[start..<index]))
            escape(utf8[index])
            start = index + 1
        }
        bytes.append(contentsOf: UnsafeRawBufferPointer(rebasing: utf8[start...]))
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x22, 0x5C: bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            bytes.append(contentsOf: [UInt8(ascii: "u"), UInt8(ascii: "0"), UInt8(ascii: "0")])
            bytes.append(contentsOf: [Hexadecimal.digit(byte >> 4), Hexadecimal.digit(byte & 0xF)])
        }
    }
}

extension [UInt8] {
    /// Appends a number in decimal digits.
    public mutating func append(decimal number: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.maxDigits) { digits in
            append(contentsOf: Decimal.write(number, into: digits))
        }
    }
}

/// What has a form in JSON.
public protocol JSONEncodable {
    func encode(to json: inout JSONWriter)
    /// The cursor of the page after this one, for a page that has one.
    var next: String? { get }
}

extension JSONEncodable {
    /// None: only pages have one.
    public var next: String? { nil }
}
