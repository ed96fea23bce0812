/// What a store does for a ``UnitOfWork``. Rows are found locked, and constraints that do not hold are ``DomainError``s.
public protocol StoreTransaction: AnyObject {
    /// The id of this transaction among all of the store, which it has from now on if it had none: by it a
    /// ``TransactionSnapshot`` tells whether it is finished.
    func identify() async throws -> UInt64
    /// - Parameter ids: in their order.
    /// - Returns: those of the rows that there are; what cannot be read of them is ``Row/unreadable``.
    func find(_ ids: [Value], of schema: Schema) async throws -> [Row]
    /// The rows of a query, up to its limit, in its order, as this transaction sees them.
    func list(_ query: Query) async throws -> [Row]
    /// - Parameters:
    ///   - fields: the values of the own fields.
    ///   - id: nil if the store counts the rows.
    func insert(_ fields: [Value], id: Value?, into schema: Schema) async throws -> Row
    /// Writes the values of rows that are there, with the next version and the time of the transaction. No two of them may have
    /// the same id. What has to be unique is so when all are written, so that rows can exchange their values. Of a row that
    /// was unreadable all is readable then.
    func update(_ rows: [Row], of schema: Schema) async throws -> [Row]
    func delete(_ id: Value, of schema: Schema) async throws
    /// Inserts those of the rows whose ids are not there. Waits for other transactions that are inserting or deleting
    /// rows with these ids. None of the ids is ever given to another row.
    ///
    /// - Returns: the ids of the rows that were inserted.
    func insertMissing(_ rows: [(id: Value, fields: [Value])], into schema: Schema) async throws -> Set<Value>
    /// What rows own, by owner and position.
    func owned(_ rows: OwnedRows, by owners: [Value], of schema: Schema) async throws -> [OwnedRow]
    /// - Returns: the ids of the owners of which something is new or another one than before.
    func upsert(_ rows: [OwnedRow], into owned: OwnedRows, of schema: Schema) async throws -> Set<Value>
    /// Takes a key until the end of the transaction.
    ///
    /// - Returns: what was kept for it, unless its time is over; nil for a key that is to be used now.
    /// - Throws: ``DomainError/keyInUse`` if another transaction has it. A store that runs one at a time never does.
    func claim(_ key: IdempotencyKey) async throws -> KeptAnswer?
    /// Keeps an answer for a key that was claimed in this transaction, and drops up to
    /// ``IdempotencyKey/dropsPerWrite`` answers that are older than the key's lifetime.
    func keep(_ answer: KeptAnswer, for key: IdempotencyKey) async throws
}
