import EventLoop
import LarderTesting
import Model
import Postgres
import TestDomain
import Testing

@testable import PostgresStore

/// What a statement returns is taken as it is or refused: no value stands for one that cannot be read.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `A value that cannot be read` {
    private func withResult(_ sql: String, _ body: @escaping @Sendable (PostgresResult) throws -> Void) async throws {
        try await LoopPool.shared.run { loop in
            let connection = try await PostgresConnection.connect(try PostgresConfiguration(TestServers.postgres()), on: loop)
            defer { connection.close() }
            try body(try await connection.run(Statement(.unprepared(sql)), deadline: loop.now + 10_000))
        }
    }

    @Test func `is an error, and NULL is one where it cannot be`() async throws {
        try await withResult("SELECT 'NaN'::numeric AS total, NULL AS nothing, 7 AS count") { result in
            let rows = SQLRows(result, "shipments")
            let total = #expect(throws: UnreadableRow.self) { try rows.value(0, "total", as: MoneySum.self) }
            #expect(total?.description.contains("one of the shipments holds a value in total") == true)
            #expect(throws: UnreadableRow.self) { try rows.value(0, "nothing", as: MoneySum.self) }
            let nothing: MoneySum? = try rows.value(0, "nothing")
            #expect(nothing == nil)
            let count: Int64 = try rows.value(0, "count")
            #expect(count == 7)
            #expect(throws: UnreadableRow.self) { try rows.value(0, "elsewhere", as: Int64?.self) }
        }
    }

    @Test func `is an error among ids too`() async throws {
        try await withResult("SELECT * FROM (VALUES (1::numeric), (1.5)) AS rows (id)") { result in
            #expect(throws: UnreadableRow.self) { try result.ids(of: Depot.schema) }
        }
    }
}
