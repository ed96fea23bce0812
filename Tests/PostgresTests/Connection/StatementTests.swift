import EventLoop
import Testing

@testable import Postgres

@Suite struct `Statements on a connection` {
    @Test func `carry parameters and values as text`() async throws {
        let texts = try await TestDatabase.withConnection { connection in
            let statement = Statement(
                "SELECT $1::int + 1, $2::text, $3::text, $4::bool", ["41", "Zürich 🥐", nil, "true"])
            return try await connection.run(statement).texts
        }
        #expect(texts == [["42", "Zürich 🥐", nil, "t"]])
    }

    @Test func `tell NULL from the empty text`() async throws {
        try await TestDatabase.withConnection { connection in
            let result = try await connection.run(Statement("SELECT $1::text, $2::text", ["", nil]))
            #expect(result.isNull(0, 0) == false)
            #expect(result.string(0, 0) == "")
            #expect(result.isNull(0, 1))
            #expect(result.string(0, 1) == nil)
            #expect(result.withBytes(0, 0) { $0.count } == 0)
            #expect(result.withBytes(0, 1) { $0.count } == nil)
        }
    }

    @Test func `give integers without a detour, and none for what is no integer`() async throws {
        try await TestDatabase.withConnection { connection in
            let result = try await connection.run(
                Statement(
                    """
                    SELECT 0, -1, 9223372036854775807, -9223372036854775808, NULL::int, 'x', '', '-', \
                    9223372036854775808::numeric, '-9223372036854775809', '1.5', true, false
                    """))
            let integers = (0..<result.columns).map { result.int64(0, $0) }
            #expect(integers == [0, -1, .max, .min, nil, nil, nil, nil, nil, nil, nil, nil, nil])
            #expect(result.bool(0, 11) == true)
            #expect(result.bool(0, 12) == false)
            #expect(result.bool(0, 0) == nil)
        }
    }

    @Test func `name their columns and count their rows`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            try await connection.simpleQuery("CREATE TABLE \(schema).t (a int, b text)")
            let insert = try await connection.run(
                Statement(SQL("INSERT INTO \(schema).t SELECT g, 'x' FROM generate_series(1, 7) g")))
            #expect(insert.affectedRows == 7)
            #expect(insert.commandTag == "INSERT 0 7")
            let select = try await connection.run(Statement(SQL("SELECT b, a FROM \(schema).t LIMIT 2")))
            #expect(select.rows == 2)
            #expect(select.columnName(0) == "b")
            #expect(select.column(named: "a") == 1)
            #expect(select.column(named: "c") == nil)
        }
    }

    @Test func `return results of many megabytes`() async throws {
        let (rows, bytes) = try await TestDatabase.withConnection { connection in
            let result = try await connection.run(
                Statement("SELECT g, repeat(md5(g::text), 8) FROM generate_series(1, 40000) g"))
            let bytes = (0..<result.rows).reduce(0) { $0 + result.withBytes($1, 1) { $0.count }! }
            return (result.rows, bytes)
        }
        #expect(rows == 40_000)
        #expect(bytes == 40_000 * 256)
    }

    @Test func `take parameters of many megabytes`() async throws {
        let length = try await TestDatabase.withConnection { connection in
            let large = String(repeating: "äöü", count: 2_000_000)
            // Several at once: more than the kernel takes, in both directions.
            let statement = Statement("SELECT length($1::text), $1::text", [large])
            let results = try await connection.run([statement, statement])
            return results.map { $0.int64(0, 0) }
        }
        #expect(length == [6_000_000, 6_000_000])
    }

    @Test func `with a zero byte are refused before they are sent`() async throws {
        try await TestDatabase.withConnection { connection in
            let error = await postgresError { try await connection.run(Statement("SELECT $1::text", ["a\u{0}b"])) }
            #expect(error?.kind == .server)
            #expect(error?.sqlState == .characterNotInRepertoire)
            #expect(error?.mayHaveCommitted == false)
        }
    }

    @Test func `with more parameters than PostgreSQL takes are refused before they are sent`() async throws {
        try await TestDatabase.withConnection { connection in
            let error = await postgresError {
                try await connection.run(Statement("SELECT 1", Array(repeating: "1", count: 65_536)))
            }
            #expect(error?.sqlState == .programLimitExceeded)
            #expect(connection.isOpen)
        }
    }

    @Test func `may be none at all`() async throws {
        let count = try await TestDatabase.withConnection { connection in try await connection.run([]).count }
        #expect(count == 0)
    }

    @Test func `may be empty`() async throws {
        let rows = try await TestDatabase.withConnection { try await $0.run(Statement("")).rows }
        #expect(rows == 0)
    }

    @Test func `say where an error is, and quote no parameter in the description`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            try await connection.simpleQuery("CREATE TABLE \(schema).people (email text UNIQUE, age int NOT NULL)")
            let insert = SQL("INSERT INTO \(schema).people VALUES ($1, $2)")
            _ = try await connection.run(Statement(insert, ["secret@example.org", "1"]))

            let duplicate = await postgresError {
                try await connection.run(Statement(insert, ["secret@example.org", "1"]))
            }
            #expect(duplicate?.sqlState == .uniqueViolation)
            #expect(duplicate?.constraint == "people_email_key")
            #expect(duplicate?.table == "people")
            #expect(duplicate?.schema == schema)
            #expect(duplicate?.severity == "ERROR")
            #expect(duplicate?.detail?.contains("secret@example.org") == true)
            #expect(duplicate?.isRetriable == false)

            let missing = await postgresError { try await connection.run(Statement(insert, ["other", nil])) }
            #expect(missing?.sqlState == .notNullViolation)
            #expect(missing?.column == "age")

            let malformed = await postgresError {
                try await connection.run(Statement("SELECT $1::int", ["secret@example.org"]))
            }
            #expect(malformed?.sqlState == "22P02")
            #expect(malformed?.message.contains("secret@example.org") == true)

            let mistaken = await postgresError { try await connection.run(Statement("SELECT nothing")) }
            #expect(mistaken?.position == 8)

            for error in [duplicate, missing, malformed, mistaken] {
                #expect(error?.description.contains("secret") == false)
            }
        }
    }
}
