import EventLoop
import LarderTesting
import Testing

@testable import Postgres

private func withPool<Value: Sendable>(
    _ limits: PoolLimits = PoolLimits(), observe: @escaping @Sendable (PostgresEvent) -> Void = { _ in },
    _ body: @escaping @Sendable (PostgresPool) async throws -> Value
) async throws -> Value {
    try await onLoop { loop in
        let pool = PostgresPool(try TestDatabase.configuration(), on: loop, limits: limits, observe: observe)
        let outcome: Result<Value, any Error>
        do { outcome = .success(try await body(pool)) } catch { outcome = .failure(error) }
        await pool.close(within: 500)
        return try outcome.get()
    }
}

extension PostgresPool {
    /// Ten seconds from now.
    fileprivate var soon: UInt64 { loop.now + 10_000 }
}

private let process = Statement("SELECT pg_backend_pid()")

/// Uses a pool from a method of an actor whose executor is the pool's loop.
private actor Neighbour {
    nonisolated let loop = Loop()
    nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

    /// Asks for the only connection when whoever has it is about to give it back.
    func ask() async throws -> Int? {
        let pool = PostgresPool(try TestDatabase.configuration(), on: loop, limits: PoolLimits(size: 1))
        let holder = Box<UnsafeContinuation<Void, Never>?>(nil)
        loop.spawn {
            _ = try? await pool.withConnection(deadline: .max) { _ in
                await withUnsafeContinuation { holder.value = $0 }
            }
        }
        while holder.value == nil { await loop.sleep(milliseconds: 1) }
        holder.value!.resume()
        let result = try await pool.run(Statement("SELECT 7"), deadline: loop.now + 5_000)
        await pool.close(within: 500)
        return result.int64(0, 0).map(Int.init)
    }
}

@Suite struct `A pool` {
    /// The runtime interrupts a method of an actor wherever it calls an asynchronous function, not only where that waits.
    @Test(.timeLimit(.minutes(1)))
    func `serves callers that are interrupted on their way into the line`() async throws {
        let neighbour = Neighbour()
        neighbour.loop.start()
        let answer = try await onLoop { _ in try await neighbour.ask() }
        #expect(answer == 7)
    }

    @Test func `opens connections on demand and keeps them`() async throws {
        try await withPool { pool in
            #expect(pool.statistics.open == 0)
            _ = try await pool.run(process, deadline: pool.soon, access: .readOnly)
            #expect(pool.statistics.open == 1)
            let finished = Box(0)
            for _ in 0..<100 {
                pool.loop.spawn {
                    _ = try! await pool.run(Statement("SELECT pg_sleep(0.002)"), deadline: pool.soon, access: .readOnly)
                    finished.value += 1
                }
            }
            try await pool.loop.wait { finished.value >= 100 }
            // One may have been so slow to connect that the others did all the work.
            try await pool.loop.wait { pool.statistics.open >= 4 }
            let statistics = pool.statistics
            #expect(statistics.open == 4)
            #expect(statistics.idle == 4)
            #expect(statistics.opened == 4)
            #expect(statistics.waiting == 0)
            #expect(statistics.statements == 101)
            #expect(statistics.pipelines <= 101)
            #expect(statistics.refused == 0)
            #expect(statistics.queryMicroseconds > 200_000)
            #expect(statistics.waitedMicroseconds > 0)
        }
    }

    @Test func `bounds the line and the time in it`() async throws {
        var limits = PoolLimits(size: 1)
        limits.waiting = 2
        try await withPool(limits) { pool in
            let errors = Box([PostgresError?]())
            _ = try await pool.withConnection(deadline: pool.soon) { connection in
                for _ in 0..<3 {
                    pool.loop.spawn {
                        errors.value.append(
                            await postgresError { try await pool.run(process, deadline: pool.loop.now + 100) })
                    }
                }
                #expect(errors.value.map { $0?.kind } == [.poolExhausted])
                try await pool.loop.wait { errors.value.count >= 3 }
                return try await connection.run(process)
            }
            #expect(errors.value.map { $0?.kind } == [.poolExhausted, .deadlineExceeded, .deadlineExceeded])
            #expect(errors.value.allSatisfy { $0?.mayHaveCommitted == false })
            #expect(pool.statistics.refused == 3)
        }
    }

