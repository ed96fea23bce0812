import Testing

@testable import larder

/// RFC 4180.
@Suite struct `A CSV file` {
    private func records(_ text: String) -> [CSVReader.Record] { records(Array(text.utf8)) }

    private func records(_ bytes: [UInt8]) -> [CSVReader.Record] {
        var reader = CSVReader(bytes)
        var records: [CSVReader.Record] = []
        while let record = reader.next() { records.append(record) }
        return records
    }

    /// The fields of all records; nil for one that is malformed.
    private func fields(_ text: String) -> [[String]?] { records(text).map { try? $0.fields.get() } }

    /// The line of each record.
    private func lines(_ text: String) -> [Int] { records(text).map(\.line) }

    @Test(arguments: [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\r\n", [["a", "b"], ["1", "2"]]),
        ("a,b\r\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
        ("a", [["a"]]),
        ("", []),
        ("\n", []),
        ("\r\n\r\n", []),
        (",\n", [["", ""]]),
        (",,", [["", "", ""]]),
        ("a,\n,b\n", [["a", ""], ["", "b"]]),
        (" a , b \n", [[" a ", " b "]]),
        (" \n", [[" "]]),
        ("a;b\tc\n", [["a;b\tc"]]),
        ("é,€,😀\n", [["é", "€", "😀"]]),
        ("'a','b'\n", [["'a'", "'b'"]]),
    ])
    func `is divided into lines and fields`(text: String, expected: [[String]]) {
        #expect(fields(text) == expected)
    }

    @Test(
        arguments: [
            (#""a","b""#, [["a", "b"]]),
            (#""""#, [[""]]),
            (#"",","#, [[",", ""]]),
            (#""a,b",c"#, [["a,b", "c"]]),
            (#""a""b""#, [[#"a"b"#]]),
            (#""""""#, [[#"""#]]),
            (#""""a""""#, [[#""a""#]]),
            ("\"a\nb\",c\n", [["a\nb", "c"]]),
            ("\"a\r\nb\",c\r\n", [["a\r\nb", "c"]]),
            ("\"\n\n\"\nx\n", [["\n\n"], ["x"]]),
            ("\"a\rb\"\n", [["a\rb"]]),
            (#"" a ","\#t""#, [[" a ", "\t"]]),
            ("\"é\"\n", [["é"]]),
        ] as [(String, [[String]])])
    func `has commas, quotes and line ends in quotes`(text: String, expected: [[String]]) {
        #expect(fields(text) == expected)
    }

    @Test func `may begin with a byte order mark`() {
        #expect(records([0xEF, 0xBB, 0xBF] + Array("id,name\n".utf8)).first.map { try? $0.fields.get() } == ["id", "name"])
        #expect(records([0xEF, 0xBB, 0xBF]).isEmpty)
        #expect(fields("a\n\u{FEFF}b\n") == [["a"], ["\u{FEFF}b"]])
    }

    @Test func `has empty lines that count but are no records`() {
        #expect(fields("\n\na\n\r\n\nb\n\n") == [["a"], ["b"]])
        #expect(lines("\n\na\n\r\n\nb\n\n") == [3, 6])
        #expect(fields("a\n\"\"\nb\n") == [["a"], [""], ["b"]])
    }

    @Test func `says on which line each record begins`() {
        #expect(lines("a\nb\nc") == [1, 2, 3])
        #expect(lines("a\r\nb\r\nc\r\n") == [1, 2, 3])
        #expect(lines("\"1\n2\n3\",x\ny\n\"5\r\n6\"\r\nz\n") == [1, 4, 5, 7])
    }

    @Test(arguments: [
        ("a\"b\n", "a field that is not quoted holds a quote"), ("a,b\"\n", "a field that is not quoted holds a quote"),
        (" \"a\"\n", "a field that is not quoted holds a quote"),
        ("\"a\"b\n", "a quoted field is followed by something else than a comma"),
        ("\"a\" ,b\n", "a quoted field is followed by something else than a comma"), ("\"a", "a quoted field does not end"),
        ("\"", "a quoted field does not end"), ("a,\"b\n", "a quoted field does not end"),
        ("\"a\"\"", "a quoted field does not end"),
    ])
    func `says what is wrong with its quotes`(text: String, reason: String) {
        #expect(records(text).map(\.fields) == [.failure(CSVReader.Malformed(reason: reason))])
    }

    @Test func `goes on after a record that is malformed`() {
        let text = "id,name\n1,a\"b,\"c\"\n2,ok\n3,\"x\"y\n4,ok\n"
        #expect(fields(text) == [["id", "name"], nil, ["2", "ok"], nil, ["4", "ok"]])
        #expect(lines(text) == [1, 2, 3, 4, 5])
    }

    @Test func `goes on with the right lines after a malformed field of several lines`() {
        let text = "a\n\"x\ny\"z,1\nb\n\"p\r\nq\" ,2\r\nc\n"
        #expect(fields(text) == [["a"], nil, ["b"], nil, ["c"]])
        #expect(lines(text) == [1, 2, 4, 5, 7])
    }

    @Test func `reports quotes that do not end where they begin`() {
        let text = "a\nb,\"c\nd\ne\n"
        #expect(fields(text) == [["a"], nil])
        #expect(lines(text) == [1, 2])
    }

    @Test func `says when a record is not UTF-8`() {
        for bytes in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            let records = records(Array("a,".utf8) + bytes + Array(",b\nc\n".utf8))
            #expect(records.map { try? $0.fields.get() } == [nil, ["c"]])
            #expect(records[0].fields == .failure(CSVReader.Malformed(reason: "it is not UTF-8")))
            #expect(records.map(\.line) == [1, 2])
        }
    }

    @Test func `takes nothing out of the quotes of a record that is not UTF-8`() {
        let bytes = Array("1,".utf8) + [0xFF] + Array(",\"x\n2,planted,y\n\"\n3,ok,z\n".utf8)
        let records = records(bytes)
        #expect(records.map { try? $0.fields.get() } == [nil, ["3", "ok", "z"]])
        #expect(records.map(\.line) == [1, 4])
    }

    @Test func `says how much of it was read`() {
        var reader = CSVReader(Array("ab\ncd\n".utf8))
        #expect(reader.progress == 0)
        _ = reader.next()
        #expect(reader.progress == 0.5)
        _ = reader.next()
        #expect(reader.progress == 1)
        #expect(CSVReader([]).progress == 1)
    }

    @Test func `is read as it was written, whatever it holds`() {
        let parts = ["a", "", ",", "\"", "\n", "\r\n", "\r", " ", "é", "😀", "\"\"", "\u{FEFF}", "-", "\u{0}"]
        for _ in 0..<300 {
            let width = Int.random(in: 1...4)
            let rows = (0..<Int.random(in: 0...6)).map { _ in
                (0..<width).map { _ in (0..<Int.random(in: 0...4)).map { _ in parts.randomElement()! }.joined() }
            }
            let lineEnd = ["\n", "\r\n"].randomElement()!
            var line = 1
            var starts: [Int] = []
            var text = ""
            for row in rows {
                starts.append(line)
                text += row.map(Self.quoted).joined(separator: ",") + lineEnd
                line += 1 + row.joined().utf8.count { $0 == UInt8(ascii: "\n") }
            }
            if Bool.random(), !text.isEmpty { text.removeLast() }
            let records = records(text)
            #expect(records.map { (try? $0.fields.get()) ?? [] } == rows, "\(text.debugDescription)")
            #expect(records.map(\.line) == starts, "\(text.debugDescription)")
        }
    }

    /// A field in quotes where it needs them, and now and then where it does not.
    private static func quoted(_ field: String) -> String {
        let special: Set<Unicode.Scalar> = [",", "\"", "\n", "\r", "\u{FEFF}"]
        guard field.isEmpty || field.unicodeScalars.contains(where: special.contains) || Bool.random() else { return field }
        return "\"" + String(String.UnicodeScalarView(field.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] })) + "\""
    }

    @Test func `of random bytes is read to its end without harm`() {
        let alphabet = Array("ab,\"\"\n\r ".utf8) + [0xFF, 0xC3, 0xEF, 0xBB, 0xBF, 0]
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40)).map { _ in alphabet.randomElement()! }
            var last = 0
            for record in records(bytes) {
                #expect(record.line >= last)
                last = record.line
                if let fields = try? record.fields.get() { #expect(!fields.isEmpty) }
            }
        }
    }
}
