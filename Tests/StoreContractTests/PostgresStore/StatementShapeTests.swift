import EventLoop
import Foundation
import LarderTesting
import Model
import TestDomain
import Testing

@testable import Postgres
@testable import PostgresStore

/// Clients choose the filters and the order of a list, and so the texts of statements. Any number of them do no harm to a
/// connection: not to what they ask, not to the program's own statements.
///
/// `LARDER_TEST_SHAPES` is how many are tried, 1,500 if it is not set.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Statements of clients' making` {
    private static let shapes = ProcessInfo.processInfo.environment["LARDER_TEST_SHAPES"].flatMap { Int($0) } ?? 1_500

    @Test func `never end a connection, fail a read, or take the place of the program's own`() async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.declared(testDeclarations), connections: 1, on: loop) { pool, _ in
                let bench = Bench(SQLStore(pool, testDeclarations.schemas), on: loop)
                var random = SeededNumbers(seed: 1)
                for entity in testDeclarations.entities { try await Self.useAll(entity, bench) }
                let before = try await Self.prepared(pool)
                #expect(before.count > testDeclarations.entities.count)
                for number in 1...Self.shapes {
                    try await Self.askSomething(testDeclarations.entities.randomElement(using: &random)!, bench, &random)
                    guard number % 500 == 0 else { continue }
                    for entity in testDeclarations.entities { try await Self.useAll(entity, bench) }
                }
                // The same, of the same moment: none was ever prepared again.
                let after = try await Self.prepared(pool)
                #expect(before.allSatisfy { after[$0.key] == $0.value })
                let room = pool.configuration.preparedStatements + SessionMachine.closingBatch
                #expect(after.count <= before.count + room)
                #expect(pool.statistics.opened == 1)
            }
        }
    }

    /// What runs whatever clients ask: reads of one row, alone and in a snapshot, and a write.
    private static func useAll<E: Entity>(_ entity: E.Type, _ bench: Bench) async throws {
        let id = ID<E>(SampleRows.id(1, of: E.schema))!
        _ = try await bench.find(id)
        _ = try await bench.find(id, Projection(parts: E.schema.allParts))
        try await bench.write { _ = try await $0.find(id) }
    }

    /// A list or a count that nobody asked for before, most likely.
    private static func askSomething<E: Entity>(
        _ entity: E.Type, _ bench: Bench, _ random: inout SeededNumbers
    ) async throws {
        let columns = E.schema.columns
        func filter(_ column: Int) -> Query.Filter {
            let comparison = Query.Comparison.allCases.filter { $0 != .contains || columns[column].kind == .text }
                .randomElement(using: &random)!
            let value = columns[column].kind.someValue
            return Query.Filter(column, comparison, comparison == .isNull || comparison == .isNotNull ? [] : [value])
        }
        let order = columns.indices.shuffled(using: &random).prefix(Int.random(in: 0...5, using: &random))
        var query = Query(
            of: E.schema,
            filters: (0..<Int.random(in: 0...4, using: &random)).map { _ in filter(columns.indices.randomElement(using: &random)!)
            },
            sort: order.map { Query.SortKey(column: $0, isDescending: Bool.random(using: &random)) })
        query.countsExactly = Int.random(in: 0..<4, using: &random) == 0
        if Int.random(in: 0..<4, using: &random) == 0 { query.projection.parts = E.schema.allParts }
        if Bool.random(using: &random) {
            query.cursor = query.cursor(after: testDeclarations.samples.row(1, of: E.schema, at: .now))
        }
        _ = try await bench.list(query)
    }

    /// When the connection prepared what, by its text.
    private static func prepared(_ pool: PostgresPool) async throws -> [String: String] {
        let select = Statement(
            .unprepared("SELECT statement, prepare_time::text FROM pg_prepared_statements ORDER BY prepare_time DESC"))
        let result = try await pool.run(select, deadline: pool.loop.now + 10_000, access: .readOnly)
        return Dictionary((0..<result.rows).map { (result.string($0, 0)!, result.string($0, 1)!) }) { first, _ in first }
    }
}

extension Kind {
    fileprivate var someValue: Value {
        switch self {
        case .bool: .bool(true)
        case .integer: .integer(7)
        case .money: .money(Money(cents: 1_234))
        case .text: .text("text")
        case .day: .day(Day(number: 12_000))
        case .timestamp: .timestamp(Timestamp(microseconds: 1_600_000_000_000_000))
        case .uuid: .uuid(.v7())
        case .moneySum: preconditionFailure("nothing of the kind is stored")
        }
    }
}
