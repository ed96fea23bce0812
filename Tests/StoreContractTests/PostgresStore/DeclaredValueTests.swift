import EventLoop
import LarderTesting
import Model
import Postgres
import TestDomain
import Testing

@testable import PostgresStore

/// What the tables keep out, and what becomes of a row that was written past the service before they did.
@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `A value that its declaration does not allow` {
    private func withStore(_ body: @escaping @Sendable (Bench, PostgresPool) async throws -> Void) async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.declared(testDeclarations), on: loop) { pool, _ in
                try await body(Bench(SQLStore(pool, testDeclarations.schemas), on: loop), pool)
            }
        }
    }

    private static func run(_ sql: String, _ pool: PostgresPool) async throws {
        _ = try await pool.run(Statement(.unprepared(sql)), deadline: pool.loop.now + 10_000)
    }

    // MARK: What is kept out

    /// Values that break a declaration, in SQL.
    private static func breaking(_ field: Column) -> [String] {
        let rules = field.rules
        if field.choices != nil { return ["'elsewhere'", "''"] }
        switch field.kind {
        case .integer: return rules.range.map { ["\($0.lowerBound - 1)", "\($0.upperBound + 1)"] } ?? []
        case .text:
            let length = rules.length!
            return ["repeat('x', \(length.upperBound + 1))"] + (length.lowerBound > 0 ? ["''"] : [])
                + (rules.isEmail ? ["'nobody'", "'a@b@c'", "'@example.org'"] : [])
        case .money:
            guard let bounds = rules.amount else { return ["'NaN'"] }
            let below = Money(cents: bounds.lowerBound.cents - 1)
            let above = bounds.upperBound < Money.limit ? ["\(Money(cents: bounds.upperBound.cents + 1))"] : []
            return ["'NaN'", "\(below)"] + above
        case .day, .timestamp: return times
        case .bool, .uuid, .moneySum: return []
        }
    }

    private static let times = ["'infinity'", "'-infinity'", "'20000-01-01'", "'10000-01-01'", "'0044-03-15 BC'"]

    private static func expectRefused(_ column: String, of table: String, _ values: [String], _ pool: PostgresPool) async {
        for value in values {
            let error = await failure { try await run("UPDATE \(table) SET \(column) = \(value)", pool) } as? PostgresError
            #expect(error?.sqlState == .checkViolation, "\(table).\(column) = \(value)")
            #expect(error?.constraint == "\(table)_\(column)_check")
        }
    }

    @Test(arguments: EntityUnderTest.all)
    func `is kept out by a constraint that has the field's name`(entity: EntityUnderTest) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench, _ pool: PostgresPool) async throws {
            let row = try await bench.write { try await bench.samples.row(of: E.self, in: $0) }
            for field in E.schema.fieldColumns {
                await Self.expectRefused(field.name, of: E.resource, Self.breaking(field), pool)
            }
            for column in ["created_at", "updated_at"] { await Self.expectRefused(column, of: E.resource, Self.times, pool) }
            #expect(try await bench.find(row.id).text == text(row))
        }
        try await withStore { try await check(entity.type, $0, $1) }
    }

    @Test func `is kept out of the parts of shipments`() async throws {
        try await withStore { bench, pool in
            _ = try await Yard(bench, crates: 1).load([(0, 1)], bench)
            for field in Shipment.parts.allColumns {
                await Self.expectRefused(field.name, of: Shipment.parts.table, Self.breaking(field), pool)
            }
        }
    }

    /// The service checks before, so these are rules that a database has beside the declarations.
    @Test func `is named by its field when the database alone refuses it`() async throws {
        try await withStore { bench, pool in
            try await Self.run("ALTER TABLE depots ADD CONSTRAINT depots_name_check1 CHECK (name <> 'b')", pool)
            try await Self.run("ALTER TABLE depots DROP CONSTRAINT depots_name_check", pool)
            try await Self.run("ALTER TABLE depots ADD CONSTRAINT depots_name_check CHECK (name <> 'a')", pool)
            for (name, pointer, rule) in [("a", "/name", "depots_name_check"), ("b", "", "depots_name_check1")] {
                let problem = FieldProblem(pointer: pointer, detail: "breaks the rule \"\(rule)\" of the database")
                try await bench.write(fails: .invalid([problem])) { unit in
                    var depot = Depot()
                    depot.name = name
                    _ = try await unit.insert(depot)
                }
            }
        }
    }

    // MARK: What came in

    /// What cannot be read at all. What is only out of bounds is read as it is.
    private static func unreadable(_ column: Column) -> [String] {
        if column.choices != nil { return ["'elsewhere'"] }
        switch column.kind {
        case .money: return ["'NaN'"]
        case .day, .timestamp: return times
        default: return []
        }
    }

    private static func dropConstraints(of table: String, _ pool: PostgresPool) async throws {
        try await run(
            """
            DO $$ DECLARE name text; BEGIN
            FOR name IN SELECT conname FROM pg_constraint WHERE contype = 'c' AND conrelid = '\(table)'::regclass
            LOOP EXECUTE format('ALTER TABLE \(table) DROP CONSTRAINT %I', name); END LOOP; END $$
            """, pool)
    }

    /// Runs `body` for each column that can hold what cannot be read, with a row that does.
    private func withUnreadable(
        _ entity: EntityUnderTest,
        _ body: @escaping @Sendable (any UnreadableCase) async throws -> Void
    ) async throws {
        @Sendable func check<E: Entity>(_ entity: E.Type, _ bench: Bench, _ pool: PostgresPool) async throws {
            try await Self.dropConstraints(of: E.resource, pool)
            for column in E.schema.columns {
                for value in Self.unreadable(column) {
                    let (row, other) = try await bench.write { unit in
                        (try await bench.samples.row(of: E.self, in: unit), try await bench.samples.row(of: E.self, in: unit))
                    }
                    let id = row.id.value.text!
                    try await Self.run("UPDATE \(E.resource) SET \(column.name) = \(value) WHERE id = '\(id)'", pool)
                    try await body(Unreadable(bench: bench, column: column, row: row, other: other))
                    try await Self.run("DELETE FROM \(E.resource) WHERE id = '\(id)'", pool)
                }
            }
        }
        try await withStore { try await check(entity.type, $0, $1) }
    }

    @Test(arguments: EntityUnderTest.all)
    func `is named by reads of its row and of lists, and by no others`(entity: EntityUnderTest) async throws {
        try await withUnreadable(entity) { try await $0.expectNamed() }
    }

    @Test(arguments: EntityUnderTest.all)
    func `is mended by a new value for the row`(entity: EntityUnderTest) async throws {
        try await withUnreadable(entity) { try await $0.expectMended(byImport: false) }
    }

    @Test(arguments: EntityUnderTest.all)
    func `is mended by an import of the row`(entity: EntityUnderTest) async throws {
        try await withUnreadable(entity) { try await $0.expectMended(byImport: true) }
    }

    @Test(arguments: EntityUnderTest.all)
    func `goes with its row`(entity: EntityUnderTest) async throws {
        try await withUnreadable(entity) { try await $0.expectDeleted() }
    }

    @Test func `is named by a view of it`() async throws {
        try await withStore { bench, pool in
            let yard = try await Yard(bench, crates: 1)
            _ = try await yard.load([(0, 1)], bench)
            for (column, value) in [("leaves_on", "'infinity'"), ("total", "'NaN'")] {
                try await Self.dropConstraints(of: "shipments", pool)
                try await Self.run("UPDATE shipments SET \(column) = \(value)", pool)
                let error =
                    await failure { _ = try await bench.view(CarrierLoad.view, of: yard.carrier.id.value) } as? UnreadableRow
                #expect(error == UnreadableRow(resource: "shipments", id: "1", field: column))
                try await Self.run("UPDATE shipments SET leaves_on = '2024-01-01', total = 1", pool)
            }
        }
    }
}

