import Testing

@testable import Migrator

/// Files, applied rows, a command, and what the planner makes of them.
struct PlanSample: Sendable, CustomTestStringConvertible {
    enum Expectation: Sendable {
        /// `0001 up` and so on.
        case plan([String])
        case refusal(MigrationError.Kind, [String])
    }

    let name: String
    /// The numbers of files with both parts.
    let files: [Int]
    let applied: [Int]
    let command: MigrationCommand
    let expectation: Expectation
    var testDescription: String { name }

    init(_ name: String, _ files: [Int], _ applied: [Int], _ command: MigrationCommand, _ steps: [String]) {
        self.name = name
        self.files = files
        self.applied = applied
        self.command = command
        expectation = .plan(steps)
    }

    init(
        _ name: String, _ files: [Int], _ applied: [Int], _ command: MigrationCommand, _ kind: MigrationError.Kind,
        _ sentences: String...
    ) {
        self.name = name
        self.files = files
        self.applied = applied
        self.command = command
        expectation = .refusal(kind, sentences)
    }

    static let forwards: [PlanSample] = [
        .init("applies all in the order of their numbers", [1, 2, 10], [], .up(), ["0001 up", "0002 up", "0010 up"]),
        .init("applies only what is pending", [1, 2, 3], [1], .up(), ["0002 up", "0003 up"]),
        .init("has nothing to do when all is applied", [1, 2], [1, 2], .up(), []),
        .init("has nothing to do without files", [], [], .up(), []),
        .init("stops at the version that is asked for", [1, 2, 3], [], .up(to: 2), ["0001 up", "0002 up"]),
        .init("has nothing to do up to what is applied", [1, 2, 3], [1, 2], .up(to: 1), []),
        .init(
            "knows the version that is asked for", [1, 2], [], .up(to: 3), .usage, "there is no migration 0003; the last is 0002"),
        .init("knows that there are none", [], [], .up(to: 3), .usage, "there is no migration 0003; the folder has none"),
        .init(
            "stops at files with lower numbers", [1, 2, 3, 4, 6], [1, 4], .up(), .refused,
            """
            0002_t2.sql is not applied, but 0004_t4.sql, which comes after it, is; rename it to 0007_t2.sql, or apply it all \
            the same by `larder migrate up --out-of-order`
            """,
            """
            0003_t3.sql is not applied, but 0004_t4.sql, which comes after it, is; rename it to 0008_t3.sql, or apply it all \
            the same by `larder migrate up --out-of-order`
            """),
        .init(
            "has no number to offer after the last one", [1, 9_999], [9_999], .up(), .refused,
            """
            0001_t1.sql is not applied, but 9999_t9999.sql, which comes after it, is; give it a higher number, or apply it all \
            the same by `larder migrate up --out-of-order`
            """),
        .init("applies them if told to", [1, 2, 4, 6], [1, 4], .up(outOfOrder: true), ["0002 up", "0006 up"]),
        .init("goes on though an applied one has no file", [2, 3], [1, 2], .up(), ["0003 up"]),
    ]

    static let backwards: [PlanSample] = [
        .init("takes the last one back", [1, 2, 3], [1, 2], .down(), ["0002 down"]),
        .init("takes several back, newest first", [1, 2, 3], [1, 2, 3], .down(steps: 2), ["0003 down", "0002 down"]),
        .init("goes back to a version", [1, 2, 3], [1, 2, 3], .downTo(1), ["0003 down", "0002 down"]),
        .init("goes back to the beginning", [1, 2], [1, 2], .downTo(.none), ["0002 down", "0001 down"]),
        .init("has nothing to do when it is there", [1, 2], [1], .downTo(1), []),
        .init("has nothing to do at the beginning", [1, 2], [], .downTo(.none), []),
        .init(
            "goes back only to what is applied", [1, 2, 3], [1, 2], .downTo(3), .usage,
            "0003 is not applied, so there is no way back to it; the last that is applied is 0002"),
        .init(
            "goes nowhere when nothing is applied", [1], [], .downTo(1), .usage,
            "0001 is not applied, so there is no way back to it; none is"),
        .init(
            "takes nothing back when nothing is applied", [1], [], .down(), .refused,
            "no migration is applied, so there is none to be taken back"),
        .init(
            "counts", [1], [1], .down(steps: 2), .refused, "only one migration is applied, so 2 cannot be taken back"),
        .init(
            "counts further", [1, 2], [1, 2], .down(steps: 3), .refused,
            "only 2 migrations are applied, so 3 cannot be taken back"),
        .init("takes at least one back", [1], [1], .down(steps: 0), .usage, "0 steps cannot be taken back; say 1 or more"),
        .init(
            "needs the files, and names all that are missing", [1], [1, 2, 3], .downTo(.none), .refused,
            "0003_t3.sql was applied at 2026-01-02T03:04:05Z and is not in the folder; bring the file back, or use the release that has it",
            "0002_t2.sql was applied at 2026-01-02T03:04:05Z and is not in the folder; bring the file back, or use the release that has it"
        ),
        .init("is not kept by files with lower numbers", [1, 2, 3], [1, 3], .down(), ["0003 down"]),
        .init("does the last one again", [1, 2], [1, 2], .redo, ["0002 down", "0002 up"]),
        .init(
            "does nothing again when nothing is applied", [1], [], .redo, .refused,
            "no migration is applied, so there is none to be taken back"),
    ]

