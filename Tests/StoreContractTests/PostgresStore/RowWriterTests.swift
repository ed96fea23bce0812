import EventLoop
import LarderTesting
import Model
import Postgres
import TestDomain
import Testing

@testable import PostgresStore

/// Rows that PostgreSQL sends, as they are written from its bytes.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Rows from the wire` {
    /// Has every kind, with null and without.
    private struct Everything: Entity {
        typealias Key = UUID

        enum Choice: String, Model.Choice {
            case plain
            case odd = "\"od\u{1F956}d\\"
        }

        var bool = false
        var maybeBool: Bool?
        var integer: Int64 = 0
        var maybeInteger: Int64?
        var text = ""
        var maybeText: String?
        var choice = Choice.plain
        var maybeChoice: Choice?
        var money = Money(cents: 0)
        var maybeMoney: Money?
        var day = Day(number: 0)
        var maybeDay: Day?
        var time = Timestamp(microseconds: 0)
        var maybeTime: Timestamp?
        var other = UUID.zero
        var maybeOther: UUID?

        static let resource = "everything"
        static let singular = "thing"
        static let fields: [Field<Everything>] = [
            Field("bool", \.bool), Field("maybe_bool", \.maybeBool), Field("integer", \.integer),
            Field("maybe_integer", \.maybeInteger), Field("text", \.text, .length(0...100)),
            Field("maybe_text", \.maybeText, .length(0...100_000)), Field("choice", \.choice),
            Field("maybe_choice", \.maybeChoice), Field("money", \.money), Field("maybe_money", \.maybeMoney),
            Field("day", \.day), Field("maybe_day", \.maybeDay), Field("time", \.time), Field("maybe_time", \.maybeTime),
            Field("other", \.other), Field("maybe_other", \.maybeOther),
        ]
        static let schema = Schema(of: Everything.self)
    }

    /// A value of a column, often an extreme one.
    private static func value(of column: Column, _ random: inout SeededNumbers) -> Value {
        if column.isOptional, Int.random(in: 0..<3, using: &random) == 0 { return .null }
        if let choices = column.choices { return .text(choices.randomElement(using: &random)!) }
        let extremes: [Int64] = [.min, .min + 1, -1, 0, 1, .max]
        switch column.kind {
        case .bool: return .bool(.random(using: &random))
        case .integer:
            let any = Int64.random(in: .min ... .max, using: &random) >> Int64.random(in: 0...63, using: &random)
            return .integer(Bool.random(using: &random) ? any : extremes.randomElement(using: &random)!)
        case .money:
            let any = Int64.random(in: -Money.limit.cents...Money.limit.cents, using: &random)
            return .money(
                Money(cents: [any, any % 100, Money.limit.cents, -Money.limit.cents, 0].randomElement(using: &random)!))
        case .day:
            let ends: ClosedRange<Int32> = -719_162...2_932_896
            return .day(
                Day(number: [.random(in: ends, using: &random), ends.lowerBound, ends.upperBound].randomElement(using: &random)!))
        case .timestamp:
            let ends: ClosedRange<Int64> = -62_135_596_800_000_000...253_402_300_799_999_999
            let any = Int64.random(in: ends, using: &random)
            let times = [any, any - any % 1_000, any - any % 1_000_000, ends.lowerBound, ends.upperBound]
            return .timestamp(Timestamp(microseconds: times.randomElement(using: &random)!))
        case .uuid: return .uuid([.v7(), .zero].randomElement(using: &random)!)
        case .text, .moneySum:
            let length = [0, 1, 7, 8, 9, 40].randomElement(using: &random)!
            return .text((0..<length).map { _ in Samples.difficult.randomElement(using: &random)! }.joined())
        }
    }

    /// Has the server send rows, with the types of the columns but those that are named.
    private func send(
        _ rows: [[Value]], types: [String: String] = [:], _ body: @escaping @Sendable (PostgresResult) throws -> Void
    ) async throws {
        let columns = Everything.schema.columns
        let arrays = columns.enumerated().map { "$\($0 + 1)::\(types[$1.name] ?? $1.kind.sqlType)[]" }
        let statement = Statement(
            .unprepared("SELECT * FROM unnest(\(arrays.joined(separator: ", "))) AS rows (\(Everything.schema.sqlColumns))"),
            columns.indices.map { column in ArrayLiteral.encode(values: rows.map { $0[column] }) })
        try await LoopPool.shared.run { loop in
            let connection = try await PostgresConnection.connect(try PostgresConfiguration(TestServers.postgres()), on: loop)
            defer { connection.close() }
            try body(try await connection.run(statement, deadline: loop.now + 30_000))
        }
    }

    private static func written(_ result: PostgresResult, _ row: Int, _ projection: Projection) throws -> String? {
        text(
            of: try Encoded.row { json in try RowWriter(RowPlan(Everything.schema), projection).write(result, row, to: &json) })
    }

    private static func text(of encoded: Encoded?) -> String? {
        encoded.map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    @Test(arguments: 1...6)
    func `look as their values do, whatever these are and whichever are shown`(seed: UInt64) async throws {
        var random = SeededNumbers(seed: seed)
        let columns = Everything.schema.columns
        let rows = (0..<200).map { _ in columns.map { Self.value(of: $0, &random) } }
        let projections =
            [.whole]
            + (0..<4).map { _ in
                Projection(columns: columns.indices.filter { _ in Bool.random(using: &random) })
            }
        try await send(rows) { result in
            #expect(result.rows == rows.count)
            for (index, values) in rows.enumerated() {
                for projection in projections {
                    let expected = Encoded.row { $0.members(of: Row(values), Everything.schema, projection) }
                    #expect(try Self.written(result, index, projection) == Self.text(of: expected))
                }
                let read = try result.row(index, of: Everything.schema)
                #expect(read.values == values)
            }
        }
    }

    @Test(arguments: [
        ("integer", "numeric", "9223372036854775808"), ("integer", "bigint", nil), ("bool", "boolean", nil),
        ("text", "text", nil), ("choice", "text", "elsewhere"), ("maybe_choice", "text", ""), ("money", "numeric", "NaN"),
        ("maybe_money", "numeric", "-Infinity"), ("money", "numeric", "1.005"), ("day", "date", "infinity"),
        ("maybe_day", "date", "0044-03-15 BC"), ("day", "date", "10000-01-01"), ("time", "timestamptz", "-infinity"),
        ("maybe_time", "timestamptz", "0044-03-15 BC"), ("created_at", "timestamptz", "infinity"), ("version", "bigint", nil),
        ("other", "uuid", nil),
    ])
    func `name the row and the field that cannot be read, be it shown or not`(
        column: String, type: String, text: String?
    ) async throws {
        var random = SeededNumbers(seed: 7)
        let columns = Everything.schema.columns
        let position = try #require(Everything.schema.position(of: column))
        var rows = (0..<3).map { _ in columns.map { Self.value(of: $0, &random) } }
        rows[1][position] = text.map(Value.text) ?? .null
        let broken = rows[1][0]
        try await send(rows, types: [column: type]) { result in
            let error = UnreadableRow(resource: "everything", id: broken.text, field: column)
            for projection in [.whole, Projection(columns: [0]), Projection(columns: [position])] {
                #expect(throws: error) { try Self.written(result, 1, projection) }
                for other in [0, 2] { _ = try Self.written(result, other, projection) }
            }
            #expect(throws: error) { try result.row(1, of: Everything.schema) }
            let unreadable = result.rowToReplace(1, of: Everything.schema).unreadable
            #expect(unreadable == [position])
        }
    }
}
