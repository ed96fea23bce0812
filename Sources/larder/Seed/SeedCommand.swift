internal import Domain
internal import EventLoop

/// `larder seed`: made-up rows of every resource, the same each time, through the store like an import.
struct SeedCommand {
    let configuration: Configuration
    let request: Command.SeedRequest
    let loop: EventLoop
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
                let plan = SeedPlan(request.size)
                for entity in Resources.all { try await seed(entity, plan, store) }
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
        func hasRows<E: Entity>(_ entity: E.Type) async throws -> Bool {
            let context = ReadContext(deadline: loop.now + batchMilliseconds)
            let first = try await store.repository(of: E.self).list(Query(limit: 1), context)
            return first.bytes != Encoded(Page<E>([], of: Query(limit: 1), count: nil)).bytes
        }
        for entity in Resources.all where try await hasRows(entity) {
            throw CommandFailure(
                "There are \(entity.resource) already. A sample is for an empty database: with --replace it replaces the rows that have its ids."
            )
        }
    }

    private func seed<E: Entity>(_ entity: E.Type, _ plan: SeedPlan, _ store: any Store) async throws {
        let count = plan.counts[E.resource] ?? 0
        let rows = plan.rows
        let bar = ProgressBar(title: E.resource)
        for start in stride(from: 1, through: count, by: Int64.Stride(batchSize)) {
            let numbers = start...min(count, start + batchSize - 1)
            try await store.write(deadline: loop.now + batchMilliseconds) { unit in
                try await unit.upsert(numbers.map { (rows.id($0, of: E.self), rows.record($0, of: E.resource) as E) })
                if E.self == Order.self { try await unit.upsert(lines: numbers.flatMap(plan.lines(ofOrder:))) }
            }
            bar.show(Double(numbers.upperBound) / Double(count), Int(numbers.upperBound))
        }
        bar.clear()
        Terminal.write("\(count) \(E.resource)\n")
    }
}
