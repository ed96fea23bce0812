internal import Domain
internal import EventLoop

/// `larder import`: the rows of a CSV file through the store, so that they are announced to the cache like every write.
struct ImportCommand {
    let configuration: Configuration
    let request: Command.ImportRequest
    let loop: EventLoop

    /// How long one batch may take, in milliseconds.
    private let batchMilliseconds: UInt64 = 60_000

    func run() async throws -> Int32 {
        guard configuration.database != nil else {
            throw CommandFailure("Rows are imported into a database: set DATABASE_URL.", status: 2)
        }
        if request.resource == OrderLine.resource {
            return try await importRecords(OrderLine.self, idKind: nil) { try await $0.upsert(lines: $1.map(\.record)) }
        }
        return try await importEntities(try CommandFailure.resource(request.resource, or: [OrderLine.resource]))
    }

    private func importEntities<E: Entity>(_ entity: E.Type) async throws -> Int32 {
        try await importRecords(E.self, idKind: E.Key.kind) { unit, rows in
            try await unit.upsert(rows.map { (id: ID<E>($0.id)!, value: $0.record) })  // the plan has read the kind
        }
    }

    private func importRecords<R: Record>(
        _ record: R.Type, idKind: Kind?, upsert: @escaping (UnitOfWork, [(id: Value, record: R)]) async throws -> Void
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
        return try await Backing.write(configuration, on: loop) { store in
            try await run(plan, &reader, into: store, upsert)
        }
    }

    private func run<R: Record>(
        _ plan: ImportPlan<R>, _ reader: inout CSVReader, into store: any Store,
        _ upsert: @escaping (UnitOfWork, [(id: Value, record: R)]) async throws -> Void
    ) async throws -> Int32 {
        let bar = ProgressBar(title: request.resource)
        let importer = Importer(
            plan: plan,
            write: { [loop, batchMilliseconds] rows in
                try await store.write(deadline: loop.now + batchMilliseconds) { try await upsert($0, rows) }
            },
            reject: { line, reason in
                bar.clear()
                Terminal.writeError("\(request.file): line \(line): \(reason)\n")
            },
            progress: { bar.show($0, $1) })
        do {
            defer { bar.clear() }
            let (imported, rejected) = try await importer.run(&reader)
            bar.clear()
            Terminal.write("\(imported) \(request.resource) imported" + (rejected == 0 ? "\n" : ", \(rejected) not\n"))
            return rejected == 0 ? 0 : 1
        } catch let error as DomainError {
            throw CommandFailure(Importing.explain(error))
        } catch is CommitOutcomeUnknown {
            throw CommandFailure("The connection to the database was lost; import the file again.")
        }
    }
}