/// What `body` fails with.
private func failure(_ body: () async throws -> Void) async -> (any Error)? {
    do { try await body() } catch { return error }
    return nil
}

/// A row with a column that cannot be read, and what is to hold for it.
private protocol UnreadableCase {
    func expectNamed() async throws
    func expectMended(byImport: Bool) async throws
    func expectDeleted() async throws
}

private struct Unreadable<E: Entity>: UnreadableCase {
    let bench: Bench
    let column: Column
    let row: Stored<E>
    /// A row beside it with nothing wrong.
    let other: Stored<E>

    private var error: UnreadableRow { UnreadableRow(resource: E.resource, id: row.id.description, field: column.name) }

    func expectNamed() async throws {
        let failures = [
            await failure { _ = try await bench.find(row.id) }, await failure { _ = try await bench.list(Query(of: E.schema)) },
            await failure { try await bench.write { _ = try await $0.find(row.id) } },
            await failure { try await bench.write { _ = try await $0.list(E.self, limit: 200) } },
        ]
        #expect(failures.map { $0 as? UnreadableRow } == [error, error, error, error])
        #expect(try await bench.find(other.id).text == text(other))
        #expect(try await bench.write { try await $0.find(other.id) }.map(text) == text(other))
        // In one turn of the loop, both are read by one statement.
        var results: [String?] = []
        let errors = await bench.concurrently([
            { _ = try await bench.find(row.id) }, { results.append(try await bench.find(other.id).text) },
        ])
        #expect(errors.map { $0 as? UnreadableRow } == [error])
        #expect(results == [text(other)])
    }

    func expectMended(byImport isImport: Bool) async throws {
        try await bench.write { unit in
            if isImport {
                try await unit.upsert([(row.id, row.value)])
            } else {
                let found = try #require(try await unit.find([row.id.value], of: E.schema).first)
                #expect(found.unreadable == [E.schema.position(of: column.name)!])
                let mended = try await unit.update([(found, row.value.values)], of: E.schema)[0]
                #expect(mended.version == row.version + 1 && mended.unreadable.isEmpty)
            }
            #expect(unit.touched.contains(E.tag(of: row.id)))
        }
        let mended = try #require(try await bench.write { try await $0.find(row.id) })
        #expect(E.fields.map { $0.value(of: mended.value) } == E.fields.map { $0.value(of: row.value) })
        #expect(try await bench.find(row.id).text == text(mended))
        #expect(mended.createdAt <= mended.updatedAt)
    }

    func expectDeleted() async throws {
        try await bench.write {
            try await $0.delete(try #require(try await $0.find([row.id.value], of: E.schema).first), of: E.schema)
        }
        #expect(try await bench.find(row.id).text == nil)
    }
}
