import Testing

@testable import Postgres

@Suite struct `Array literals` {
    @Test func `quote what would mean something else`() {
        #expect(ArrayLiteral.encode([String?]()) == "{}")
        #expect(ArrayLiteral.encode(["a", nil, "", "NULL"]) == #"{"a",NULL,"","NULL"}"#)
        #expect(ArrayLiteral.encode([#"say "hi""#, #"back\slash"#, "{x},"]) == #"{"say \"hi\"","back\\slash","{x},"}"#)
        #expect(ArrayLiteral.encode([1, -2, Int64.max]) == "{1,-2,9223372036854775807}")
        #expect(ArrayLiteral.encode([Int64]()) == "{}")
    }

    @Test func `are read by the server as they were meant`() async throws {
        let values = ["plain", nil, "", "NULL", "a,b", "{}", #"""#, #"\"#, "  spaces ", "zwölf 🥐", "line\nbreak"]
        let back = try await TestDatabase.withConnection { connection in
            let statement = Statement(
                "SELECT value FROM unnest($1::text[]) WITH ORDINALITY AS u (value, n) ORDER BY n",
                [ArrayLiteral.encode(values)])
            return try await connection.run(statement).texts.map { $0[0] }
        }
        #expect(back == values)
    }
}

@Suite struct `Parameters for libpq` {
    @Test func `are laid out one after the other`() {
        var buffer = ParameterBuffer()
        for parameters in [["a", nil, "", "zwölf"], [], [String(repeating: "x", count: 100_000), "y"]] {
            let seen = buffer.withPointers(parameters) { pointers, count in
                (0..<Int(count)).map { index in pointers![index].map { String(cString: $0) } }
            }
            #expect(seen == parameters)
        }
    }
}
