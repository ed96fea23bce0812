import EventLoop
import LarderTesting
import Model
import Postgres
import TestDomain
import Testing

@testable import PostgresStore

/// What the database sends for a page of long rows.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `The database` {
    @Test func `sends no more of long rows than fill a page`() async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.declared(testDeclarations), on: loop) { pool, _ in
                let bench = Bench(SQLStore(pool, testDeclarations.schemas), on: loop)
                let ids = try await bench.write { unit in
                    var ids: [ID<Report>] = []
                    for _ in 0..<40 {
                        var report = try await bench.samples.value(of: Report.self, in: unit)
                        report.body = String(repeating: "x", count: 100_000)
                        ids.append(try await unit.insert(report).id)
                    }
                    return ids
                }
                func bytes(_ statement: Statement) async throws -> Int {
                    let result = try await pool.run(statement, deadline: bench.deadline)
                    return (0..<result.rows).reduce(0) { sum, row in
                        (0..<result.columns).reduce(sum) { $0 + (result.string(row, $1)?.utf8.count ?? 0) }
                    }
                }
                let table = TableSQL(Report.schema)
                let most = PageLimits.maximumBytes + 2 * 101_000
                var query = Query(of: Report.schema, limit: 200)
                #expect(try await bytes(QuerySQL.page(query, table)) <= most)
                query.projection = Projection(columns: [0, 1])
                #expect(try await bytes(QuerySQL.page(query, table)) <= 40 * 1_000)
                let list = ArrayLiteral.encode(ids.map { $0.value.sqlText })
                #expect(try await bytes(Statement(table.findFirst, [list])) <= most)
            }
        }
    }

    @Test func `is not confused by what a declaration calls its tables and their columns`() async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.declared(Declarations(entities: [Place.self])), on: loop) { pool, _ in
                func run(_ statement: Statement) async throws -> PostgresResult {
                    try await pool.run(statement, deadline: loop.now + 10_000)
                }
                let bench = Bench(SQLStore(pool, [Place.schema]), on: loop)
                let ids = try await bench.write { unit in
                    var ids: [ID<Place>] = []
                    for number in Int64(1)...3 {
                        var place = Place()
                        place.place = 10 - number
                        ids.append(try await unit.insert(place).id)
                    }
                    return ids
                }
                let table = TableSQL(Place.schema)
                let first = try await run(Statement(table.findFirst, [ArrayLiteral.encode(ids.map { $0.value.sqlText })]))
                #expect(first.rows == 3)
                for name in ["id", "place", "bytes_before", "wanted", "list", "page", "rows"] {
                    let key = Query.SortKey(column: Place.schema.position(of: name)!, isDescending: true)
                    let query = Query(of: Place.schema, filters: [Place.schema.filter("list", .equal, .integer(0))], sort: [key])
                    #expect(try await run(QuerySQL.page(query, table)).rows == 3)
                }
                for (value, isChange) in [(1, true), (2, true), (2, false)] as [(Int64, Bool)] {
                    let part = OwnedRow(owner: ids[0].value, position: 1, values: [.integer(value)])
                    try await bench.write { unit in
                        try await unit.upsert([part], into: Place.owned[0], of: Place.schema)
                        #expect(unit.touched.isEmpty != isChange)
                        #expect(try await unit.owned(Place.owned[0], by: [part.owner], of: Place.schema) == [part])
                    }
                }
            }
        }
    }
}

/// Its names are those that statements could have for parts of their own.
private struct Place: Entity {
    typealias Key = Int64

    var place: Int64 = 0
    var bytesBefore: Int64 = 0
    var wanted: Int64 = 0
    var list: Int64 = 0
    var page: Int64 = 0
    var rows: Int64 = 0
    var text = "x"

    static let resource = "wanted"
    static let singular = "place"
    static let fields: [Field<Place>] = [
        Field("place", \.place),
        Field("bytes_before", \.bytesBefore),
        Field("wanted", \.wanted),
        Field("list", \.list),
        Field("page", \.page),
        Field("rows", \.rows),
        Field("text", \.text, .length(0...100_000)),
    ]
    static let owned = [
        OwnedRows("parts", of: Part.self, table: "excluded", owner: ("former", Place.self), position: "n")
    ]
    static let schema = Schema(of: Place.self)

    struct Part: Record {
        var excluded: Int64 = 0
        static let fields: [Field<Part>] = [Field("excluded", \.excluded)]
    }
}
