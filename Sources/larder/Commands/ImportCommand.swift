internal import CacheCoordinator
internal import Domain
internal import EventLoop
internal import RedisCache

/// `larder import`: the rows of a CSV file through the store, so that they are announced to the cache like every write.
struct ImportCommand {
    let configuration: Configuration
    let request: Command.ImportRequest
    let loop: EventLoop

    /// How long one batch may take, in milliseconds.
    private let batchMilliseconds: UInt64 = 60_000
    /// How long to wait for Redis and for the hold-off of a new keyspace, in milliseconds.
    private var patience: UInt64 { UInt64(configuration.cachePolicy.intentLifetime) + 3_000 }

    func run() async throws -> Int32 {
        guard configuration.database != nil else {
            throw CommandFailure("Rows are imported into a database: set DATABASE_URL.", status: 2)
        }
        let backing = Backing(administering: configuration, SharedMemory(), on: loop)
        // A cache that others read must hear of the writes; it could serve old values otherwise.
        if let redis = backing.redis, !(await redis.waitUntilReady(milliseconds: patience)) {
            throw CommandFailure(
                "Redis at \(configuration.redis!) cannot be reached, so that others would not hear of the import; "
                    + "start it, or unset REDIS_URL if nobody uses it.")
        }
        let store = backing.store
        let status: Int32
        if let entity = Resources.named(request.resource) {
            status = try await importEntities(entity, store)
        } else if request.resource == OrderLine.resource {
            status = try await importRecords(OrderLine.self, idKind: nil) { rows, deadline in
                try await store.write(deadline: deadline) { try await $0.upsert(lines: rows.map(\.record)) }
            }
        } else {
            let names = Resources.names + [OrderLine.resource]
            throw CommandFailure(
                "There is no resource \"\(request.resource)\"; expected is one of \(names.joined(separator: ", ")).", status: 2)
        }
        await backing.close(within: 1_000)
        return status
    }

    private func importEntities<E: Entity>(_ entity: E.Type, _ store: any Store) async throws -> Int32 {
        try await importRecords(E.self, idKind: E.Key.kind) { rows, deadline in
            try await store.write(deadline: deadline) { unit in
                try await unit.upsert(rows.map { (id: ID<E>($0.id)!, value: $0.record) })  // the plan has read the kind
            }
        }
    }

    private func importRecords<R: Record>(
        _ record: R.Type, idKind: Kind?, write: @escaping ([(id: Value, record: R)], UInt64) async throws -> Void
    ) async throws -> Int32 {
        guard let bytes = File.read(request.file) else {
            throw CommandFailure("The file \(request.file) cannot be read.")
        }
        var reader = CSVReader(bytes)
        guard let header = reader.next(), let columns = try? header.fields.get() else {
            throw CommandFailure("The file \(request.file) has no header.")
        }
        let plan: ImportPlan<R>
        do throws(ImportPlan<R>.HeaderError) {
            plan = try ImportPlan<R>(header: columns, map: request.map, idKind: idKind)
        } catch {
            throw CommandFailure(error.message, status: 2)
        }
        let bar = ProgressBar(title: request.resource)
        let importer = Importer(
            plan: plan,
            write: { [loop, batchMilliseconds] in try await write($0, loop.now + batchMilliseconds) },
            reject: { line, reason in
                bar.clear()
                Terminal.writeError("\(request.file): line \(line): \(reason)\n")
            },
            progress: { bar.show($0, $1) })
        do {
            let (imported, rejected) = try await importer.run(&reader)
            bar.clear()
            Terminal.write("\(imported) \(request.resource) imported" + (rejected == 0 ? "\n" : ", \(rejected) not\n"))
            return rejected == 0 ? 0 : 1
        } catch let error as DomainError {
            bar.clear()
            throw CommandFailure(Self.explain(error))
        } catch is CommitOutcomeUnknown {
            bar.clear()
            throw CommandFailure("The connection to the database was lost; import the file again.")
        }
    }

    private static func explain(_ error: DomainError) -> String {
        switch error {
        case .unavailable: "The database cannot be reached, or its tables are missing: see larder migrate status."
        case .deadlineExceeded: "The database did not answer in time; import the file again."
        case .contention, .overloaded: "Others were in the way; import the file again."
        default: "The import was refused: \(error)."
        }
    }
}
