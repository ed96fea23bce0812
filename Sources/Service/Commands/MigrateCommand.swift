internal import CacheCoordinator
internal import EventLoop
internal import Migrator
internal import Model
internal import Postgres
internal import PostgresStore

/// `larder migrate`: the database's schema, forwards and backwards.
struct MigrateCommand {
    let configuration: Configuration
    let loop: Loop
    let interruption: Interruption

    /// The exit status when migrations are pending and it was asked for.
    private static let pendingStatus: Int32 = 3

    func run(_ arguments: [String]) async throws -> Int32 {
        let request = try MigrateRequest(arguments)
        do {
            return try await run(request)
        } catch let error as MigrationError {
            throw CommandFailure(
                error.sentences.joined(separator: "\nlarder: "), status: error.kind == .usage ? 2 : 1)
        }
    }

    private func run(_ request: MigrateRequest) async throws -> Int32 {
        if case .create(let name, let resource) = request {
            let content = try resource.map(skeleton)
            Terminal.write("\(try MigrationFolder.create(name, in: configuration.migrationsFolder, content: content))\n")
            return 0
        }
        guard let database = configuration.database else {
            throw CommandFailure("Migrations need a database: set DATABASE_URL.", status: 2)
        }
        let runner = MigrationRunner(
            try MigrationFolder(configuration.migrationsFolder), own: .own(OwnTables.migrations), database: database, on: loop
        ) { Terminal.writeError("\($0)\n") }
        let status = try await interruption.during({ await runner.interrupt() }) { try await run(request, runner) }
        if case .change(_, isDryRun: false) = request { try await finish(database) }
        return status
    }

    private static let milliseconds: UInt64 = 60_000

    /// What follows from the tables as they are now: triggers that publish what others write, and a cache without what was cached of
    /// tables as they were.
    private func finish(_ database: PostgresConfiguration) async throws {
        let connection = try await PostgresConnection.connect(database, on: loop)
        defer { connection.close() }
        let outcome = try await ChangeTriggers(configuration.declarations.schemas)
            .install(on: connection, deadline: loop.now + Self.milliseconds)
        for refusal in outcome.refusals { Terminal.writeError("larder: \(refusal.sentence)\n") }
        if !outcome.installed.isEmpty {
            Terminal.writeError("what others write to \(outcome.installed.joined(separator: ", ")) is published from now on\n")
        }
        let authority = SQLAuthority(database, on: loop)
        // Before there is the table, nothing is cached.
        if let row = try? await authority.row() { _ = try? await authority.close(row.epoch) }
        authority.close()
    }

    private func run(_ request: MigrateRequest, _ runner: MigrationRunner) async throws -> Int32 {
        switch request {
        case .create: return 0
        case .change(let command, let isDryRun): return try await change(runner, command, isDryRun)
        case .status(let isJSON, let hasExitCode): return try await status(runner, isJSON, hasExitCode)
        case .verify: return try await verify(runner)
        case .wait(let seconds):
            try await runner.waitForDatabase(timeout: seconds * 1000)
            return 0
        }
    }

    private func skeleton(of resource: String) throws(CommandFailure) -> String {
        let skeleton = TableSkeleton(try CommandFailure.resource(resource, of: configuration.declarations))
        return """
            -- What this migration is for.

            -- migrate:up
            \(skeleton.up)
            -- migrate:down
            \(skeleton.down)
            """
    }

    private func change(_ runner: MigrationRunner, _ command: MigrationCommand, _ isDryRun: Bool) async throws -> Int32 {
        let plan = isDryRun ? try await runner.plan(command) : try await runner.run(command)
        if isDryRun { for warning in plan.warnings { Terminal.writeError("larder: \(warning)\n") } }
        if plan.steps.isEmpty {
            Terminal.write("Nothing to do.\n")
        } else if isDryRun {
            Terminal.write(plan.script + "\n")
        }
        return 0
    }

    private func status(_ runner: MigrationRunner, _ isJSON: Bool, _ hasExitCode: Bool) async throws -> Int32 {
        let rows = try await runner.status()
        Terminal.write(isJSON ? Self.json(rows) : rows.map(Self.line).joined())
        return hasExitCode && rows.contains(where: \.isPending) ? Self.pendingStatus : 0
    }

    private static func line(_ row: MigrationStatus) -> String {
        let state = row.state.rawValue
        let time = row.appliedAt.map { "  \($0)" } ?? ""
        return state + String(repeating: " ", count: max(1, 14 - state.count)) + row.fileName + time + "\n"
    }

    private static func json(_ rows: [MigrationStatus]) -> String {
        var json = JSONWriter()
        json.array { json in
            for row in rows {
                json.object { json in
                    json.key("version")
                    json.string(row.version.description)
                    json.key("name")
                    json.string(row.name)
                    json.key("state")
                    json.string(row.state.rawValue)
                    json.key("pending")
                    json.bool(row.isPending)
                    json.key("applied_at")
                    if let time = row.appliedAt { json.string(time) } else { json.null() }
                    json.key("milliseconds")
                    if let milliseconds = row.milliseconds { json.integer(milliseconds) } else { json.null() }
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self) + "\n"
    }

    private func verify(_ runner: MigrationRunner) async throws -> Int32 {
        let problems = try await runner.verify()
        for problem in problems { Terminal.writeError("larder: \(problem)\n") }
        if problems.isEmpty { Terminal.write("The files and the database agree.\n") }
        return problems.isEmpty ? 0 : 1
    }
}
