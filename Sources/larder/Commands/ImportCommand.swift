internal import Domain
internal import EventLoop
internal import PostgresStore

/// `larder import`: the rows of a CSV file through the store, so that they are announced to the cache like every write.
struct ImportCommand {
    let configuration: Configuration
    let request: Command.ImportRequest
    let loop: EventLoop
    let interruption: Interruption

    /// How long one batch may take, in milliseconds.
    private let batchMilliseconds: UInt64 = 60_000

    func run() async throws -> Int32 {
        guard configuration.database != nil else {
            throw CommandFailure("Rows are imported into a database: set DATABASE_URL.", status: 2)
        }
        if request.resource == OrderLine.resource {
            return try await importRecords(OrderLine.self, idKind: nil, holders: { _, _ in [] }) { unit, rows in
                try await unit.upsert(lines: rows.map(\.record))
            }
        }
        return try await importEntities(try CommandFailure.resource(request.resource, or: [OrderLine.resource]))
    }

    private func importEntities<E: Entity>(_ entity: E.Type) async throws -> Int32 {
        try await importRecords(E.self, idKind: E.Key.kind, holders: holders) { unit, rows in
            let identified = rows.compactMap { row in ID<E>(row.id).map { (id: $0, value: row.record) } }
            // All have one, or none has.
            if identified.isEmpty {
                try await unit.insert(asGiven: rows.map(\.record))
            } else {
                try await unit.upsert(identified)
            }
        }
    }

    /// The ids of the rows that have what has to be unique of `value`.
    private func holders<E: Entity>(of value: E, in store: any Store) async throws -> [Value] {
        var ids: [Value] = []
        for (position, column) in E.schema.columns.enumerated() {
            guard let field = column.field, field.rules.isUnique, field.value(of: value) != .null else { continue }
            let query = Query<E>(filters: [Query<E>.Filter(position, .equal, [field.value(of: value)])], limit: 1)
            let found = try await store.repository(of: E.self).ids(query, deadline: loop.now + batchMilliseconds)
            ids += found.map(\.value)
        }
        return ids
    }

    private func importRecords<R: Record>(
        _ record: R.Type, idKind: Kind?, holders: @escaping (R, any Store) async throws -> [Value],
        write: @escaping (UnitOfWork, [ImportRow<R>]) async throws -> Void
    ) async throws -> Int32 {
        do {
            let file = try InputFile(request.file)
            let form = FileForm(name: file.name, path: request.file, resource: request.resource)
            var reader = try open(file, form)
            let columns = try header(&reader, file)
            let plan: ImportPlan<R>
            do throws(ImportPlan<R>.HeaderError) {
                plan = try ImportPlan<R>(header: columns, map: request.map, idKind: idKind)
            } catch {
                throw CommandFailure(error.message, status: 2)
            }
            return try await Backing.write(configuration, on: loop, interruption) { store in
                try await run(plan, &reader, form, size: file.size, into: store, holders: { try await holders($0, store) }, write)
            }
        } catch let error as InputFile.Unreadable {
            throw CommandFailure("The file \(request.file) cannot be read: \(error.reason).")
        }
    }

    /// A reader of a file that looks like CSV.
    private func open(_ file: InputFile, _ form: FileForm) throws -> CSVReader {
        let start = try file.read()
        if let objection = form.objection(to: start) { throw CommandFailure(objection) }
        var isFirst = true
        return CSVReader {
            defer { isFirst = false }
            return isFirst ? start : try file.read()
        }
    }

    private func header(_ reader: inout CSVReader, _ file: InputFile) throws -> [String] {
        do {
            guard let header = try reader.next() else { throw CommandFailure("There is no header in \(file.name).") }
            return try header.fields.get()
        } catch let error as CSVReader.Malformed {
            throw CommandFailure("The first line of \(file.name) is no header: \(error.reason).")
        }
    }

    private func run<R: Record>(
        _ plan: ImportPlan<R>, _ reader: inout CSVReader, _ form: FileForm, size: Int?, into store: any Store,
        holders: @escaping (R) async throws -> [Value],
        _ write: @escaping (UnitOfWork, [ImportRow<R>]) async throws -> Void
    ) async throws -> Int32 {
        let bar = ProgressBar(title: request.resource)
        let importer = Importer(
            plan,
            into: .init(
                write: { [loop, batchMilliseconds] rows in
                    try await store.write(deadline: loop.now + batchMilliseconds) { try await write($0, rows) }
                },
                holders: holders, reason: Importing.refusal,
                reject: { line, reason in
                    bar.clear()
                    Terminal.writeError("\(form.name): line \(line): \(reason)\n")
                },
                progress: { bytes, rows in bar.show(size.map { Double(bytes) / Double(max($0, 1)) }, rows) }))
        do {
            defer { bar.clear() }
            try await importer.run(&reader)
        } catch let error as DomainError {
            throw CommandFailure(Importing.explain(error))
        } catch is CommitOutcomeUnknown {
            throw CommandFailure("The connection to the database was lost; import the file again.")
        }
        let counts = importer.counts
        let rest = counts.rejected == 0 ? "" : ", \(counts.rejected) not"
        Terminal.write("\(counts.imported) \(request.resource) imported\(rest)\n")
        if counts.notUTF8 > 0 { Terminal.writeError("larder: \(counts.notUTF8) rows are not UTF-8; \(form.advice).\n") }
        return counts.rejected == 0 ? 0 : 1
    }
}
