import EventLoop
import LarderTesting
import Testing

@testable import Postgres

extension PostgresPool {
    /// Ten seconds from now.
    fileprivate var soon: UInt64 { loop.now + 10_000 }

    /// A write that fails as if the server had raised it.
    fileprivate func fail(_ code: SQLState) async -> PostgresError? {
        let raise = "DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '\(code)'; END $$"
        return await postgresError { try await run(Statement(.unprepared(raise)), deadline: soon) }
    }

    fileprivate func write() async throws {
        _ = try await run(Statement(.unprepared("CREATE TEMP TABLE IF NOT EXISTS t ()")), deadline: soon)
    }
}

@Suite struct `A pool whose server is in trouble` {
    @Test(arguments: [SQLState.diskFull, .outOfMemory, .ioError])
    func `tells of it once, and forgets it after a time`(_ code: SQLState) async throws {
        try await onLoop { loop in
            var limits = PoolLimits()
            limits.troubleMemory = 200
            var told = 0
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop, limits: limits) { event in
                if case .doesNotWrite = event { told += 1 }
            }
            try await pool.write()
            #expect(pool.trouble == nil)
            for _ in 0..<3 {
                #expect(await pool.fail(code)?.isServersOwnFault == true)
                #expect(pool.trouble?.sqlState == code)
            }
            #expect(told == 1)
            try await loop.wait { pool.trouble == nil }
            _ = await pool.fail(code)
            #expect(told == 2)
            await pool.close(within: 500)
        }
    }

    @Test func `tells of nothing that is a statement's own fault`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop)
            for code: SQLState in [.uniqueViolation, .deadlockDetected, "54001", "22003", "53400"] { _ = await pool.fail(code) }
            #expect(pool.trouble == nil)
            await pool.close(within: 500)
        }
    }

    /// A sort that needs more than the disk has for it says nothing of writes.
    @Test func `tells of nothing that a read met`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop)
            for code: SQLState in [.diskFull, .outOfMemory, .ioError] {
                let raise = Statement(.unprepared("DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '\(code)'; END $$"))
                let alone = await postgresError { try await pool.run(raise, deadline: pool.soon, access: .readOnly) }
                #expect(alone?.sqlState == code)
                await #expect(throws: TransactionFailure.self) {
                    try await pool.transaction(deadline: pool.soon, access: .readOnly) { try await $0.run(raise) }
                }
                #expect(pool.trouble == nil)
            }
            await pool.close(within: 500)
        }
    }

    @Test func `ends sessions that have become read-only, and only those`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop, limits: PoolLimits(size: 1))
            _ = try await pool.withConnection(deadline: pool.soon) {
                try await $0.simpleQuery("SET default_transaction_read_only = on")
            }
            let error = await postgresError {
                try await pool.run(Statement(.unprepared("CREATE SEQUENCE never")), deadline: pool.soon)
            }
            #expect(error?.sqlState == .readOnlyTransaction && error?.mayHaveCommitted == false)
            #expect(pool.trouble?.sqlState == .readOnlyTransaction)
            try await pool.write()
            #expect(pool.trouble == nil && pool.statistics.opened == 2)
            // A transaction that was opened to read alone is no reason.
            let own = await postgresError {
                try await pool.snapshot(deadline: pool.soon) { try await $0.run(Statement(.unprepared("CREATE SEQUENCE never"))) }
            }
            #expect(own?.sqlState == .readOnlyTransaction)
            #expect(pool.trouble == nil && pool.statistics.opened == 2)
            await pool.close(within: 500)
        }
    }

    @Test func `tells of a session that has become read-only when it is asked`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop, limits: PoolLimits(size: 1))
            try await pool.checkTakesWrites(deadline: pool.soon)
            #expect(pool.trouble == nil)
            _ = try await pool.withConnection(deadline: pool.soon) {
                try await $0.simpleQuery("SET default_transaction_read_only = on")
            }
            let error = await postgresError { try await pool.checkTakesWrites(deadline: pool.soon) }
            #expect(error?.sqlState == .readOnlyTransaction && pool.trouble?.sqlState == .readOnlyTransaction)
            await pool.close(within: 500)
        }
    }

    @Test func `that is read-only for all is not connected to`() async throws {
        try await onLoop { loop in
            var parameters = try TestDatabase.configuration().parameters
            parameters["options"] = "-c default_transaction_read_only=on"
            let text = parameters.map { "\($0)='\($1)'" }.joined(separator: " ")
            let pool = PostgresPool(try PostgresConfiguration(text), on: loop)
            #expect(await postgresError { try await pool.write() } != nil)
            #expect(pool.trouble?.sqlState == .readOnlyTransaction)
            await pool.close(within: 500)
        }
    }
}

