import LarderTesting
import Testing

@testable import API

/// RFC 8259, and unique names (RFC 7493).
@Suite struct `A JSON text` {
    private func read(_ text: String) throws -> JSONValue { try JSONReader.read(Array(text.utf8)) }

    private static let values: [(String, JSONValue)] = [
        ("null", .null), ("true", .bool(true)), ("false", .bool(false)), ("0", .number("0")), ("-0", .number("-0")),
        ("-12.50e+3", .number("-12.50e+3")), ("1E2", .number("1E2")), ("1e-400", .number("1e-400")),
        ("123456789012345678901234567890", .number("123456789012345678901234567890")),
        (#""""#, .string("")), (#""a b""#, .string("a b")), (#""é€😀""#, .string("é€😀")),
        (#""\"\\\/\b\f\n\r\t""#, .string("\"\\/\u{8}\u{C}\n\r\t")), (#""\u00e9\u20AC\ud83d\uDE00""#, .string("é€😀")),
        (#""\u0000""#, .string("\u{0}")), ("\"\u{7F}\u{80}\u{2028}\"", .string("\u{7F}\u{80}\u{2028}")),
        ("[]", .array([])), (" [ 1 , [ ] ] ", .array([.number("1"), .array([])])), ("{}", .object([])),
        (
            "\t{\r\n\"b\" : {\"a\":[null]} , \"a\":\"x\"}\n",
            .object([
                .init(name: "b", value: .object([.init(name: "a", value: .array([.null]))])),
                .init(name: "a", value: .string("x")),
            ])
        ),
        (#"{"": 1, "\u0061": 2}"#, .object([.init(name: "", value: .number("1")), .init(name: "a", value: .number("2"))])),
    ]

    @Test(arguments: values.indices)
    func `is read as it was sent`(index: Int) throws {
        #expect(try read(Self.values[index].0) == Self.values[index].1)
    }

    @Test(arguments: [
        "", " ", "\n", "{", "}", "{]", "[}", "[1", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "[1,]", "[,]", "{,}", #"{"a":1,,"b":2}"#,
        #"{"a":1 "b":2}"#, "[1 2]", "{a: 1}", "{'a': 1}", "{1: 2}", "{null: 2}", "01", "-01", "00", "1.", ".5", "+1", "-", "1e",
        "1e+", "1-2",
        "1..2", "0x1", "1_0", "NaN", "Infinity", "-Infinity", "tru", "True", "truex", "nulll", "nul", "\"", "\"a", #""\"#,
        #""\x""#, #""\u12""#,
        #""\u12g4""#, #""\u+123""#, #""\u 123""#, #""\ud800""#, #""\udc00""#, #""\ud800\ud800""#, #""\ud800x""#,
        #""\udc00\ud800""#, "\"a\nb\"",
        "\"a\tb\"", "\"a\u{0}b\"", "\"a\u{1F}b\"", "{} {}", "{}x", "{},", "1 2", "// comment\n{}", "{/**/}", "#", "name=Toys",
        "<a/>", "\u{0}",
        "{}\u{0}", "\u{FEFF}{}", "\u{A0}{}", "\u{B}{}", "undefined",
    ])
    func `is refused for the least that is wrong with it`(text: String) {
        #expect(throws: JSONReader.Malformed.self) { try read(text) }
        #expect(throws: JSONReader.Malformed.self) { try read("[\(text)") }
    }

    @Test(arguments: [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80]] as [[UInt8]])
    func `is refused when it is not UTF-8`(bytes: [UInt8]) {
        for (before, after) in [("\"", "\""), ("{\"", "\": 1}"), ("", "{}"), ("{}", ""), ("\"a", "")] {
            #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(Array(before.utf8) + bytes + Array(after.utf8)) }
        }
    }

    @Test func `is refused in UTF-16`() {
        for text in ["{}", #"{"name": "Toys"}"#] {
            let units = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(units) }
            #expect(throws: JSONReader.Malformed.self) { try JSONReader.read([0xFF, 0xFE] + units) }
        }
    }

    @Test(arguments: [
        #"{"a": 1, "a": 1}"#, #"{"a": 1, "b": 2, "a": 3}"#, #"{"a": 1, "\u0061": 2}"#, #"[{"x": {"a": 1, "a": 2}}]"#,
    ])
    func `is refused when a name stands twice in an object`(text: String) {
        #expect(throws: JSONReader.Malformed.self) { try read(text) }
    }

    @Test func `may have a name once in each of several objects`() throws {
        #expect(throws: Never.self) { try read(#"[{"a": {"a": 1}}, {"a": 2}]"#) }
    }

    @Test(arguments: [
        ("", 0), ("{\"a\": tru}", 6), ("[1,]", 3), ("{} x", 3), ("{\"a\": 1,}", 8), ("[01]", 2), ("\"ab", 3), ("[\n  1 2", 6),
    ])
    func `that is refused hears where`(text: String, offset: Int) {
        let error = #expect(throws: JSONReader.Malformed.self) { try read(text) }
        #expect(error?.offset == offset, "\(error?.reason ?? "")")
        #expect(error?.reason.isEmpty == false)
    }

    /// A random value, and a text for it with random blanks and escapes.
    private static func random(depth: Int) -> (JSONValue, String) {
        let blanks = { ["", "", " ", "\n\t", "\r\n"].randomElement()! }
        switch Int.random(in: 0...(depth > 0 ? 7 : 5)) {
        case 0: return (.null, "null")
        case 1: return (.bool(true), "true")
        case 2: return (.bool(false), "false")
        case 3:
            let text = ["0", "-1", "42", "1.50", "-0.0e-3", "9223372036854775808"].randomElement()!
            return (.number(text), text)
        case 4, 5:
            let (string, text) = randomString()
            return (.string(string), text)
        case 6:
            let elements = (0..<Int.random(in: 0...4)).map { _ in random(depth: depth - 1) }
            let text = elements.map { blanks() + $0.1 + blanks() }.joined(separator: ",")
            return (.array(elements.map(\.0)), "[\(elements.isEmpty ? blanks() : text)]")
        default:
            let members = (0..<Int.random(in: 0...4)).map { number in
                (name: "m\(number)", value: random(depth: depth - 1))
            }
            let text = members.map { "\(blanks())\"\($0.name)\"\(blanks()):\(blanks())\($0.value.1)\(blanks())" }.joined(
                separator: ",")
            return (.object(members.map { .init(name: $0.name, value: $0.value.0) }), "{\(members.isEmpty ? blanks() : text)}")
        }
    }

    private static func randomString() -> (String, String) {
        var string = ""
        var text = ""
        for _ in 0..<Int.random(in: 0...8) {
            let (scalar, plain) = [
                ("a", "a"), ("é", "é"), ("😀", "😀"), ("\"", "\\\""), ("\\", "\\\\"), ("\n", "\\n"), ("/", "\\/"),
            ].randomElement()!
            string += scalar
            let escaped = scalar.utf16.map {
                "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16)
            }
            text += Bool.random() ? plain : escaped.joined()
        }
        return (string, "\"\(text)\"")
    }

    @Test func `is read as it was written, whatever it is`() throws {
        for _ in 0..<500 {
            let (value, text) = Self.random(depth: 4)
            let result = Result { try read(text) }
            #expect((try? result.get()) == value, "\(text)")
        }
    }

    @Test func `has numbers of at most 64 bytes`() throws {
        let longest = "1." + String(repeating: "0", count: 62)
        #expect(try read("[\(longest)]") == .array([.number(longest)]))
        for number in [longest + "0", String(repeating: "1", count: 1 << 20), "1e" + String(repeating: "0", count: 63)] {
            let error = #expect(throws: JSONReader.Malformed.self) { try read("[\(number)]") }
            #expect(error?.reason == "a number has more than 64 bytes")
        }
    }

    @Test func `has names that differ by their bytes`() throws {
        #expect(throws: Never.self) { try read(#"{"\u00e9": 1, "e\u0301": 2}"#) }
    }

    private static let marks = String(repeating: "\u{301}\u{316}", count: 1 << 17)
    /// Half a megabyte each, of what could take longer than its length says.
    private static let slow = [
        #"{"a\#(marks)": 1, "\#(marks)b": 2}"#, #"["\#(marks)"]"#, "[" + String(repeating: "0,", count: 1 << 18) + "0]",
        "{" + (0..<40_000).map { #""m\#($0)":0,"# }.joined() + #""a": 0}"#, "[" + String(repeating: "{},", count: 1 << 17) + "0]",
        #"["\#(String(repeating: #"\u0041"#, count: 90_000))"]"#, String(repeating: " ", count: 1 << 19) + "0",
        "[" + String(repeating: #"[{"a":[]}],"#, count: 50_000) + "0]",
    ]

    @Test(arguments: slow.indices)
    func `is read in a time that grows with its length alone`(index: Int) {
        let bytes = Array(Self.slow[index].utf8)
        #expect(ContinuousClock().measure { #expect(throws: Never.self) { try JSONReader.read(bytes) } } < .seconds(10))
    }

    @Test func `that ends too early is refused`() {
        let bytes = Array(#"{"a": [1.5e3, -20, true, false, null, "x\n\ud83d\ude00é"], "b": {"": {}}}"#.utf8)
        for count in 0..<bytes.count {
            #expect(throws: JSONReader.Malformed.self) { try JSONReader.read(Array(bytes[..<count])) }
        }
    }

    @Test func `with any byte in place of another does no harm`() {
        let bytes = Array(#"{"a": [1.5e3, -20, true, null, "x\n\ud83d\ude00é"], "b": {"": {}}}"#.utf8)
        var accepted = 0
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var changed = bytes
                changed[index] = byte
                if (try? JSONReader.read(changed)) != nil { accepted += 1 }
            }
        }
        #expect(accepted > bytes.count)
    }
}
