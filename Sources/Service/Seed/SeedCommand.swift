internal import EventLoop
internal import Model

/// `larder seed`: made-up rows of every resource, the same each time, through the store like an import.
struct SeedCommand {
    let configuration: Configuration
    let request: Command.SeedRequest
    let loop: Loop
    let interruption: Interruption

    /// How many rows are one unit of work, and how long it may take, in milliseconds.
    private let batchSize: Int64 = 500
    private let batchMilliseconds: UInt64 = 60_000

    func run() async throws -> Int32 {
        guard configuration.database != nil else {
            throw CommandFailure("Samples go into a database: set DATABASE_URL.", status: 2)
        }
        try await Backing.write(configuration, on: loop, interruption) { store in
            do {
                if !request.replaces { try await refuseRows(in: store) }
                let plan = SeedPlan(request.size, configuration.declarations)
                for schema in configuration.declarations.schemas { try await seed(schema, plan, store) }
            } catch let error as DomainError {
                throw CommandFailure("The sample was not written: \(Importing.explain(error))")
            } catch is CommitOutcomeUnknown {
                throw CommandFailure("The connection to the database was lost; run larder seed --replace.")
            }
        }
        return 0
    }

    /// A sample has the lowest ids, and would replace what users have made.
    private func refuseRows(in store: any Store) async throws {
        for schema in configuration.declarations.schemas {
            let any = Query(of: schema, limit: 1)
            guard try await store.repository(of: schema).ids(any, deadline: deadline).isEmpty else {
                throw CommandFailure(
                    "There are \(schema.resource) already. A sample is for an empty database: with --replace it replaces the rows that have its ids."
                )
            }
        }
    }

    private var deadline: UInt64 { loop.now + batchMilliseconds }

    private func seed(_ schema: Schema, _ plan: SeedPlan, _ store: any Store) async throws {
        let count = plan.counts[schema.resource] ?? 0
        let bar = ProgressBar(title: schema.resource)
        for start in stride(from: 1, through: count, by: Int64.Stride(batchSize)) {
            let numbers = start...min(count, start + batchSize - 1)
            try await store.write(deadline: deadline) { unit in
                try await unit.upsert(
                    numbers.map { (SampleRows.id($0, of: schema), plan.rows.fields($0, of: schema)) }, into: schema)
                for owned in schema.owned {
                    let rows = numbers.flatMap { plan.owned(owned, by: $0, of: schema) }
                    try await unit.upsert(rows, into: owned, of: schema)
                }
            }
            bar.show(Double(numbers.upperBound) / Double(count), Int(numbers.upperBound))
        }
        bar.clear()
        Terminal.write("\(count) \(schema.resource)\n")
    }
}
