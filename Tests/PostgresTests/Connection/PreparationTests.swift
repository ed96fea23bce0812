import EventLoop
import Testing

@testable import Postgres

/// How many statements the server has prepared for the session that asks.
private let preparedCount = Statement(.unprepared("SELECT count(*) FROM pg_prepared_statements"))

@Suite struct `Prepared statements` {
    @Test func `are prepared once for each connection`() async throws {
        try await TestDatabase.withConnection { connection in
            let sql: SQL = "SELECT $1::int AS prepared_once"
            for number in 0..<5 { _ = try await connection.run(Statement(sql, [String(number)])) }
            _ = try await connection.run([Statement(sql, ["6"]), Statement(sql, ["7"])])
            #expect(try await connection.run(preparedCount).int64(0, 0) == 1)
        }
    }

    @Test func `are the same if their texts are`() {
        let (one, other) = ("one", "other")
        #expect(SQL("SELECT '\(one)'") == SQL("SELECT '\(one)'"))
        #expect(SQL("SELECT '\(one)'").hashValue == SQL("SELECT '\(one)'").hashValue)
        #expect(SQL("SELECT '\(one)'") != SQL("SELECT '\(other)'"))
    }

    @Test func `that are marked so are never prepared`() async throws {
        try await TestDatabase.withConnection { connection in
            _ = try await connection.run(Statement(.unprepared("SELECT 1")))
            #expect(try await connection.run(preparedCount).int64(0, 0) == 0)
        }
    }

    @Test func `make room for new ones, the least recently used first`() async throws {
        try await TestDatabase.withConnection({ $0.preparedStatements = 3 }) { connection in
            let statements = (0..<5).map { Statement(SQL("SELECT \($0) AS makes_room")) }
            for statement in statements[0..<3] { _ = try await connection.run(statement) }
            _ = try await connection.run(statements[0])
            // All of one pipeline, in which older ones make room.
            let results = try await connection.run([statements[3], statements[4], statements[1]])
            #expect(results.map { $0.int64(0, 0) } == [3, 4, 1])
            // What made room is closed when there is enough of it.
            for number in 0..<SessionMachine.closingBatch {
                _ = try await connection.run(Statement(SQL("SELECT \(number) AS makes_more_room")))
            }
            let names = try await connection.run(
                Statement(.unprepared("SELECT statement FROM pg_prepared_statements ORDER BY 1")))
            #expect(names.rows < 3 + SessionMachine.closingBatch)
            let first = statements.map(\.sql.text)
            #expect(!names.texts.contains { first.contains($0[0]!) })
        }
    }

    @Test func `make no room in a transaction, where a failure would end it`() async throws {
        try await TestDatabase.withConnection({ $0.preparedStatements = 2 }) { connection in
            func others(_ name: String) -> [Statement] {
                (0..<40).map { Statement(SQL("SELECT \($0) AS \(name)")) }
            }
            for statement in others("before") { _ = try await connection.run(statement) }
            // Too many have been used, and the first statement of the session's next run opens a transaction.
            let begin = Statement(.unprepared("BEGIN ISOLATION LEVEL REPEATABLE READ"))
            let results = try await connection.run([begin] + others("within"))
            #expect(results.count == 41)
            _ = await postgresError { try await connection.run(Statement(.unprepared("SELECT 1 / 0"))) }
            _ = try await connection.run(Statement(.unprepared("ROLLBACK")))
            for statement in others("after") { _ = try await connection.run(statement) }
            let left = try await connection.run(preparedCount).int64(0, 0)!
            #expect(left < 2 + SessionMachine.closingBatch)
        }
    }

