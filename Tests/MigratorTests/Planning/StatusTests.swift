import Testing

@testable import Migrator

@Suite struct `The state of migrations` {
    private let all: [MigrationFile]
    private let planner: MigrationPlanner

    init() throws {
        all = try files(tables(1, 2, 3, 4, 5, 6, 7))
        let applied = [
            all[0].row(), all[1].row(checksum: "0"), all[2].row(), all[4].row(), all[5].row(.started),
        ]
        planner = MigrationPlanner(
            files: all.filter { $0.version != 3 }, history: MigrationHistory(applied: applied))
    }

    @Test func `is told one by one`() {
        let statuses = planner.statuses
        #expect(statuses.map(\.version) == all.map(\.version))
        #expect(statuses.map(\.fileName) == all.map(\.fileName))
        #expect(
            statuses.map(\.state) == [.applied, .edited, .missing, .outOfOrder, .applied, .interrupted, .pending])
        #expect(statuses.map(\.isPending) == [false, false, false, true, false, true, true])
        #expect(statuses.map(\.milliseconds) == [12, 12, 12, nil, 12, nil, nil])
        #expect(statuses.map { $0.appliedAt == nil } == [false, false, false, true, false, false, true])
    }

    @Test func `has names for programs`() {
        #expect(
            MigrationStatus.State.allCases.map(\.rawValue) == [
                "applied", "pending", "out-of-order", "edited", "missing", "interrupted", "under-way",
            ])
    }

    @Test func `shows all problems at once, in the order of their numbers`() {
        let beginnings = planner.problems.map { String($0.description.prefix(30)) }
        #expect(
            beginnings == [
                "0002_t2.sql was changed after ", "0003_t3.sql was applied at 202", "0004_t4.sql is not applied, bu",
                "0006_t6.sql, which runs withou",
            ])
    }

    @Test func `does not take a file for missing that cannot be understood`() {
        var planner = planner
        planner.unreadable = [3]
        #expect(!planner.problems.contains { if case .missingFile = $0 { true } else { false } })
    }
}

@Suite struct `The SQL of a plan` {
    @Test func `shows the transactions`() throws {
        let all = try files([
            "0001_a.sql": "-- migrate:up\nA;\n-- b\nB -- end\n", "0002_b.sql": "-- migrate:up transaction:false\nC;\n",
            "0003_c.sql": "-- migrate:up\nX;\n-- migrate:down\nD;\n",
        ])
        let plan = MigrationPlan([
            MigrationStep(action: .up, file: all[0]), MigrationStep(action: .up, file: all[1]),
            MigrationStep(action: .down, file: all[2]), MigrationStep(action: .baseline, file: all[2]),
        ])
        #expect(
            plan.script == """
                -- 0001_a.sql: up
                BEGIN;
                A;
                -- b
                B -- end
                ;
                COMMIT;

                -- 0002_b.sql: up, without a transaction
                C;

                -- 0003_c.sql: down
                BEGIN;
                D;
                COMMIT;

                -- 0003_c.sql: marked as applied, not run
                """)
    }
}
