import LarderTesting
import Model
import Testing

@testable import API

@Suite struct `A record's body` {
    /// What is wrong with a body that should be a whole record: details by pointers.
    private func problems(_ json: String) throws -> [String: String] {
        let body = try body(json)
        do throws(DomainError) {
            _ = try body.record()
            return [:]
        } catch {
            guard case .invalid(let problems) = error else { throw error }
            #expect(Set(problems.map(\.pointer)).count == problems.count, "one problem for each part: \(problems)")
            return Dictionary(problems.map { ($0.pointer, $0.detail) }) { first, _ in first }
        }
    }

    private func body(_ json: String) throws -> RecordBody {
        try RecordBody(JSONReader.read(Array(json.utf8)), of: Sample.columns)
    }
    private func record(_ json: String) throws -> Sample { Sample(values: try body(json).record()) }

    @Test func `has a value of every kind`() throws {
        let sample = try record(Sample.json([("note", #""n""#), ("size", "3")]))
        var expected = Sample()
        expected.flag = true
        expected.number = 7
        expected.label = "abc"
        expected.price = Money(cents: 34_47)
        expected.day = Day(year: 2026, month: 2, day: 28)!
        expected.moment = Timestamp("2026-11-21T09:21:14Z")!
        expected.key = UUID("0192f0c1-2a5b-7c3d-8e4f-5a6b7c8d9e0f")!
        expected.mood = .cross
        expected.email = "a@b"
        expected.note = "n"
        expected.size = 3
        #expect(sample == expected)
    }

    @Test func `may leave out what may be null or has a default`() throws {
        let sample = try record(Sample.json())
        #expect(sample.note == nil)
        #expect(sample.size == 1)
    }

    @Test func `may give null for what may be null`() throws {
        #expect(try record(Sample.json([("note", "null")])).note == nil)
    }

    @Test(arguments: [
        ("number", "-9223372036854775808"), ("number", "9223372036854775807"), ("number", "-0"), ("label", #""a""#),
        ("label", #""äöü€😀""#), ("label", #""\u00e9\ud83d\ude00""#), ("label", #""\"\\\/\n""#), ("price", #""0""#),
        ("price", #""0.5""#),
        ("price", #""100.00""#), ("day", #""2024-02-29""#), ("day", #""0001-01-01""#), ("day", #""9999-12-31""#),
        ("moment", #""2026-11-21T09:21:14.123456Z""#), ("moment", #""2026-11-21t09:21:14+05:30""#),
        ("key", #""0192F0C1-2A5B-7C3D-8E4F-5A6B7C8D9E0F""#), ("mood", #""calm""#), ("size", "1"), ("size", "9"),
    ])
    func `accepts what a field may hold, to its bounds`(field: String, json: String) throws {
        #expect(try problems(Sample.json([(field, json)])) == [:])
    }

    @Test(arguments: [
        ("flag", #""true""#), ("flag", "1"), ("flag", "0"), ("flag", #""""#), ("flag", "[]"), ("flag", "{}"),
        ("number", #""7""#), ("number", "true"), ("number", "1.5"), ("number", "[7]"), ("number", "9223372036854775808"),
        ("number", "-9223372036854775809"), ("number", "1e30"), ("number", "1e400"), ("number", "123456789012345678901234567890"),
        ("label", "7"), ("label", "true"), ("label", #"["a"]"#), ("label", #"{"a": "b"}"#), ("price", "34.47"), ("price", "34"),
        ("price", #""34.471""#), ("price", #""34,47""#), ("price", #""""#), ("price", #"" 1""#), ("price", #""+1""#),
        ("price", #""1e2""#), ("price", #"".5""#), ("price", #""1.""#), ("price", #""99999999999999999999""#),
        ("day", #""2026-02-29""#), ("day", #""2026-2-9""#), ("day", #""2026-02-28T00:00:00Z""#), ("day", #""0000-01-01""#),
        ("day", "20260228"), ("moment", #""2026-11-21""#), ("moment", #""2026-11-21T09:21:14""#),
        ("moment", #""2026-11-21T25:00:00Z""#),
        ("moment", "1763716874"), ("key", #""0192f0c1""#), ("key", #""0192f0c12a5b7c3d8e4f5a6b7c8d9e0f""#), ("key", "1"),
        ("mood", #""happy""#), ("mood", #""CALM""#), ("mood", "0"), ("email", #""nobody""#), ("email", #""a@b@c""#),
        ("email", #""@bc""#),
        ("note", "5"), ("note", "[]"), ("size", #""3""#),
    ])
    func `refuses what is of another type`(field: String, json: String) throws {
        let problems = try problems(Sample.json([(field, json)]))
        #expect(Set(problems.keys) == ["/\(field)"])
        #expect(problems["/\(field)"]?.hasPrefix("expects ") == true, "\(problems)")
    }

    @Test(arguments: [
        ("label", #""""#, "has 1 to 5 characters"), ("label", #""abcdef""#, "has 1 to 5 characters"),
        ("price", #""-0.01""#, "is from 0.00 to 100.00"), ("price", #""100.01""#, "is from 0.00 to 100.00"),
        ("note", #""""#, "has 1 to 5 characters"), ("size", "0", "is from 1 to 9"), ("size", "10", "is from 1 to 9"),
        ("label", #""a\u0000""#, "expects text without NUL characters"),
    ])
    func `refuses what is out of range, and says what the range is`(field: String, json: String, detail: String) throws {
        #expect(try problems(Sample.json([(field, json)])) == ["/\(field)": detail])
    }

    @Test(arguments: Sample.whole.map(\.name) + ["size"])
    func `refuses null where a value has to be`(field: String) throws {
        #expect(try problems(Sample.json([(field, "null")])) == ["/\(field)": "must not be null"])
    }

    @Test func `names every field that is missing`() throws {
        let expected = Dictionary(uniqueKeysWithValues: Sample.whole.map { ("/\($0.name)", "is missing") })
        #expect(try problems("{}") == expected)
        #expect(try problems(Sample.json(without: ["day", "key"])) == ["/day": "is missing", "/key": "is missing"])
    }

    @Test(arguments: ["id", "version", "created_at", "updated_at"])
    func `cannot give what the service gives`(name: String) throws {
        for json in ["1", "null", #""2026-11-21T09:21:14Z""#] {
            #expect(try problems(Sample.json([(name, json)])) == ["/\(name)": "is given by the service"])
        }
    }

    @Test func `cannot give what is computed`() throws {
        for json in [#""1.00""#, "null", "[]"] {
            #expect(try problems(Sample.json([("total", json)])) == ["/total": "is computed by the service"])
        }
    }

    @Test func `cannot give what its actions change`() throws {
        for json in [#""used""#, #""new""#, "null", "[]"] {
            #expect(try problems(Sample.json([("stage", json)])) == ["/stage": "is changed by its actions alone"])
        }
        #expect(try record(Sample.json()).stage == .new)
    }

    @Test(arguments: ["colour", "", "größe", "x", "etiquette"])
    func `cannot have unknown members, and hears which there are`(name: String) throws {
        let problems = try problems(Sample.json([(name, "1")]))
        #expect(Set(problems.keys) == ["/\(name)"])
        let detail = try #require(problems["/\(name)"])
        #expect(detail.hasPrefix("is unknown; the fields are flag, number, label, "))
        #expect(!detail.contains("total") && !detail.contains("stage"))
    }

    @Test(arguments: [("Label", "label"), (" label", "label"), ("LABEL", "label"), ("labell", "label"), ("pirce", "price")])
    func `cannot have unknown members, and hears which near one there is`(name: String, near: String) throws {
        #expect(try problems(Sample.json([(name, "1")])) == ["/\(name)": "is unknown; perhaps \(near) is meant"])
    }

    /// Comparing texts by characters would take minutes for these.
    @Test func `may be whatever it is, and is read in a time that grows with its length alone`() throws {
        let marks = String(repeating: "\u{301}\u{316}", count: 100_000)
        let members = Sample.fields.map { ($0.name, #""\#(marks)""#) }
        let duration = try ContinuousClock().measure {
            let found = try problems(#"{"\#(marks)": 1, "a\#(marks)": 1}"#)
            #expect(found.keys.filter { $0.unicodeScalars.count > 70 } == [])
            _ = try problems("{" + members.map { #""\#($0)": \#($1)"# }.joined(separator: ",") + "}")
        }
        #expect(duration < .seconds(20))
    }

    @Test func `hears of all its problems at once`() throws {
        let json = #"{"flag": 1, "label": "", "day": null, "id": 3, "total": "1", "colour": "red", "size": 99, "mood": "calm"}"#
        let pointers = try problems(json).keys
        #expect(
            Set(pointers) == [
                "/flag", "/label", "/day", "/id", "/total", "/colour", "/size", "/number", "/price", "/moment", "/key", "/email",
            ])
    }

    @Test func `hears of no more problems than are listed`() throws {
        let json = "{" + (1...500).map { "\"x\($0)\": 1" }.joined(separator: ", ") + "}"
        #expect(try problems(json).keys.sorted() == (1...100).map { "/x\($0)" }.sorted())
    }

    @Test(arguments: [("a/b", "/a~1b"), ("a~b", "/a~0b"), ("~1", "/~01"), ("/", "/~1"), ("~/~", "/~0~1~0"), ("a b%", "/a b%")])
    func `has pointers as RFC 6901 writes them`(name: String, pointer: String) throws {
        #expect(Set(try problems(Sample.json([(name, "1")])).keys) == [pointer])
    }

    @Test(arguments: [("a/\u{301}b", "/a~1\u{301}b"), ("a~\u{301}b", "/a~0\u{301}b")])
    func `has pointers as RFC 6901 writes them, whatever follows`(name: String, pointer: String) throws {
        #expect(
            Set(try problems(Sample.json([(name, "1")])).keys.map { Array($0.unicodeScalars) }) == [Array(pointer.unicodeScalars)]
        )
    }

    @Test func `has the problems of an inner object under its place`() throws {
        let json = try JSONReader.read(Array(#"{"label": "", "x/y": 1}"#.utf8))
        var body = try RecordBody(json, of: Sample.columns, at: "/lines/3")
        body.demandAll(but: [0])
        let pointers = body.problems.map(\.pointer)
        #expect(Set(pointers).isSuperset(of: ["/lines/3/label", "/lines/3/x~1y", "/lines/3/number"]))
        #expect(!pointers.contains("/lines/3/flag"))
        #expect(pointers.count { $0 == "/lines/3/label" } == 1)
    }

    @Test func `passes over members that the request may have beside it`() throws {
        let json = try JSONReader.read(Array(#"{"lines": [7], "label": "abc", "x": 1}"#.utf8))
        let body = try RecordBody(json, of: Sample.columns, extras: ["lines", "others"])
        #expect(body.problems.map(\.pointer) == ["/x"])
        #expect(body.values.map { Sample.columns[$0.position].name } == ["label"])
    }

    @Test(arguments: [JSONValue.null, .bool(true), .number("7"), .string("text"), .array([]), .array([.object([])])])
    func `is an object`(json: JSONValue) {
        #expect(throws: DomainError.invalid([FieldProblem(pointer: "", detail: "expects a JSON object")])) {
            try RecordBody(json, of: Sample.columns)
        }
        #expect(throws: DomainError.invalid([FieldProblem(pointer: "/lines/0", detail: "expects a JSON object")])) {
            try RecordBody(json, of: Sample.columns, at: "/lines/0")
        }
    }

    @Test(arguments: [
        ("7.0", 7), ("7e0", 7), ("70E-1", 7), ("-7.00", -7), ("-0.0", 0), ("1e3", 1000), ("0.7e+1", 7), ("0.00070e4", 7),
        ("0e99999999999999999999", 0), ("-0.000e-5", 0), ("9.223372036854775807e18", .max), ("-9223372036854775808.0", .min),
        ("9007199254740993.0", 9_007_199_254_740_993),
    ])
    func `may have a whole number in any of its forms`(json: String, number: Int64) throws {
        #expect(try record(Sample.json([("number", json)])).number == number)
    }

    @Test(arguments: [
        "7.00000000000000000001", "1e-400", "70e-2", "1e19", "9223372036854775808.0", "1e99999999999999999999",
        "1.5e-9223372036854775808", "1e9223372036854775807", "1e2147483647", "1e-2147483648",
    ])
    func `refuses a fraction however small`(json: String) throws {
        #expect(try Set(problems(Sample.json([("number", json)])).keys) == ["/number"])
    }
}
