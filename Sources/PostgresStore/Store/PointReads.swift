internal import Domain
internal import EventLoop

/// Gathers the reads of single rows in a turn of the loop, and makes one statement of them.
///
/// A row that is asked for twice in a turn is read once. The statement begins after all who wait for it asked, so none
/// of them can miss a write that was acknowledged before.
final class PointReads<E: Entity>: TurnEndAction {
    /// How many rows one statement reads at most.
    private let limit = 256

    private unowned let store: PostgresStore
    private let sql: EntitySQL<E>
    private var batch: Batch?

    init(_ store: PostgresStore, _ sql: EntitySQL<E>) {
        self.store = store
        self.sql = sql
    }

    /// The row with this id; nil if there is none.
    func row(_ id: ID<E>, deadline: UInt64) async throws -> Stored<E>? {
        if batch == nil || batch!.ids.count == limit {
            let next = Batch()
            if let full = batch { start(full) } else { store.loop.atTurnEnd(self) }
            batch = next
        }
        let batch = batch!
        batch.ids.insert(id)
        batch.deadline = max(batch.deadline, deadline)
        await withUnsafeContinuation { batch.waiting.append($0) }
        return try batch.rows.get()[id]?.get()
    }

    func turnEnded() {
        if let batch { start(batch) }
        batch = nil
    }

    private func start(_ batch: Batch) {
        store.loop.spawn { [store, sql] in
            do {
                let ids = ArrayLiteral.encode(batch.ids.map { $0.value.sqlText })
                let results = try await store.read([Statement(sql.find, [ids])], deadline: batch.deadline)
                var rows: [ID<E>: Result<Stored<E>, UnreadableRow>] = [:]
                for index in 0..<results[0].rows {
                    let row = sql.rowToReplace(results[0], index)
                    rows[row.id] = row.readable
                }
                batch.rows = .success(rows)
            } catch {
                batch.rows = .failure(error)
            }
            for continuation in batch.waiting { continuation.resume() }
        }
    }

    private final class Batch {
        var ids: Set<ID<E>> = []
        var deadline: UInt64 = 0
        var waiting: [UnsafeContinuation<Void, Never>] = []
        /// One that cannot be read is no reason to fail those who wait for others.
        var rows: Result<[ID<E>: Result<Stored<E>, UnreadableRow>], any Error> = .success([:])
    }
}
