internal import Domain

/// Writes the rows of a CSV file through a store, in batches; a batch that is refused is divided until the rows that
/// cannot be imported are found.
struct Importer<R: Record> {
    let plan: ImportPlan<R>
    /// Writes rows as one unit of work.
    let write: ([(id: Value, record: R)]) async throws -> Void
    /// Told of each row that cannot be imported: its line and the reason.
    let reject: (Int, String) -> Void
    /// Told how much of the file was read, from 0 to 1, and how many rows were imported.
    let progress: (Double, Int) -> Void

    /// How many rows are one unit of work.
    private let batchSize = 500

    private struct Row {
        var line: Int
        var id: Value
        var record: R
    }

    /// - Returns: how many rows were imported, and how many could not be.
    /// - Throws: what makes going on useless, such as a database that cannot be reached.
    func run(_ reader: inout CSVReader) async throws -> (imported: Int, rejected: Int) {
        var imported = 0
        var rejected = 0
        var batch: [Row] = []
        while let next = reader.next() {
            do {
                let (id, record) = try plan.record(try next.fields.get())
                batch.append(Row(line: next.line, id: id, record: record))
            } catch let error as RowError {
                rejected += 1
                reject(next.line, error.reason)
            } catch let error as CSVReader.Malformed {
                rejected += 1
                reject(next.line, error.reason)
            }
            if batch.count == batchSize {
                imported += try await store(batch[...], &rejected)
                batch = []
                progress(reader.progress, imported)
            }
        }
        imported += try await store(batch[...], &rejected)
        progress(1, imported)
        return (imported, rejected)
    }

    private func store(_ rows: ArraySlice<Row>, _ rejected: inout Int) async throws -> Int {
        guard let first = rows.first else { return 0 }
        do {
            try await write(rows.map { ($0.id, $0.record) })
            return rows.count
        } catch let error as DomainError {
            guard let reason = Self.reason(error) else { throw error }
            guard rows.count > 1 else {
                rejected += 1
                reject(first.line, reason)
                return 0
            }
            let middle = rows.startIndex + rows.count / 2
            return try await store(rows[..<middle], &rejected) + store(rows[middle...], &rejected)
        }
    }

    /// Why a row is refused; nil if it is not the row's fault.
    private static func reason(_ error: DomainError) -> String? {
        switch error {
        case .duplicate(let field): "another row has the same \(field)"
        case .missingReference(let field, let resource): "\(field) names none of the \(resource)"
        default: nil
        }
    }
}