@Suite struct `Connections of no use` {
    @Test func `are given back`() async throws {
        try await onLoop { loop in
            var limits = PoolLimits(size: 3)
            limits.idleTime = 100
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop, limits: limits)
            for _ in 0..<3 { loop.spawn { _ = try? await pool.run(Statement("SELECT pg_sleep(0.05)"), deadline: pool.soon) } }
            try await loop.wait { pool.statistics.open == 3 }
            try await loop.wait { pool.statistics.open == 0 }
            await loop.sleep(milliseconds: 100)
            #expect(pool.statistics.opened == 3, "nobody looks for a server that nobody needs")
            #expect(try await pool.run(Statement("SELECT 1"), deadline: pool.soon).int64(0, 0) == 1)
            await pool.close(within: 500)
        }
    }

    /// As the workers of a process with a role that may have as many connections as there are workers.
    @Test func `are given to a pool of the same process that gets none`() async throws {
        try await onLoop { loop in
            let role = "limited_\(UInt64.random(in: 0 ... .max))"
            let administrator = try await PostgresConnection.connect(TestDatabase.configuration(), on: loop)
            try await administrator.simpleQuery("CREATE ROLE \(role) LOGIN CONNECTION LIMIT 2")
            var parameters = try TestDatabase.configuration().parameters
            parameters["user"] = role
            let configuration = try PostgresConfiguration(parameters.map { "\($0)='\($1)'" }.joined(separator: " "))
            let shortage = ConnectionShortage()
            let pools = (0..<2).map { _ in PostgresPool(configuration, on: loop, shortage: shortage) }
            var isOver = false
            var running = 0
            func keepBusy(_ pool: PostgresPool) {
                running += 1
                loop.spawn {
                    while !isOver {
                        _ = try? await pool.run(Statement("SELECT pg_sleep(0.005)"), deadline: pool.soon)
                        await loop.sleep(milliseconds: 1)
                    }
                    running -= 1
                }
            }
            for _ in 0..<4 { keepBusy(pools[0]) }
            try await loop.wait { pools[0].statistics.open == 2 }
            for _ in 0..<4 { keepBusy(pools[1]) }
            try await loop.wait { pools.allSatisfy { $0.statistics.open == 1 } }
            // And so it stays, though both would like more.
            for _ in 0..<20 {
                await loop.sleep(milliseconds: 20)
                #expect(pools.allSatisfy { $0.outage == nil })
            }
            isOver = true
            try await loop.wait { running == 0 }
            for pool in pools { await pool.close(within: 500) }
            try await administrator.simpleQuery("DROP ROLE \(role)")
            administrator.close()
        }
    }
}

@Suite struct `A pool that is interrupted` {
    @Test func `cancels what runs, and begins nothing new`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop)
            let failures = Box([PostgresError?]())
            for _ in 0..<2 {
                loop.spawn {
                    let sleep = Statement("SELECT pg_sleep(5)")
                    failures.value.append(await postgresError { try await pool.run(sleep, deadline: .max) })
                }
            }
            try await loop.wait { pool.busy.count == 2 && pool.busy.allSatisfy { $0.isServed } }
            let start = loop.now
            await pool.interrupt()
            try await loop.wait { failures.value.count == 2 }
            #expect(failures.value.allSatisfy { $0?.sqlState == .queryCanceled })
            #expect(loop.now - start < 2_000)
            let error = await postgresError { try await pool.run(Statement("SELECT 1"), deadline: .max) }
            #expect(error?.kind == .closed)
            try await loop.wait { pool.statistics.open == 0 }
            await pool.close(within: 500)
        }
    }
}
