import Testing

@testable import Migrator

@Suite struct `An interrupted migration` {
    private static let contents = [
        "0001_a.sql": "-- migrate:up\nCREATE TABLE items (a int);\n-- migrate:down\nDROP TABLE items;",
        "0002_b.sql": "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY Items_a ON items (a);\n"
            + "-- migrate:down transaction:false\nDROP INDEX CONCURRENTLY items_a;",
        "0003_c.sql": "-- migrate:up\nC;",
    ]

    private func planner(
        _ state: AppliedMigration.State, _ invalid: [InvalidIndex] = [], otherRunner: Int64? = nil
    ) throws -> MigrationPlanner {
        let all = try files(Self.contents)
        let history = MigrationHistory(
            applied: [all[0].row(), all[1].row(state)], invalidIndexes: invalid, otherRunner: otherRunner)
        return MigrationPlanner(files: all, history: history)
    }

    private static let began =
        "0002_b.sql, which runs without a transaction, was begun at 2026-01-02T03:04:05Z and has not finished"
    private static let beganDown = "0002_b.sql: its down part, which runs without a transaction, was begun and has not finished"

    @Test(arguments: [MigrationCommand.up(), .down(), .downTo(.none), .redo])
    func `stops everything, and is explained`(_ command: MigrationCommand) throws {
        let error = try #require(throws: MigrationError.self) { try planner(.started).plan(command) }
        #expect(error.kind == .refused)
        #expect(
            error.sentences == [
                Self.began
                    + "; look in the database: if all of it is there, run `larder migrate baseline 0002`, else undo what is "
                    + "there of it and run `larder migrate up --retry`"
            ])
        let downError = try #require(throws: MigrationError.self) { try planner(.reverting).plan(command) }
        #expect(
            downError.sentences == [
                Self.beganDown
                    + "; look in the database: if all is undone, run `DELETE FROM larder_migrations WHERE version = 2`, "
                    + "else `larder migrate down --retry`"
            ])
    }

    @Test func `is explained by the invalid indexes that it left`() throws {
        let invalid = [
            InvalidIndex(index: "items_a", table: "items"), InvalidIndex(index: "app.\"items_B_idx\"", table: "app.\"Items\""),
            InvalidIndex(index: "others_a", table: "others"),
        ]
        let drops = "`DROP INDEX CONCURRENTLY items_a`, `DROP INDEX CONCURRENTLY app.\"items_B_idx\"`"
        #expect(
            try planner(.started, invalid).problems.map(\.description) == [
                Self.began + "; it left an index that pg_index calls invalid: run \(drops), then `larder migrate up --retry`"
            ])
        #expect(
            try planner(.reverting, invalid).problems.map(\.description) == [
                Self.beganDown
                    + "; it left an index that pg_index calls invalid: run \(drops), then `larder migrate down --retry`"
            ])
    }

    @Test(arguments: [AppliedMigration.State.started, .reverting])
    func `is begun again, in either direction, or accepted as it is`(_ state: AppliedMigration.State) throws {
        let planner = try planner(state)
        #expect(try planner.plan(.up(retry: true)).summary == ["0002 up", "0003 up"])
        #expect(try planner.plan(.down(retry: true)).summary == ["0002 down"])
        #expect(try planner.plan(.downTo(.none, retry: true)).summary == ["0002 down", "0001 down"])
        #expect(try planner.plan(.baseline(2)).summary == ["0002 baseline"])
    }

    @Test func `is not one while another runner works on it`() throws {
        let planner = try planner(.started, otherRunner: 42)
        for command in [MigrationCommand.up(retry: true), .down(retry: true), .redo, .baseline(2)] {
            let error = #expect(throws: MigrationError.self) { try planner.plan(command) }
            #expect(
                error?.sentences == ["0002_b.sql is being worked on by another migration (pid 42); wait until it has ended"])
        }
        #expect(planner.statuses.map(\.state) == [.applied, .underWay, .pending])
    }

    @Test func `may have been corrected meanwhile`() throws {
        let all = try files(Self.contents)
        let history = MigrationHistory(applied: [all[0].row(), all[1].row(.started, checksum: "0")])
        let planner = MigrationPlanner(files: all, history: history)
        #expect(try planner.plan(.up(retry: true)).summary == ["0002 up", "0003 up"])
    }
}
