import EventLoop
import LarderTesting
import Testing

@testable import Postgres

private let sleep = Statement("SELECT pg_sleep(30)")

@Suite struct `A deadline` {
    @Test func `answers the caller at once and leaves the connection usable`() async throws {
        try await TestDatabase.withConnection { connection in
            let start = connection.loop.now
            let error = await postgresError { try await connection.run(sleep, deadline: start + 100) }
            let elapsed = connection.loop.now - start
            #expect(error?.kind == .deadlineExceeded)
            #expect(elapsed >= 100 && elapsed < 1_000)
            #expect(connection.isOpen)
            let next = try await connection.run(Statement("SELECT 1"))
            #expect(next.int64(0, 0) == 1)
            #expect(!connection.isSettling)
        }
    }

    @Test func `says whether the statement may have taken effect`() async throws {
        try await TestDatabase.withConnection { connection in
            let now = connection.loop.now
            let write = await postgresError { try await connection.run(sleep, deadline: now + 30) }
            #expect(write?.mayHaveCommitted == true)
            // The write's cancel may still be under way, so that this one is never sent.
            let read = await postgresError { try await connection.run(sleep, deadline: now + 90, access: .readOnly) }
            #expect(read?.mayHaveCommitted == false)
        }
    }

    @Test func `that has passed already sends nothing`() async throws {
        try await TestDatabase.withConnection { connection in
            let error = await postgresError { try await connection.run(sleep, deadline: connection.loop.now) }
            #expect(error?.kind == .deadlineExceeded)
            #expect(error?.mayHaveCommitted == false)
            #expect(connection.environment.counters.pipelines == 0)
        }
    }

    @Test func `of one does not fail those who wait behind it`() async throws {
        try await TestDatabase.withConnection { connection in
            let values = Box([Int64]())
            for number in 0..<10 {
                connection.loop.spawn {
                    // In flight behind the sleeping one, so that the cancel may hit them.
                    await connection.loop.sleep(milliseconds: 10)
                    let result = try! await connection.run(Statement("SELECT $1::int", [String(number)]))
                    values.value.append(result.int64(0, 0)!)
                }
            }
            let error = await postgresError {
                try await connection.run(sleep, deadline: connection.loop.now + 60)
            }
            #expect(error?.kind == .deadlineExceeded)
            try await connection.loop.wait { values.value.count >= 10 }
            #expect(values.value.sorted() == Array(0..<10))
        }
    }

    @Test func `of one does not fail those who share its sync`() async throws {
        try await TestDatabase.withConnection { connection in
            let values = Box([Int64]())
            let error = Box<PostgresError?>(nil)
            for number in 0..<6 {
                connection.loop.spawn {
                    guard number == 3 else {
                        let statement = Statement("SELECT $1::int", [String(number)])
                        let result = try! await connection.run(statement, access: .readOnly)
                        return values.value.append(result.int64(0, 0)!)
                    }
                    error.value = await postgresError {
                        try await connection.run(sleep, deadline: connection.loop.now + 60, access: .readOnly)
                    }
                }
            }
            try await connection.loop.wait { values.value.count >= 5 }
            #expect(error.value?.kind == .deadlineExceeded)
            #expect(values.value.sorted() == [0, 1, 2, 4, 5])
        }
    }

    @Test func `of one that waits its turn does not cancel the one that runs`() async throws {
        try await TestDatabase.withConnection { connection in
            let first = Box<Int64?>(nil)
            connection.loop.spawn {
                first.value = try! await connection.run(Statement("SELECT 7 FROM pg_sleep(0.3)")).int64(0, 0)
            }
            let error = await postgresError {
                try await connection.run(Statement("SELECT 8"), deadline: connection.loop.now + 50)
            }
            #expect(error?.kind == .deadlineExceeded)
            #expect(first.value == nil)
            try await connection.loop.wait { first.value != nil }
            #expect(first.value == 7)
        }
    }

    @Test func `closes the connection if the server does not answer the cancelled statement`() async throws {
        try await onLoop { loop in
            let proxy = try await Proxy(to: TestDatabase.configuration(), on: loop)
            var configuration = try proxy.configuration()
            configuration.cancelPatience = 100
            let connection = try await PostgresConnection.connect(configuration, on: loop)
            proxy.isStalled = true
            // Not for long, because the cancel may get lost as well.
            let error = await postgresError {
                try await connection.run(Statement("SELECT pg_sleep(2)"), deadline: loop.now + 50)
            }
            #expect(error?.kind == .deadlineExceeded)
            let behind = await postgresError { try await connection.run(Statement("SELECT 1")) }
            #expect(behind?.kind == .connectionLost)
            #expect(behind?.mayHaveCommitted == false)
            #expect(!connection.isOpen)
            proxy.close()
        }
    }

    @Test func `of the server ends the statement as well`() async throws {
        try await TestDatabase.withConnection({ $0.readTimeout = 50 }) { connection in
            let error = await postgresError { try await connection.run(sleep) }
            #expect(error?.kind == .deadlineExceeded)
            #expect(error?.sqlState == .queryCanceled)
            #expect(error?.mayHaveCommitted == false)
        }
    }
}
