import Domain
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
    ])
    func `knows the form of each kind`(value: Value, written: String) {
        #expect(text { $0.value(value) } == written)
    }

    @Test func `writes a row with all its columns in the order of the schema`() throws {
        var row = Gadget.row(1) { gadget in
            gadget.name = "lamp"
            gadget.part = Gadget.id(2)
        }
        row.version = 3
        #expect(
            text { row.encode(to: &$0) } == """
                {"id":"00000000-0000-7000-8000-000000000001","name":"lamp","note":null,"email":"nobody@example.org",\
                "state":"new","count":1,"price":"1.00","made":"1970-01-01","sold":null,"special":false,"category_id":0,\
                "part_id":"00000000-0000-7000-8000-000000000002","total":"0.00","created_at":"1970-01-01T00:00:00.000000Z",\
                "updated_at":"1970-01-01T00:00:00.000000Z","version":3}
                """)
    }

    @Test func `writes pages and counts`() {
        let query = Query<Gadget>(limit: 1)
        let rows = [Gadget.row(1), Gadget.row(2)]
        let last = Page([rows[0]], of: query, count: nil)
        let item = text { rows[0].encode(to: &$0) }
        #expect(text { last.encode(to: &$0) } == #"{"items":[\#(item)],"next":null}"#)
        let first = Page(rows, of: query, count: 2)
        let next = query.cursor(after: rows[0]).text(for: query)
        #expect(first.next == next)
        #expect(text { first.encode(to: &$0) } == #"{"items":[\#(item)],"next":"\#(next)","count":2}"#)
        #expect(text { Count(7).encode(to: &$0) } == #"{"count":7}"#)
        #expect(text { Page<Gadget>([], of: query, count: 0).encode(to: &$0) } == #"{"items":[],"next":null,"count":0}"#)
    }

    @Test func `makes equal bytes, and equal validators, of equal values`() {
        let (a, b) = (Encoded(Gadget.row(1)), Encoded(Gadget.row(1)))
        #expect(a.bytes == b.bytes)
        #expect(a.tag == b.tag)
        #expect(a.tag != Encoded(Gadget.row(2)).tag)
    }
}
