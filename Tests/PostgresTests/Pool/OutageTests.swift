import EventLoop
import LarderTesting
import Testing

@testable import Postgres

private let one = Statement("SELECT 1")

@Suite struct `A pool whose server goes away` {
    @Test func `fails callers at once meanwhile, and serves them when it is back`() async throws {
        try await onLoop { loop in
            let proxy = try await Proxy(to: TestDatabase.configuration(), on: loop)
            let failures = Box([Bool]())
            let returns = Box(0)
            let pool = PostgresPool(try proxy.configuration(), on: loop) { event in
                if case .connectFailed(_, _, let isFirst, _) = event { failures.value.append(isFirst) }
                if case .reachedAgain = event { returns.value += 1 }
            }
            _ = try await pool.run(one, deadline: loop.now + 5_000)

            proxy.close()
            try await loop.wait { failures.value.count >= 3 }
            #expect(pool.statistics.open == 0)
            let start = loop.now
            for _ in 0..<20 {
                let error = await postgresError { try await pool.run(one, deadline: loop.now + 5_000) }
                #expect(error?.kind == .unreachable)
            }
            #expect(loop.now - start < 200)

            try await proxy.listenAgain()
            try await loop.wait { pool.statistics.open != 0 }
            #expect(try await pool.run(one, deadline: loop.now + 5_000).int64(0, 0) == 1)
            #expect(failures.value.count { $0 } == 1, "one failure is the first")
            #expect(returns.value == 1)
            await pool.close()
            proxy.close()
        }
    }

    @Test func `lets callers wait for the first connection`() async throws {
        try await onLoop { loop in
            let pool = PostgresPool(try TestDatabase.configuration(), on: loop)
            let values = Box([Int64]())
            for _ in 0..<30 {
                loop.spawn { values.value.append(try! await pool.run(one, deadline: loop.now + 5_000).int64(0, 0)!) }
            }
            #expect(pool.statistics.open == 0)
            try await loop.wait { values.value.count >= 30 }
            #expect(values.value.allSatisfy { $0 == 1 })
            await pool.close()
        }
    }

    @Test func `fails those who wait for a connection that does not come`() async throws {
        try await onLoop { loop in
            var configuration = try PostgresConfiguration("host=/nowhere")
            configuration.connectTimeout = 100
            let pool = PostgresPool(configuration, on: loop)
            let error = await postgresError { try await pool.run(one, deadline: loop.now + 5_000) }
            #expect(error?.kind == .unreachable)
            #expect(error?.message.contains("/nowhere") == true)
            #expect(error?.isRetriable == true)
            #expect(pool.statistics.connectFailures == 1)
            await pool.close()
        }
    }

    @Test(.enabled(if: PrivatePostgres.isPossible, "PostgreSQL's own programs are not installed"))
    func `serves again after a restart`() async throws {
        try await withServer { loop, server in
            let pool = PostgresPool(try server.configuration(), on: loop)
            _ = try await pool.run(one, deadline: loop.now + 5_000)
            #expect(pool.outage == nil)
            try await server.stop()
            let error = await postgresError { try await pool.run(one, deadline: loop.now + 5_000) }
            #expect(error?.kind == .unreachable)
            #expect(pool.outage?.kind == .unreachable)
            try await server.start()
            try await loop.wait { pool.statistics.open != 0 }
            let result = try await pool.run(one, deadline: loop.now + 5_000)
            #expect(result.int64(0, 0) == 1)
            await pool.close()
        }
    }
}