    @Test func `replaces an idle connection that died, without an error to a caller`() async throws {
        try await withPool(PoolLimits(size: 1)) { pool in
            var processes: Set<Int64> = []
            for _ in 0..<4 {
                let process = try await pool.run(process, deadline: pool.soon).int64(0, 0)!
                processes.insert(process)
                // It is dead when it is asked for the next time, and this loop may not have noticed it yet.
                try await TestDatabase.terminate(Int32(process), on: pool.loop)
            }
            #expect(processes.count == 4)
        }
    }

    @Test func `repeats a read whose connection broke, but not a write`() async throws {
        try await withPool { pool in
            let slow: SQL = "SELECT pg_backend_pid() FROM pg_sleep($1::float)"
            let read = Box<Result<Int64, any Error>?>(nil)
            let write = Box<Result<Int64, any Error>?>(nil)
            for (box, access, seconds) in [(write, Access.readWrite, "5"), (read, .readOnly, "0.5")] {
                pool.loop.spawn {
                    do {
                        let statement = Statement(slow, [seconds])
                        let result = try await pool.run(statement, deadline: pool.soon, access: access)
                        box.value = .success(result.int64(0, 0)!)
                    } catch { box.value = .failure(error) }
                }
            }
            try await pool.loop.wait { pool.statistics.pipelines >= 2 }
            await pool.loop.sleep(milliseconds: 50)
            for connection in pool.busy {
                try await TestDatabase.terminate(connection.serverProcess, on: pool.loop)
            }
            try await pool.loop.wait { read.value != nil && write.value != nil }
            #expect(throws: Never.self) { try read.value!.get() }
            let error = #expect(throws: PostgresError.self) { try write.value!.get() }
            #expect(error?.kind == .connectionLost)
            #expect(error?.mayHaveCommitted == true)
        }
    }

    @Test func `gives a connection back clean, whatever was left open on it`() async throws {
        struct Mistake: Error {}
        try await withPool(PoolLimits(size: 1)) { pool in
            let first = try await pool.withConnection(deadline: pool.soon) { connection in
                _ = try await connection.run(Statement("BEGIN"))
                return connection.serverProcess
            }
            await #expect(throws: Mistake.self) {
                try await pool.withConnection(deadline: pool.soon) { connection in
                    #expect(!connection.isInTransaction)
                    _ = try await connection.run(Statement("BEGIN"))
                    throw Mistake()
                }
            }
            let third = try await pool.withConnection(deadline: pool.soon) { connection in
                #expect(!connection.isInTransaction)
                return connection.serverProcess
            }
            #expect(first == third)
        }
    }

    @Test func `gives a connection back after its statement was cancelled`() async throws {
        try await withPool(PoolLimits(size: 1)) { pool in
            let error = await postgresError {
                try await pool.withConnection(deadline: pool.soon) { connection in
                    _ = try await connection.run(Statement("BEGIN"))
                    return try await connection.run(Statement("SELECT pg_sleep(30)"), deadline: pool.loop.now + 50)
                }
            }
            #expect(error?.kind == .deadlineExceeded)
            try await pool.withConnection(deadline: pool.soon) { #expect(!$0.isInTransaction) }
            #expect(pool.statistics.opened == 1)
        }
    }

    @Test func `closes after what runs, and turns away who comes later`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop, limits: PoolLimits(size: 1))
            let values = Box([Int64]())
            for number in 0..<3 {
                loop.spawn {
                    let statement = Statement("SELECT $1::int FROM pg_sleep(0.05)", [String(number)])
                    let result = try! await pool.run(statement, deadline: pool.soon)
                    values.value.append(result.int64(0, 0)!)
                }
            }
            await pool.close()
            #expect(values.value == [0, 1, 2])
            #expect(pool.statistics.open == 0)
            let late = await postgresError { try await pool.run(process, deadline: pool.soon) }
            #expect(late?.kind == .closed)
        }
    }

    @Test func `closes after a while even though something runs`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop)
            let error = Box<PostgresError?>(nil)
            loop.spawn {
                error.value = await postgresError {
                    try await pool.run(Statement("SELECT pg_sleep(1)"), deadline: pool.soon)
                }
            }
            await loop.sleep(milliseconds: 50)
            await pool.close(within: 50)
            await loop.sleep(milliseconds: 1)
            #expect(error.value?.kind == .closed)
        }
    }
}
