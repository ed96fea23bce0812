import EventLoop
import LarderTesting
import Testing

@testable import Postgres

@Suite struct `A standby` {
    @Test(.enabled(if: PrivatePostgres.isPossible))
    func `is never read from, neither beside its primary nor instead of it`() async throws {
        try await withServer { loop, server in
            try await server.startStandby()
            let hosts = try server.configuration(ports: PrivatePostgres.standbyPort, PrivatePostgres.port)
            let pool = PostgresPool(hosts, on: loop)
            func isInRecovery() async throws(PostgresError) -> Bool? {
                try await pool.run(Statement("SELECT pg_is_in_recovery()"), deadline: loop.now + 5_000, access: .readOnly).bool(
                    0, 0)
            }
            #expect(try await isInRecovery() == false)

            try await server.stop()
            let outage = await postgresError { try await isInRecovery() }
            #expect(outage?.kind == .unreachable, "\(outage as Any)")
            let alone = try server.configuration(ports: PrivatePostgres.standbyPort)
            let refusal = await postgresError { try await PostgresConnection.connect(alone, on: loop) }
            #expect(refusal?.kind == .unreachable)
            #expect(refusal?.message.contains("read-only") == true, "\(refusal as Any)")

            try await server.start()
            // Until its next attempt to connect, the pool says what became of the last one.
            let end = loop.now + 20_000
            var answer = try? await isInRecovery()
            while answer == nil, loop.now < end {
                await loop.sleep(milliseconds: 50)
                answer = try? await isInRecovery()
            }
            #expect(answer == false)
            await pool.close(within: 500)
        }
    }
}