    static let baselines: [PlanSample] = [
        .init("marks all up to a version", [1, 2, 3], [], .baseline(2), ["0001 baseline", "0002 baseline"]),
        .init("agrees with what is applied", [1, 2, 3], [1, 3], .baseline(2), ["0002 baseline"]),
        .init("has nothing to mark", [1, 2], [1, 2], .baseline(2), []),
        .init(
            "marks no version without a file", [1, 2], [], .baseline(3), .usage, "there is no migration 0003; the last is 0002"),
        .init(
            "refuses what is applied and has no file", [2], [1], .baseline(2), .refused,
            "0001_t1.sql was applied at 2026-01-02T03:04:05Z and is not in the folder; bring the file back, or use the release that has it"
        ),
    ]
}

@Suite struct `The planner` {
    @Test(arguments: PlanSample.forwards + PlanSample.backwards + PlanSample.baselines)
    func `plans`(_ sample: PlanSample) throws {
        let all = try files(tables(sample.files + sample.applied))
        let planner = MigrationPlanner(
            files: all.filter { sample.files.contains($0.version.number) },
            history: MigrationHistory(applied: all.filter { sample.applied.contains($0.version.number) }.map { $0.row() }))
        switch sample.expectation {
        case .plan(let steps):
            #expect(try planner.plan(sample.command).summary == steps)
        case .refusal(let kind, let sentences):
            let error = #expect(throws: MigrationError.self) { try planner.plan(sample.command) }
            #expect(error?.kind == kind)
            #expect(error?.sentences == sentences)
        }
    }

    @Test func `warns of an applied migration without a file`() throws {
        let all = try files(tables(1, 2))
        let planner = MigrationPlanner(files: [all[1]], history: MigrationHistory(applied: [all[0].row()]))
        #expect(try planner.plan(.up()).warnings == [.missingFile(all[0].row())])
    }

    @Test func `takes nothing back that has no down part`() throws {
        let all = try files(["0001_a.sql": "-- migrate:up\nA;", "0002_b.sql": "-- migrate:up\nB;\n-- migrate:down\nC;"])
        let planner = MigrationPlanner(files: all, history: MigrationHistory(applied: all.map { $0.row() }))
        #expect(try planner.plan(.down()).summary == ["0002 down"])
        let error = #expect(throws: MigrationError.self) { try planner.plan(.downTo(.none)) }
        #expect(
            error?.sentences == [
                "0001_a.sql has no down part, so it cannot be taken back; write one below `-- migrate:down`, or undo what it did "
                    + "in a new migration"
            ])
    }
}

@Suite struct `An edited migration` {
    private let all: [MigrationFile]
    private let planner: MigrationPlanner

    init() throws {
        all = try files(tables(1, 2, 3))
        let applied = [all[0].row(), all[1].row(checksum: String(repeating: "0", count: 64))]
        planner = MigrationPlanner(files: all, history: MigrationHistory(applied: applied))
    }

    private let sentence = """
        0002_t2.sql was changed after it was applied at 2026-01-02T03:04:05Z; restore it and put the change into a new \
        migration, or, where the data does not matter, run `larder migrate down --to 0001` and `up` again
        """

    @Test(arguments: [MigrationCommand.up(), .up(to: 3, outOfOrder: true, retry: true), .baseline(3)])
    func `stops what goes forwards`(_ command: MigrationCommand) {
        let error = #expect(throws: MigrationError.self) { try planner.plan(command) }
        #expect(error?.kind == .refused)
        #expect(error?.sentences == [sentence])
    }

    @Test func `can be taken back, and done again`() throws {
        #expect(try planner.plan(.downTo(1)).summary == ["0002 down"])
        #expect(try planner.plan(.redo).summary == ["0002 down", "0002 up"])
    }

    @Test func `is another one if it has another name`() {
        let row = all[1].row(name: "theirs", checksum: "0")
        let planner = MigrationPlanner(files: all, history: MigrationHistory(applied: [row]))
        let sentence = """
            0002_t2.sql has the number of 0002_theirs.sql, which was applied at 2026-01-02T03:04:05Z; give it the next free number
            """
        for command in [MigrationCommand.up(outOfOrder: true), .down(), .redo] {
            let error = #expect(throws: MigrationError.self) { try planner.plan(command) }
            #expect(error?.sentences == [sentence])
        }
    }

    @Test func `is the same if only its name is another`() throws {
        let planner = MigrationPlanner(files: all, history: MigrationHistory(applied: [all[0].row(name: "old")]))
        #expect(try planner.plan(.up()).summary == ["0002 up", "0003 up"])
        #expect(try planner.plan(.down()).summary == ["0001 down"])
    }
}
