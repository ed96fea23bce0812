import CacheCoordinator
import EventLoop
import LarderTesting
import Postgres
import TestDomain
import Testing

@testable import Model
@testable import PostgresStore

@Suite(.enabled(if: TestServers.havePostgres, "the environment names no PostgreSQL"))
struct `Triggers for other writers` {
    /// What was published since the last time.
    private final class Ear {
        var messages: [String] = []

        func take() -> (tags: Set<Tag>, hasAll: Bool) {
            defer { messages = [] }
            var tags: Set<Tag> = []
            var hasAll = false
            for case .changed(_, let changed) in messages.compactMap(CacheMessage.init) {
                if let changed { tags.formUnion(changed) } else { hasAll = true }
            }
            return (tags, hasAll)
        }
    }

    /// Installs the triggers, writes three rows of each resource, and listens.
    private func withSamples(
        _ body: @escaping @Sendable (_ store: SQLStore, _ connection: PostgresConnection, _ ear: Ear) async throws -> Void
    ) async throws {
        try await LoopPool.shared.run { loop in
            try await withPostgres(.declared(testDeclarations), on: loop) { pool, configuration in
                let connection = try await PostgresConnection.connect(configuration, on: loop)
                defer { connection.close() }
                let outcome = try await ChangeTriggers(testDeclarations.schemas).install(
                    on: connection, deadline: loop.now + 20_000)
                #expect(outcome.refusals.isEmpty)
                let store = SQLStore(pool, testDeclarations.schemas)
                let samples = SampleRows(testDeclarations.words) { _ in 3 }
                for schema in testDeclarations.schemas {
                    try await store.write(deadline: loop.now + 10_000) { unit in
                        try await unit.upsert(
                            (1...3).map { (SampleRows.id($0, of: schema), samples.fields($0, of: schema)) }, into: schema)
                        for owned in schema.owned {
                            let rows = (1...3 as ClosedRange<Int64>).map { number in
                                OwnedRow(
                                    owner: SampleRows.id(number, of: schema), position: 1,
                                    values: samples.values(number, of: owned.columns, owned.table))
                            }
                            try await unit.upsert(rows, into: owned, of: schema)
                        }
                    }
                }
                let ear = Ear()
                connection.onNotification = { ear.messages.append($0.payload) }
                try await connection.simpleQuery(
                    "DO $$ BEGIN EXECUTE 'LISTEN larder_' || current_schema()::regnamespace::oid; END $$")
                try await body(store, connection, ear)
            }
        }
    }

    @Test func `publish for each row the tags that a write of the service touches`() async throws {
        try await withSamples { store, connection, ear in
            for schema in testDeclarations.schemas {
                try await connection.simpleQuery("UPDATE \(schema.resource) SET version = version + 1")
                let rows = try await store.run(
                    [Statement(.unprepared("SELECT \(schema.sqlColumns) FROM \(schema.resource)"))],
                    deadline: connection.loop.now + 9_000)[0]
                    .rows(of: schema)
                #expect(rows.count == 3)
                let touched = Set(rows.flatMap { schema.tags(touchedBy: $0.id, $0.fields) })
                #expect(ear.take().tags == touched, "\(schema.resource)")
                for owned in schema.owned {
                    try await connection.simpleQuery(
                        "UPDATE \(owned.table) SET \(owned.position.name) = \(owned.position.name) + 1")
                    #expect(ear.take().tags == touched, "\(owned.table)")
                }
            }
        }
    }

    @Test func `publish the parts that a row was in and is in`() async throws {
        try await withSamples { _, connection, ear in
            try await connection.simpleQuery("UPDATE crates SET depot_id = 1 WHERE id = 1")
            _ = ear.take()
            try await connection.simpleQuery("UPDATE crates SET depot_id = 2 WHERE id = 1")
            let names = ["crates:1", "crates", "crates/depot_id=1", "crates/depot_id=2"]
            #expect(ear.take().tags == Set(names.map { Tag($0) }))
            try await connection.simpleQuery(
                "DELETE FROM excluded; UPDATE crates SET inside_id = NULL; DELETE FROM crates WHERE id = 1")
            #expect(ear.take().tags.isSuperset(of: ["crates:1", "crates", "crates/depot_id=2"].map { Tag($0) }))
        }
    }

    @Test func `publish nothing of what the service writes, nor of what is rolled back`() async throws {
        try await withSamples { store, connection, ear in
            try await store.write(deadline: connection.loop.now + 9_000) { unit in
                let schema = testDeclarations.schemas[0]
                let row = try await unit.find([SampleRows.id(1, of: schema)], of: schema)[0]
                try await unit.upsert(
                    [(row.id, SampleRows(testDeclarations.words) { _ in 3 }.fields(9, of: schema))], into: schema)
            }
            try await connection.simpleQuery("BEGIN; UPDATE crates SET stock = 1; ROLLBACK")
            try await connection.simpleQuery("SELECT 1")
            #expect(ear.messages.isEmpty)
        }
    }

    @Test func `say that more than can be listed was changed`() async throws {
        try await withSamples { _, connection, ear in
            try await connection.simpleQuery(
                "INSERT INTO depots (name) SELECT 'many ' || n FROM generate_series(1, 900) AS n")
            let some = ear.take()
            #expect(some.tags.count == 901)
            #expect(!some.hasAll)
            try await connection.simpleQuery(
                "INSERT INTO depots (name) SELECT 'more ' || n FROM generate_series(1, 1000) AS n")
            let many = ear.take()
            #expect(many.tags.isEmpty && many.hasAll)
            try await connection.simpleQuery("TRUNCATE depots CASCADE")
            #expect(ear.take().hasAll)
        }
    }

    @Test func `are installed where they are missing, outdated or disabled, and not again`() async throws {
        try await withSamples { _, connection, _ in
            let triggers = ChangeTriggers(testDeclarations.schemas)
            func install() async throws -> [String] {
                try await triggers.install(on: connection, deadline: connection.loop.now + 9_000).installed
            }
            #expect(try await install() == [])
            try await connection.simpleQuery("DROP TRIGGER larder_changed_insert ON crates")
            try await connection.simpleQuery("ALTER TABLE shipments DISABLE TRIGGER larder_changed_delete")
            try await connection.simpleQuery("COMMENT ON FUNCTION larder_changed_carriers() IS 'another'")
            let reading = { (statement: Statement) async throws(PostgresError) in
                try await connection.run(statement, deadline: connection.loop.now + 9_000, access: .readOnly)
            }
            #expect(try await Set(triggers.missing(reading)) == ["crates", "shipments", "carriers"])
            #expect(try await Set(install()) == ["crates", "shipments", "carriers"])
            #expect(try await triggers.doubts(reading) == [])
        }
    }
}
