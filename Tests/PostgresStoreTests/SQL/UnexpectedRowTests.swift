import Domain
import Testing

@testable import PostgresStore

/// What a statement returns is taken as it is or refused: no value stands for one that cannot be read.
@Suite struct `A value that cannot be read` {
    @Test func `is an error, and NULL is one where it cannot be`() async throws {
        try await TestDatabase.withConnection { connection in
            let result = try await connection.run(Statement("SELECT 'NaN'::numeric AS total, NULL AS nothing, 7 AS count"))
            let total = #expect(throws: UnreadableRow.self) { try result.optional(0, 0, of: "orders") { MoneySum($0) } }
            #expect(total?.description.contains("one of the orders holds a value in total") == true)
            #expect(throws: UnreadableRow.self) { try result.required(0, 1, of: "orders") { MoneySum($0) } }
            #expect(try result.optional(0, 1, of: "orders") { MoneySum($0) } == nil)
            #expect(try result.required(0, 2, of: "orders") { Int64($0) } == 7)
        }
    }

    @Test func `is an error among ids too`() async throws {
        try await TestDatabase.withConnection { connection in
            let result = try await connection.run(Statement("SELECT * FROM (VALUES (1::numeric), (1.5)) AS rows (id)"))
            #expect(throws: UnreadableRow.self) { try EntitySQL<Category>().ids(result) }
        }
    }
}
