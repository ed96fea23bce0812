import EventLoop
import Testing

@testable import Postgres

@Suite struct `A snapshot` {
    @Test func `is of one moment, and cannot write`() async throws {
        try await TestDatabase.withTable { pool, table in
            let deadline = pool.loop.now + 5_000
            let count = Statement(SQL("SELECT count(*) FROM \(table)"))
            let insert = Statement(SQL("INSERT INTO \(table) VALUES (1)"))
            let counts = try await pool.snapshot(deadline: deadline) { snapshot in
                let first = try await snapshot.run(count).int64(0, 0)
                _ = try await pool.run(insert, deadline: deadline)
                return [first, try await snapshot.run(count).int64(0, 0)]
            }
            #expect(counts == [0, 0])
            #expect(try await pool.run(count, deadline: deadline).int64(0, 0) == 1)
            let error = await postgresError {
                try await pool.snapshot(deadline: deadline) { try await $0.run(insert) }
            }
            #expect(error?.sqlState == "25006")
        }
    }

    @Test func `costs no way to the server of its own, and leaves no transaction open`() async throws {
        try await TestDatabase.withTable(PoolLimits(size: 1)) { pool, table in
            let deadline = pool.loop.now + 5_000
            let statements = [Statement(SQL("SELECT count(*) FROM \(table)")), Statement("SELECT 'second'")]
            let before = pool.statistics.pipelines
            let results = try await pool.snapshot(deadline: deadline) { try await $0.readAll(statements) }
            #expect(results.map { $0.string(0, 0) } == ["0", "second"])
            #expect(pool.statistics.pipelines == before + 1)
            // Nobody waits for the end of one that had several steps.
            let isolation = Statement("SELECT current_setting('transaction_isolation')")
            let inside = try await pool.snapshot(deadline: deadline) { snapshot in
                _ = try await snapshot.run(statements)
                return try await snapshot.run(isolation).string(0, 0)
            }
            #expect(inside == "repeatable read")
            #expect(pool.statistics.pipelines == before + 3)
            #expect(try await pool.run(isolation, deadline: deadline).string(0, 0) == "read committed")
        }
    }

    @Test func `opens on a connection on which others had hundreds of statements prepared`() async throws {
        try await TestDatabase.withTable(PoolLimits(size: 1)) { pool, table in
            let deadline = pool.loop.now + 20_000
            let count = Statement(SQL.pinned("SELECT count(*) FROM \(table)"))
            for number in 0..<2 * pool.configuration.preparedStatements {
                let shape = Statement(SQL("SELECT count(*) AS c\(number) FROM \(table)"))
                _ = try await pool.run(shape, deadline: deadline, access: .readOnly)
                guard number % 100 == 0 else { continue }
                let counts = try await pool.snapshot(deadline: deadline) { snapshot in
                    [try await snapshot.run(count), try await snapshot.run(shape)].map { $0.int64(0, 0) }
                }
                #expect(counts == [0, 0])
            }
        }
    }

    /// Statements are closed all the time here, wherever that may be done.
    @Test func `opens beside others who have any number of statements prepared on the same connections`() async throws {
        try await TestDatabase.withTable(PoolLimits(size: 2), { $0.preparedStatements = 2 }) { pool, table in
            var failures: [any Error] = []
            var running = 0
            func repeatedly(_ times: Int, _ body: @escaping (Int, UInt64) async throws -> Void) {
                running += 1
                pool.loop.spawn {
                    for number in 0..<times {
                        do { try await body(number, pool.loop.now + 5_000) } catch { failures.append(error) }
                    }
                    running -= 1
                }
            }
            func shape(_ number: Int) -> Statement { Statement(SQL("SELECT count(*) AS c\(number) FROM \(table)")) }
            for _ in 0..<3 {
                repeatedly(600) { number, deadline in
                    _ = try await pool.run(shape(number % 37), deadline: deadline, access: .readOnly)
                }
            }
            repeatedly(300) { number, deadline in
                _ = try await pool.snapshot(deadline: deadline) { snapshot in
                    try await snapshot.run([shape(number % 11), shape(number % 7)]) + snapshot.run([shape(number % 5)])
                }
            }
            repeatedly(300) { number, deadline in
                _ = try await pool.transaction(deadline: deadline) { try await $0.run([shape(number % 13)]) }
                _ = try await pool.run(shape(number % 3), deadline: deadline)
            }
            try await pool.loop.wait { running == 0 }
            #expect(failures.isEmpty, "\(failures.prefix(3))")
            #expect(pool.statistics.opened == 2)
        }
    }

    @Test func `is taken once more when the connection breaks`() async throws {
        try await TestDatabase.withTable { pool, table in
            var attempts = 0
            let deadline = pool.loop.now + 5_000
            let count = try await pool.snapshot(deadline: deadline) { snapshot in
                attempts += 1
                let process = try await snapshot.run(Statement("SELECT pg_backend_pid()")).int64(0, 0)!
                if attempts == 1 { try await TestDatabase.terminate(Int32(process), on: pool.loop) }
                return try await snapshot.run(Statement(SQL("SELECT count(*) FROM \(table)"))).int64(0, 0)
            }
            #expect(count == 0)
            #expect(attempts == 2)
        }
    }

    @Test func `is taken once more when the tables have changed, whatever was prepared for them`() async throws {
        try await TestDatabase.withTable(PoolLimits(size: 1)) { pool, table in
            let deadline = pool.loop.now + 5_000
            let (first, second) = (Statement(SQL("SELECT a FROM \(table)")), Statement(SQL("SELECT a FROM \(table) WHERE a = 1")))
            func read() async throws -> [[String?]] {
                try await pool.snapshot(deadline: deadline) { snapshot in
                    try await snapshot.run(first).texts + snapshot.run(second).texts
                }
            }
            _ = try await pool.run(Statement(SQL("INSERT INTO \(table) VALUES (1)")), deadline: deadline)
            #expect(try await read() == [["1"], ["1"]])
            let change = Statement(SQL("ALTER TABLE \(table) ALTER a TYPE numeric(4, 1)"))
            _ = try await pool.run(change, deadline: deadline)
            for _ in 0..<2 { #expect(try await read() == [["1.0"], ["1.0"]]) }
        }
    }
}

extension TestDatabase {
    /// Runs `body` with a pool and the name of an empty table of one integer, which is dropped afterwards.
    fileprivate static func withTable(
        _ limits: PoolLimits = PoolLimits(), _ adjust: @escaping @Sendable (inout PostgresConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (PostgresPool, String) async throws -> Void
    ) async throws {
        try await withSchema { connection, schema in
            try await connection.simpleQuery("CREATE TABLE \(schema).t (a int)")
            var configuration = connection.configuration
            adjust(&configuration)
            let pool = PostgresPool(configuration, on: connection.loop, limits: limits)
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(pool, "\(schema).t")) } catch { outcome = .failure(error) }
            await pool.close(within: 500)
            try outcome.get()
        }
    }
}
