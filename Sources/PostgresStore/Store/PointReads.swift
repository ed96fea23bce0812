internal import EventLoop
internal import Model
internal import Postgres

/// Gathers the reads of single rows in a turn of the loop, and makes one statement of them.
///
/// A row that is asked for twice in a turn is read once. The statement begins after all who wait for it asked, so none
/// of them can miss a write that was acknowledged before.
final class PointReads: TurnEndAction {
    /// How many rows one statement reads at most.
    private let limit = 256

    private unowned let store: SQLStore
    private let table: TableSQL
    private var batch: Batch?

    init(_ store: SQLStore, _ table: TableSQL) {
        self.store = store
        self.table = table
    }

    /// The row with this id as a projection without parts shows it; nil if there is none.
    ///
    /// - Throws: ``UnreadableRow``. One that cannot be read is no reason to fail those who wait for others.
    func row(_ id: Value, _ projection: Projection, _ context: ReadContext) async throws -> Encoded? {
        if batch == nil || batch!.ids.count == limit {
            let next = Batch()
            if let full = batch { start(full) } else { store.loop.atTurnEnd(self) }
            batch = next
        }
        let batch = batch!
        batch.ids.insert(id)
        batch.deadline = max(batch.deadline, context.deadline)
        batch.asksWhoWrites = batch.asksWhoWrites || context.asksWhoWrites
        let found = try await batch.outcome.wait().get()
        context.saw(found.evidence)
        guard let row = found.rows[id] else { return nil }
        return try Encoded.row { json in try RowWriter(table.plan, projection).write(found.result, row, to: &json) }
    }

    func turnEnded() {
        if let batch { start(batch) }
        batch = nil
    }

    private func start(_ batch: Batch) {
        store.loop.spawn { [store, table] in
            do {
                let statement = Statement(table.find, [ArrayLiteral.encode(values: batch.ids)])
                let (result, evidence) = try await store.read(
                    statement, asksWhoWrites: batch.asksWhoWrites, deadline: batch.deadline)
                let ids = try result.ids(of: table.schema)
                let rows = Dictionary(uniqueKeysWithValues: zip(ids, ids.indices))
                batch.outcome.give(.success(Found(result: result, rows: rows, evidence: evidence)))
            } catch {
                batch.outcome.give(.failure(error))
            }
        }
    }

    private final class Batch {
        var ids: Set<Value> = []
        var deadline: UInt64 = 0
        /// Whether one of them asks.
        var asksWhoWrites = false
        let outcome = Promise<Result<Found, any Error>>()
    }

    private struct Found {
        let result: PostgresResult
        /// Where the row of each id stands in it.
        let rows: [Value: Int]
        let evidence: ReadEvidence
    }
}
