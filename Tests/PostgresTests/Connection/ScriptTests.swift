import EventLoop
import Testing

@testable import Postgres

@Suite struct `A script` {
    @Test func `runs many statements and returns their results`() async throws {
        try await TestDatabase.withConnection { connection in
            let results = try await connection.simpleQuery("SELECT 1; ; SELECT 2, 3; DO $$ BEGIN END $$")
            #expect(results.map(\.commandTag) == ["SELECT 1", "SELECT 1", "DO"])
            #expect(results[1].texts == [["2", "3"]])
        }
    }

    @Test func `is followed by pipelines, and waits for those before it`() async throws {
        try await TestDatabase.withConnection { connection in
            let order = Box([String]())
            for number in 0..<3 {
                connection.loop.spawn {
                    _ = try! await connection.run(Statement("SELECT pg_sleep(0.01)"))
                    order.value.append("before \(number)")
                }
            }
            connection.loop.spawn {
                await connection.loop.sleep(milliseconds: 5)
                _ = try! await connection.run(Statement("SELECT 2"))
                order.value.append("after")
            }
            try await connection.simpleQuery("SELECT pg_sleep(0.02)")
            order.value.append("script")
            try await connection.loop.wait { order.value.count >= 5 }
            #expect(order.value == ["before 0", "before 1", "before 2", "script", "after"])
        }
    }

    @Test func `that fails says where, and is rolled back`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            let script = "CREATE TABLE \(schema).t (a int);\nSELECT nothing;\nSELECT 1"
            let error = await postgresError { try await connection.simpleQuery(script) }
            #expect(error?.sqlState == "42703")
            #expect(error?.position == script.utf8.count - "nothing;\nSELECT 1".utf8.count + 1)
            #expect(error?.message.contains("nothing") == true)
            #expect(error?.mayHaveCommitted == false)
            let table = try await connection.run(Statement("SELECT to_regclass($1)", ["\(schema).t"]))
            #expect(table.isNull(0, 0))
        }
    }

    @Test func `may build an index concurrently`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            // It waits for the transactions of the other tests.
            try await connection.simpleQuery("CREATE TABLE \(schema).t (a int); SET statement_timeout = 0")
            let results = try await connection.simpleQuery("CREATE INDEX CONCURRENTLY t_a ON \(schema).t (a)")
            #expect(results.map(\.commandTag) == ["CREATE INDEX"])
        }
    }

    @Test func `that committed a part of itself before it failed says so`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            let error = await postgresError {
                try await connection.simpleQuery("BEGIN; CREATE TABLE \(schema).t (a int); COMMIT; SELECT 1 / 0")
            }
            #expect(error?.sqlState == "22012")
            #expect(error?.mayHaveCommitted == true)
        }
    }

    @Test func `has a deadline as well`() async throws {
        try await TestDatabase.withConnection { connection in
            let error = await postgresError {
                try await connection.simpleQuery("SELECT pg_sleep(30)", deadline: connection.loop.now + 50)
            }
            #expect(error?.kind == .deadlineExceeded)
            let next = try await connection.run(Statement("SELECT 1"))
            #expect(next.int64(0, 0) == 1)
        }
    }

    @Test func `that wants to copy from the client ends the connection instead of hanging`() async throws {
        try await TestDatabase.withConnection { connection in
            let error = await postgresError {
                try await connection.simpleQuery("CREATE TEMP TABLE t (a int); COPY t FROM STDIN")
            }
            #expect(error?.kind == .connectionLost)
            #expect(error?.message.contains("COPY") == true)
            #expect(!connection.isOpen)
        }
    }
}
