internal import Bytes
internal import Model

/// A JSON value as it was sent. Numbers keep their text, so that nothing is rounded.
enum JSONValue: Equatable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([Member])

    struct Member: Equatable {
        var name: String
        var value: JSONValue
    }

    /// The value of a member; nil if there is none of that name, or no object.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

/// Reads JSON by the letter of RFC 8259, in UTF-8, with names that are unique in their object (RFC 7493).
///
/// The time that it takes grows with the number of bytes and with nothing else, whatever they are.
struct JSONReader {
    /// How deep arrays and objects may be nested.
    static let maximumDepth = 64
    /// How many bytes a number has at most (RFC 8259, section 9): far more than any number of ours needs.
    static let maximumNumberBytes = 64
    /// Of a longer name there is the excerpt, so that it can be compared with ours: no record has such a member.
    static let maximumNameBytes = 128

    /// What is wrong, and at which byte.
    struct Malformed: Error, Equatable {
        let reason: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// - Throws: ``Malformed``
    static func read(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var reader = JSONReader(bytes)
        let value = try reader.value()
        reader.skipBlanks()
        guard reader.position == bytes.count else { throw reader.malformed("something follows the value") }
        return value
    }

    private func malformed(_ reason: String) -> Malformed { Malformed(reason: reason, offset: position) }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipBlanks() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    // MARK: Values

    private mutating func value() throws(Malformed) -> JSONValue {
        skipBlanks()
        guard let next else { throw malformed("a value is missing at the end") }
        switch next {
        case UInt8(ascii: "{"): return try nested { reader throws(Malformed) in .object(try reader.members()) }
        case UInt8(ascii: "["): return try nested { reader throws(Malformed) in .array(try reader.elements()) }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw malformed("a value is expected")
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(Malformed) -> JSONValue
    ) throws(Malformed) -> JSONValue {
        depth += 1
        guard depth <= Self.maximumDepth else { throw malformed("it is nested deeper than \(Self.maximumDepth)") }
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private mutating func members() throws(Malformed) -> [JSONValue.Member] {
        var members: [JSONValue.Member] = []
        var names: Set<ExactText> = []
        skipBlanks()
        if take("}") { return members }
        repeat {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw malformed("a name in quotes is expected") }
            let name = try string()
            guard names.insert(ExactText(name)).inserted else { throw malformed("a name stands twice in its object") }
            skipBlanks()
            guard take(":") else { throw malformed("a colon is expected") }
            let kept = name.utf8.count > Self.maximumNameBytes ? name.excerpt : name
            members.append(JSONValue.Member(name: kept, value: try value()))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw malformed("a comma or } is expected") }
        return members
    }

    private mutating func elements() throws(Malformed) -> [JSONValue] {
        var elements: [JSONValue] = []
        skipBlanks()
        if take("]") { return elements }
        repeat {
            elements.append(try value())
            skipBlanks()
        } while take(",")
        guard take("]") else { throw malformed("a comma or ] is expected") }
        return elements
    }

    private mutating func literal(_ text: StaticString, _ value: JSONValue) throws(Malformed) -> JSONValue {
        let length = text.utf8CodeUnitCount
        let isThere = text.withUTF8Buffer { bytes[position...].starts(with: $0) }
        guard isThere else { throw malformed("a value is expected") }
        position += length
        return value
    }

    private mutating func number() throws(Malformed) -> String {
        let start = position
        _ = take("-")
        // A zero stands alone before the point.
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        guard position - start <= Self.maximumNumberBytes else {
            throw malformed("a number has more than \(Self.maximumNumberBytes) bytes")
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits() throws(Malformed) {
        let start = position
        while let byte = next, 48...57 ~= byte { position += 1 }
        guard position > start else { throw malformed("a digit is expected") }
    }

    // MARK: Strings

    private mutating func string() throws(Malformed) -> String {
        position += 1
        var text: [UInt8] = []
        var start = position
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                text += bytes[start..<position]
                guard let string = String(validating: text, as: UTF8.self) else { throw malformed("a string is not UTF-8") }
                position += 1
                return string
            case UInt8(ascii: "\\"):
                text += bytes[start..<position]
                position += 1
                for byte in UTF8.encode(try escaped())! { text.append(byte) }  // a scalar has an encoding
                start = position
            case 0..<0x20:
                throw malformed("a control character stands in a string")
            default:
                position += 1
            }
        }
        throw malformed("a string does not end")
    }

    private mutating func escaped() throws(Malformed) -> Unicode.Scalar {
        guard let byte = next else { throw malformed("a string does not end") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let unit = try codeUnit()
            if let scalar = Unicode.Scalar(unit) { return scalar }
            // Beyond the basic plane a character is two escapes.
            guard 0xD800...0xDBFF ~= unit, take("\\"), take("u") else { throw malformed("half a surrogate pair") }
            let low = try codeUnit()
            guard 0xDC00...0xDFFF ~= low else { throw malformed("half a surrogate pair") }
            return Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))!  // in range by the checks above
        default: throw malformed("an unknown escape")
        }
    }

    private mutating func codeUnit() throws(Malformed) -> UInt32 {
        var unit: UInt32 = 0
        for index in position..<position + 4 {
            guard index < bytes.count, let digit = bytes[index].hexValue else {
                throw malformed("four hexadecimal digits are expected")
            }
            unit = unit << 4 | UInt32(digit)
        }
        position += 4
        return unit
    }
}
