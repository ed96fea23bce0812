internal import CacheCoordinator
internal import EventLoop
internal import Model

/// `larder cache warm`: fills the cache that all instances share, by reading through it as the service does. So what it fills
/// is as fresh as everything else, whoever writes meanwhile.
struct WarmCommand {
    let configuration: Configuration
    let request: Command.WarmRequest
    let loop: Loop
    let interruption: Interruption

    func run() async throws -> Int32 {
        var schemas: [Schema] = []
        for name in request.resources { schemas.append(try CommandFailure.resource(name, of: configuration.declarations)) }
        if schemas.isEmpty { schemas = configuration.declarations.schemas }
        guard configuration.database != nil else {
            throw CommandFailure("The cache is filled with the rows of a database: set DATABASE_URL.", status: 2)
        }
        var configuration = configuration
        // What is kept in this process's memory ends with it.
        configuration.cachePolicy.memoryBytes = 0
        let backing = try await Backing.sharing(configuration, on: loop)
        do {
            try await interruption.during({ await backing.interrupt() }) {
                for schema in schemas { try await warm(schema, backing) }
            }
        } catch is CacheLost {
            throw CommandFailure("\(backing.cacheInWords) cannot be used any more: look into its log, and try again.")
        } catch let error as DomainError {
            throw backing.failure(interruption) ?? CommandFailure(Importing.explain(error))
        }
        await backing.close(within: 1_000)
        return 0
    }

    private func warm(_ schema: Schema, _ backing: Backing) async throws {
        let began = loop.now
        let backend = backing.backend!  // there is a shared cache
        let before = backend.refusedEntries
        let bar = ProgressBar(title: schema.resource)
        let warmer = Warmer(repository: backing.store.repository(of: schema), loop: loop, limit: request.limit) {
            bar.show(Double($1) / Double($0), $1)
        }
        let entries: Int
        do {
            defer { bar.clear() }
            entries = try await warmer.run()
            // Nobody waits for an entry to be stored; but the server answers in order, so those before this are.
            guard (try? await backend.look(at: [schema.setTag], entry: nil)) != nil else { throw CacheLost() }
        }
        let refused = backend.refusedEntries - before
        Terminal.write("warmed \(schema.resource): \(entries - refused) entries in \((loop.now - began).seconds)\n")
        if refused > 0 {
            Terminal.writeError(
                "\(refused) of the \(schema.resource) were not stored: they are too large, or \(backend.name) is full.\n")
        }
    }
}
