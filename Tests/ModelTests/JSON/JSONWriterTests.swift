import Model
import Testing

@Suite struct `The JSON writer` {
    private func text(_ body: (inout JSONWriter) -> Void) -> String {
        var json = JSONWriter()
        body(&json)
        return String(decoding: json.bytes, as: UTF8.self)
    }

    @Test func `puts commas between members and elements, and nowhere else`() {
        let written = text { json in
            json.object { json in
                json.key("a")
                json.integer(1)
                json.key("b")
                json.array { json in
                    json.null()
                    json.object { _ in }
                    json.array { _ in }
                    json.bool(true)
                    json.array { $0.array { $0.integer(-1) } }
                }
                json.key("c")
                json.object { json in
                    json.key("d")
                    json.string("e")
                }
                json.key("f")
                json.encoded(Array("[1, 2]".utf8))
                json.key("g")
                json.bool(false)
            }
        }
        #expect(written == #"{"a":1,"b":[null,{},[],true,[[-1]]],"c":{"d":"e"},"f":[1, 2],"g":false}"#)
    }

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("\"", #"\""#), ("\\", #"\\"#), ("/", "/"), ("\n\r\t", #"\n\r\t"#), ("\u{0}", #"\u0000"#),
        ("\u{8}\u{C}", #"\u0008\u000c"#), ("\u{1F}", #"\u001f"#), ("\u{7F}\u{80}", "\u{7F}\u{80}"), ("\u{2028}", "\u{2028}"),
        ("e\u{301}\u{E9}", "e\u{301}\u{E9}"), ("日本🥖", "日本🥖"), ("a\"b\\c\nd", #"a\"b\\c\nd"#), ("\"\"", #"\"\""#),
    ])
    func `escapes what JSON demands, and leaves the rest in UTF-8`(string: String, written: String) {
        let bytes = Array(text { $0.string(string) }.utf8)
        #expect(bytes == Array("\"\(written)\"".utf8))
        // The name of a member is a string like others.
        let member = text { json in
            json.object { json in
                json.key(string)
                json.null()
            }
        }
        #expect(Array(member.utf8) == Array("{\"\(written)\":null}".utf8))
    }

    @Test(arguments: [
        (Value.null, "null"), (.bool(true), "true"), (.bool(false), "false"), (.integer(0), "0"),
        (.integer(.min), "-9223372036854775808"), (.integer(.max), "9223372036854775807"), (.integer(-10), "-10"),
        (.text("a\"b"), #""a\"b""#), (.money(Money(cents: -5)), #""-0.05""#), (.day(Day(number: 0)), #""1970-01-01""#),
        (.timestamp(Timestamp(microseconds: -1)), #""1969-12-31T23:59:59.999999Z""#),
        (.uuid(.zero), #""00000000-0000-0000-0000-000000000000""#),
        (.moneySum(MoneySum(cents: -1 << 70)), #""-11805916207174113034.24""#),
    ])
    func `knows the form of each kind`(value: Value, written: String) {
        #expect(text { $0.value(value) } == written)
    }

    @Test func `writes a row with all its columns in the order of the schema`() throws {
        var row = Gadget.stored(1) { gadget in
            gadget.name = "lamp"
            gadget.part = Gadget.id(2)
        }
        row.version = 3
        #expect(
            text { row.encode(to: &$0) } == """
                {"id":"00000000-0000-7000-8000-000000000001","name":"lamp","note":null,"email":"nobody@example.org",\
                "state":"new","pieces":1,"price":"1.00","made":"1970-01-01","sold":null,"special":false,"shelf_id":0,\
                "part_id":"00000000-0000-7000-8000-000000000002","total":"0.00","repairs":0,"created_at":"1970-01-01T00:00:00.000000Z",\
                "updated_at":"1970-01-01T00:00:00.000000Z","version":3}
                """)
    }

    @Test func `writes the columns of a row that a projection shows`() {
        let row = Jar.stored(7) { $0.label = "a\"b" }.row
        func members(_ projection: Projection) -> String {
            text { json in json.object { $0.members(of: row, Jar.schema, projection) } }
        }
        #expect(members(Projection(columns: [0, 2])) == #"{"id":7,"label":"a\"b"}"#)
        #expect(members(.whole) == text { $0.row(row, of: Jar.schema) })
    }

    /// The writer looks at eight bytes at a time: what is beside a byte must not hide it.
    @Test func `escapes at each place of a text, whatever is beside it`() {
        for place in 0..<20 {
            for (byte, written) in [("\"", #"\""#), ("\\", #"\\"#), ("\u{1}", #"\u0001"#), ("\u{1F}", #"\u001f"#)] {
                for filler in [" ", "!", "#", "[", "]", "\u{7F}", "~", "a"] {
                    let before = String(repeating: filler, count: place)
                    let after = String(repeating: filler, count: 20 - place)
                    #expect(text { $0.string(before + byte + after) } == "\"\(before)\(written)\(after)\"")
                }
                let before = String(repeating: "é", count: place)
                #expect(text { $0.string(before + byte + before) } == "\"\(before)\(written)\(before)\"")
            }
        }
    }

    @Test func `writes bytes as the text that they are, and repairs those that are none`() {
        func written(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { bytes in text { $0.string(utf8: bytes) } } }
        for string in ["", "plain", "a\"b", "日本🥖", "e\u{301}", String(repeating: "x", count: 100) + "é\n"] {
            #expect(written(Array(string.utf8)) == text { $0.string(string) })
        }
        for bytes in [[0xFF], [0x61, 0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], Array("12345678".utf8) + [0xE2, 0x82]] as [[UInt8]]
        {
            #expect(written(bytes) == "\"\(String(decoding: bytes, as: UTF8.self))\"")
        }
    }

    @Test func `makes equal bytes, and equal validators, of equal values`() {
        let (a, b) = (Encoded(Gadget.stored(1)), Encoded(Gadget.stored(1)))
        #expect(a.bytes == b.bytes)
        #expect(a.tag == b.tag)
        #expect(a.tag != Encoded(Gadget.stored(2)).tag)
    }
}