    @Test func `are prepared again when their table changed`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            try await connection.simpleQuery("CREATE TABLE \(schema).t (a int); INSERT INTO \(schema).t VALUES (1)")
            let select = Statement(SQL("SELECT * FROM \(schema).t"))
            #expect(try await connection.run(select).texts == [["1"]])
            try await connection.simpleQuery("ALTER TABLE \(schema).t ADD COLUMN b text DEFAULT 'new'")
            // Two at once: both meet the old plan.
            connection.loop.spawn { _ = try? await connection.run(select) }
            #expect(try await connection.run(select).texts == [["1", "new"]])
            #expect(try await connection.run(select).texts == [["1", "new"]])
        }
    }

    @Test func `are prepared again when the server forgot them`() async throws {
        try await TestDatabase.withConnection { connection in
            let select = Statement("SELECT 'forgotten'")
            _ = try await connection.run(select)
            try await connection.simpleQuery("DEALLOCATE ALL")
            #expect(try await connection.run(select).string(0, 0) == "forgotten")
        }
    }

    @Test func `that exist already under their name are prepared under another`() async throws {
        try await TestDatabase.withConnection { connection in
            _ = try await connection.run(Statement("SELECT 'the first'"))
            let first = try await connection.run(
                Statement(.unprepared("SELECT name FROM pg_prepared_statements"))
            ).string(0, 0)!
            #expect(first.hasSuffix("_1"))
            try await connection.simpleQuery("PREPARE \"\(first.dropLast())2\" AS SELECT 'something else'")
            #expect(try await connection.run(Statement("SELECT 'the second'")).string(0, 0) == "the second")
        }
    }

    @Test func `have names that no other session's have`() async throws {
        var names: Set<String> = []
        for _ in 0..<2 {
            let name = try await TestDatabase.withConnection { connection in
                _ = try await connection.run(Statement("SELECT 'a name'"))
                return try await connection.run(
                    Statement(.unprepared("SELECT name FROM pg_prepared_statements"))
                ).string(0, 0)!
            }
            names.insert(name)
        }
        #expect(names.count == 2)
    }

    @Test func `that are outdated inside a transaction are a retriable error`() async throws {
        try await TestDatabase.withSchema { connection, schema in
            try await connection.simpleQuery("CREATE TABLE \(schema).t (a int)")
            let select = Statement(SQL("SELECT * FROM \(schema).t"))
            _ = try await connection.run(select)
            try await connection.simpleQuery("ALTER TABLE \(schema).t ADD COLUMN b int")
            let begin = Statement(.unprepared("BEGIN"))
            let rollback = Statement(.unprepared("ROLLBACK"))
            let error = await postgresError { try await connection.run([begin, select]) }
            #expect(error?.sqlState == .featureNotSupported)
            #expect(error?.isRetriable == true)
            #expect(connection.isInTransaction)
            _ = try await connection.run(rollback)
            let results = try await connection.run([begin, select, rollback])
            #expect(results[1].columns == 2)
        }
    }

    @Test func `survive that the pipeline failed before they were prepared`() async throws {
        try await TestDatabase.withConnection { connection in
            let select = Statement("SELECT 'behind a failure'")
            _ = await postgresError { try await connection.run([Statement("SELECT 1 / 0"), select]) }
            let first = try await connection.run(select)
            #expect(first.string(0, 0) == "behind a failure")
            // And while the failure is still under way.
            let other = Statement("SELECT 'behind another failure'")
            connection.loop.spawn {
                _ = await postgresError { try await connection.run([Statement("SELECT 1 / 0"), other]) }
            }
            let second = try await connection.run(other)
            #expect(second.string(0, 0) == "behind another failure")
        }
    }

    @Test func `that cannot be parsed fail each time, with the same error`() async throws {
        try await TestDatabase.withConnection { connection in
            for _ in 0..<2 {
                let error = await postgresError { try await connection.run(Statement("SELEC 1")) }
                #expect(error?.sqlState == .syntaxError)
                #expect(error?.position == 1)
            }
        }
    }

    @Test func `keep their place in the books when they make room in vain`() async throws {
        try await TestDatabase.withConnection({ $0.preparedStatements = 1 }) { connection in
            let statements = ["room one", "room two"].map { Statement(SQL("SELECT '\($0)'")) }
            _ = try await connection.run(statements[0])
            // The second is never prepared, though the first made room for it.
            _ = await postgresError {
                try await connection.run([Statement(.unprepared("SELECT 1 / 0")), statements[1]])
            }
            let results = try await connection.run(statements)
            #expect(results.map { $0.string(0, 0) } == ["room one", "room two"])
        }
    }
}
