internal import EventLoop
internal import Model
internal import Postgres

/// `larder import`: the rows of a CSV file through the store, so that they are announced to the cache like every write.
struct ImportCommand {
    let configuration: Configuration
    let request: Command.ImportRequest
    let loop: Loop
    let interruption: Interruption

    /// How long one batch may take, in milliseconds.
    private let batchMilliseconds: UInt64 = 60_000

    func run() async throws -> Int32 {
        guard configuration.database != nil else {
            throw CommandFailure("Rows are imported into a database: set DATABASE_URL.", status: 2)
        }
        let target = try target
        let reader = RecordReader(request)
        let opened = try await interruption.leaving { try await reader.open() }
        let plan: ImportPlan
        do throws(ImportPlan.HeaderError) {
            plan = try ImportPlan(target, header: opened.header, map: request.map)
        } catch {
            throw CommandFailure(error.message, status: 2)
        }
        return try await Backing.write(configuration, on: loop, interruption) { store in
            try await run(plan, target, reader, opened, into: store)
        }
    }

    /// What the named rows become.
    private var target: ImportTarget {
        get throws(CommandFailure) {
            let owned = configuration.declarations.owned
            if let (rows, owner) = owned.first(where: { $0.rows.table == request.resource }) {
                return ImportTarget(rows, of: owner)
            }
            return ImportTarget(
                try CommandFailure.resource(
                    request.resource, of: configuration.declarations, or: owned.map(\.rows.table)))
        }
    }

    /// The ids of the rows of a resource that have what has to be unique of a row.
    private func holders(of values: [Value], _ schema: Schema?, in store: any Store) async throws -> [Value] {
        guard let schema else { return [] }
        var ids: [Value] = []
        for column in schema.unique where values[column - schema.fields.lowerBound] != .null {
            let value = values[column - schema.fields.lowerBound]
            let query = Query(of: schema, filters: [Query.Filter(column, .equal, [value])], limit: 1)
            ids += try await store.repository(of: schema).ids(query, deadline: loop.now + batchMilliseconds)
        }
        return ids
    }

    private func run(
        _ plan: ImportPlan, _ target: ImportTarget, _ reader: RecordReader, _ opened: RecordReader.Opened, into store: any Store
    ) async throws -> Int32 {
        let bar = ProgressBar(title: request.resource)
        let schema = configuration.declarations.schema(named: target.name)
        let importer = Importer(
            plan, unique: target.unique,
            into: .init(
                write: { [loop, batchMilliseconds] rows in
                    try await store.write(deadline: loop.now + batchMilliseconds) { try await target.write($0, rows) }
                },
                holders: { try await holders(of: $0, schema, in: store) }, reason: Importing.refusal,
                reject: { line, reason in
                    bar.clear()
                    Terminal.writeError("\(opened.form.name): line \(line): \(reason)\n")
                },
                progress: { bytes, rows in bar.show(opened.size.map { Double(bytes) / Double(max($0, 1)) }, rows) }))
        do {
            defer { bar.clear() }
            try await importer.run { try await interruption.leaving { try await reader.next() } }
        } catch let error as DomainError {
            throw CommandFailure(Importing.explain(error))
        } catch is CommitOutcomeUnknown {
            throw CommandFailure("The connection to the database was lost; import the file again.")
        }
        let counts = importer.counts
        let rest = counts.rejected == 0 ? "" : ", \(counts.rejected) not"
        Terminal.write("\(counts.imported) \(request.resource) imported\(rest)\n")
        if counts.notUTF8 > 0 { Terminal.writeError("larder: \(counts.notUTF8) rows are not UTF-8; \(opened.form.advice).\n") }
        return counts.rejected == 0 ? 0 : 1
    }
}
