internal import Model

/// One row of a file that fits the declaration.
struct ImportRow {
    var line: Int
    /// Null if the service gives one.
    var id: Value
    /// In the order of the target's columns.
    var values: [Value]
}

/// Writes the rows of a CSV file through a store, in batches; a batch that is refused is divided until the rows that
/// cannot be imported are found.
final class Importer {
    private let plan: ImportPlan
    private let unique: [Int]
    private let target: Target
    private(set) var counts = Counts()
    /// Rows whose values others have, which may give them up further down in the file.
    private var postponed: [ImportRow] = []

    /// Where the rows go, and who is told.
    struct Target {
        /// Writes rows as one unit of work.
        var write: ([ImportRow]) async throws -> Void
        /// The ids of the rows that have values which must be this row's alone.
        var holders: ([Value]) async throws -> [Value]
        /// Why a row is refused, of what ``write`` threw; nil if it is not the row's fault.
        var reason: (any Error) -> Refusal?
        /// Told of each row that cannot be imported: its line and the reason.
        var reject: (Int, String) -> Void
        /// Told how many bytes were read, and how many rows were imported.
        var progress: (Int, Int) -> Void
    }

    struct Counts {
        var imported = 0
        /// Rows, and lines of which it is not known whether they are rows.
        var rejected = 0
        /// How many of them are not UTF-8.
        var notUTF8 = 0
    }

    /// Why a row is refused.
    struct Refusal {
        var reason: String
        /// Whether another row has a value of it.
        var isDuplicate = false
    }

    /// How many rows are one unit of work.
    private static let batchSize = 500
    /// How often a unit of work that met others is tried in all.
    private static let attempts = 5
    /// How many rows are remembered to be tried again.
    private static let postponedLimit = 10_000

    /// - Parameter unique: the positions of the values of which no two rows have the same.
    init(_ plan: ImportPlan, unique: [Int], into target: Target) {
        self.plan = plan
        self.unique = unique
        self.target = target
    }

    /// - Parameter next: the records that follow, each time; none at the end.
    /// - Throws: what makes going on useless, such as a database that cannot be reached.
    func run(_ next: () async throws -> RecordLot) async throws {
        var batch: [ImportRow] = []
        var lot = try await next()
        while !lot.records.isEmpty {
            for record in lot.records {
                if let row = row(record) { batch.append(row) }
                guard batch.count == Self.batchSize else { continue }
                try await store(batch)
                batch = []
                target.progress(lot.bytesRead, counts.imported)
            }
            lot = try await next()
        }
        try await store(batch)
        try await storePostponed()
        target.progress(lot.bytesRead, counts.imported)
    }

    /// The row of a record; nil if it was rejected.
    private func row(_ record: CSVReader.Record) -> ImportRow? {
        switch record.fields {
        case .success(let cells):
            do throws(RowError) {
                let (id, values) = try plan.row(cells)
                return ImportRow(line: record.line, id: id, values: values)
            } catch {
                reject(record.line, error.reason)
            }
        case .failure(let malformed):
            if malformed == .notUTF8 { counts.notUTF8 += 1 }
            let isLost = malformed.losesLines && record.lastLine > record.line
            let lines = isLost ? "; lines \(record.line) to \(record.lastLine) were passed over" : ""
            reject(record.line, malformed.reason + lines, count: isLost ? record.lastLine - record.line + 1 : 1)
        }
        return nil
    }

    private func reject(_ line: Int, _ reason: String, count: Int = 1) {
        counts.rejected += count
        target.reject(line, reason)
    }

    private func store(_ rows: [ImportRow]) async throws {
        for (row, refusal) in try await refused(rows[...]) {
            if refusal.isDuplicate, postponed.count < Self.postponedLimit {
                postponed.append(row)
            } else {
                reject(row.line, refusal.reason)
            }
        }
    }

    /// Writes rows, and returns those that cannot be written.
    private func refused(_ rows: ArraySlice<ImportRow>) async throws -> [(row: ImportRow, refusal: Refusal)] {
        guard let first = rows.first else { return [] }
        do {
            try await write(Array(rows))
            counts.imported += rows.count
            return []
        } catch {
            guard let refusal = target.reason(error) else { throw error }
            guard rows.count > 1 else { return [(first, refusal)] }
            let middle = rows.startIndex + rows.count / 2
            return try await refused(rows[..<middle]) + refused(rows[middle...])
        }
    }

    /// Writes rows as one unit of work, and does so again if transactions of others were in its way.
    private func write(_ rows: [ImportRow]) async throws {
        for _ in 1..<Self.attempts {
            do {
                return try await target.write(rows)
            } catch DomainError.contention {
                continue
            }
        }
        try await target.write(rows)
    }

    /// Tries again what others were in the way of: those who were moved by a later row, and those who exchange their values, which
    /// only a unit of work with all of them can do.
    private func storePostponed() async throws {
        var rest = postponed
        postponed = []
        var reasons: [Int: String] = [:]
        while !rest.isEmpty {
            var left: [ImportRow] = []
            for group in try await ExchangeGroups(rest, unique: unique, target.holders).groups {
                for (row, refusal) in try await refused(group[...]) {
                    left.append(row)
                    reasons[row.line] = refusal.reason
                }
            }
            guard left.count < rest.count else { break }
            rest = left
        }
        for row in rest.sorted(by: { $0.line < $1.line }) { reject(row.line, reasons[row.line] ?? "") }
    }
}
