import Testing

@testable import Service

/// RFC 4180.
@Suite struct `A CSV file` {
    private func records(_ text: String) -> [CSVReader.Record] { records(Array(text.utf8)) }

    private func records(_ bytes: [UInt8]) -> [CSVReader.Record] {
        records(CSVReader(bytes))
    }

    private func records(_ reader: CSVReader) -> [CSVReader.Record] {
        var reader = reader
        var records: [CSVReader.Record] = []
        do {
            while let record = try reader.next() { records.append(record) }
        } catch {
            Issue.record(error)
        }
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
        ("\"a\" ,b\n", "a quoted field is followed by something else than a comma"),
        ("\"a", "the quote that opens on line 1 is never closed"),
        ("\"", "the quote that opens on line 1 is never closed"), ("a,\"b\n", "the quote that opens on line 1 is never closed"),
        ("\"a\"\"", "the quote that opens on line 1 is never closed"),
    ])
    func `says what is wrong with its quotes`(text: String, reason: String) {
        #expect(records(text).map { $0.problem } == [reason])
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
        let text = "a\nb,c\nd,\"e\nf\ng"
        for end in ["", "\n"] {
            #expect(fields(text + end) == [["a"], ["b", "c"], nil])
            let record = records(text + end).last
            #expect(record?.problem == "the quote that opens on line 3 is never closed")
            #expect(record?.line == 3)
            #expect(record?.lastLine == 5)
        }
        let later = records("a\n\"b\nc\",\"d\ne\n").last
        #expect(later?.problem == "the quote that opens on line 3 is never closed", "not where the record begins")
        #expect(later?.line == 2)
        let swallowed = records("a\nb,\"c\nd\ne,\"f\ng\n")
        #expect(swallowed.map(\.lastLine) == [1, 4, 5])
        #expect(swallowed[1].problem == "a quoted field is followed by something else than a comma")
    }

    @Test func `says when a record is not UTF-8`() {
        for bytes in [[0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80]] as [[UInt8]] {
            let records = records(Array("a,".utf8) + bytes + Array(",b\nc\n".utf8))
            #expect(records.map { try? $0.fields.get() } == [nil, ["c"]])
            #expect(records[0].problem == "it is not UTF-8")
            #expect(records.map(\.line) == [1, 2])
        }
    }

    @Test func `takes nothing out of the quotes of a record that is not UTF-8`() {
        let bytes = Array("1,".utf8) + [0xFF] + Array(",\"x\n2,planted,y\n\"\n3,ok,z\n".utf8)
        let records = records(bytes)
        #expect(records.map { try? $0.fields.get() } == [nil, ["3", "ok", "z"]])
        #expect(records.map(\.line) == [1, 4])
    }

    @Test func `says how much of it was read`() throws {
        var reader = CSVReader(Array("ab\ncd\n".utf8))
        #expect(reader.bytesRead == 0)
        #expect(try reader.next() != nil)
        #expect(reader.bytesRead == 3)
        #expect(try reader.next() != nil)
        #expect(reader.bytesRead == 6)
        #expect(try reader.next() == nil)
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

    /// Gives pieces of random lengths.
    private func inPieces(_ bytes: [UInt8]) -> CSVReader {
        var rest = bytes[...]
        return CSVReader {
            let piece = rest.prefix(Int.random(in: 1...3))
            rest = rest.dropFirst(piece.count)
            return Array(piece)
        }
    }

    @Test func `is the same in whatever pieces it comes`() {
        let alphabet = Array("ab,,\"\"\n\n\r ".utf8) + [0xFF, 0xC3, 0xA9]
        for round in 0..<2_000 {
            let start: [UInt8] = round % 3 == 0 ? [0xEF, 0xBB, 0xBF] : []
            let bytes = start + (0..<Int.random(in: 0...40)).map { _ in alphabet.randomElement()! }
            let (whole, pieces) = (records(bytes), records(inPieces(bytes)))
            #expect(whole.map(\.line) == pieces.map(\.line), "\(bytes)")
            #expect(whole.map(\.lastLine) == pieces.map(\.lastLine), "\(bytes)")
            #expect(whole.map(\.fields) == pieces.map(\.fields), "\(bytes)")
        }
    }

    @Test func `may be of any length, but one record may not`() {
        var lines = 200_000
        var piece = Array(String(repeating: "1,abcdefghij\n", count: 10_000).utf8)
        let many = records(
            CSVReader {
                defer { lines -= 10_000 }
                return lines > 0 ? piece : []
            })
        #expect(many.count == 200_000)
        piece = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
        var pieces = -1
        let one = records(
            CSVReader {
                pieces += 1
                return pieces == 0 ? Array("a\n\"".utf8) : pieces < 40 ? piece : pieces == 40 ? Array("\"\nb\n".utf8) : []
            })
        #expect(one.map { try? $0.fields.get() } == [["a"], nil, ["b"]])
        #expect(one[1].problem?.hasPrefix("it has more than 16777216 bytes") == true)
    }

    @Test func `whose reading fails does not end`() {
        struct Broken: Error {}
        var isFirst = true
        var reader = CSVReader {
            defer { isFirst = false }
            guard isFirst else { throw Broken() }
            return Array("a\nb".utf8)
        }
        _ = try? reader.next()
        #expect(throws: Broken.self) { try reader.next() }
    }
}

extension CSVReader.Record {
    /// What is wrong with it.
    fileprivate var problem: String? {
        do throws(CSVReader.Malformed) {
            _ = try fields.get()
            return nil
        } catch {
            return error.reason
        }
    }
}
