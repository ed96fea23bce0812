@testable import CacheCoordinator
@testable import Model

/// Some rows, and the transactions that make, change and remove them.
final class FakeStore: Store {
    static let ids: [Int64] = [1, 2, 3]
    /// The one that is not there at first.
    static let missingID: Int64 = 3

    private let schedule: Schedule
    private let choices: any Choices
    private let flaw: Flaw?
    private var rows: [Int64: Stored<Shelf>] = [:]
    /// What became of each row, from the first state on: whether it was there.
    private var histories: [Int64: [Bool]] = [:]
    private var transactions: [Transaction] = []
    private var lastID: UInt64 = 0
    /// The greatest id of a finished transaction.
    private var ended: UInt64 = 0

    /// One that is not over yet.
    final class Transaction {
        var locks: Set<Int64> = []
        /// Given when it is asked for.
        var id: UInt64?
    }

    /// The ids of those that run.
    var writers: [UInt64] { transactions.compactMap(\.id).sorted() }
    /// As PostgreSQL takes it: what runs beyond the newest that is finished is not listed.
    var snapshot: TransactionSnapshot {
        TransactionSnapshot(next: ended + 1, running: writers.filter { $0 <= ended })
    }

    init(_ schedule: Schedule, _ choices: any Choices, _ flaw: Flaw?) {
        self.schedule = schedule
        self.choices = choices
        self.flaw = flaw
        for id in Self.ids {
            if id != Self.missingID { rows[id] = Stored(number: id) }
            histories[id] = [rows[id] != nil]
        }
    }

    /// How often each row was written, by id: what is older has a lower number, whether the row is there or not.
    var states: [Int64: Int] { histories.mapValues { $0.count - 1 } }

    func isThere(_ id: Int64) -> Bool { rows[id] != nil }

    /// The first state from `state` on in which the row was not there; nil if it was there all the time.
    func absence(of id: Int64, from state: Int) -> Int? { histories[id]![state...].firstIndex(of: false) }

    func write<Result>(deadline: UInt64, _ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        let transaction = Transaction()
        transactions.append(transaction)
        let changes = ShelfTransaction { [self] id in
            await schedule.step("a writer locks row \(id)") { [self] in !transactions.contains { $0.locks.contains(id) } }
            transaction.locks.insert(id)
            return rows[id]
        }
        changes.makeID = { [self] in
            lastID += 1
            transaction.id = lastID
            return lastID
        }
        let unit = UnitOfWork(changes, deadline: deadline)
        let result = try await body(unit)
        let touched = flaw == .announcesNoRowThatIsMade ? unit.touched.subtracting(made(by: changes)) : unit.touched
        if flaw != .announcesAfterTheCommit { try await unit.prepareCommit(of: touched) }
        await schedule.step("a writer commits")
        if choices.happens(onceIn: 12) {
            end(transaction)
            throw DomainError.contention
        }
        if choices.happens(onceIn: 4) {
            schedule.spawn { [self] in
                await schedule.step("the commit of which nobody knows happens")
                commit(transaction, changes)
            }
            throw CommitOutcomeUnknown()
        }
        commit(transaction, changes)
        if flaw == .announcesAfterTheCommit { try await unit.prepareCommit(of: touched) }
        await schedule.step("a writer hears that it has committed")
        return result
    }

    private func commit(_ transaction: Transaction, _ changes: ShelfTransaction) {
        for id in changes.written {
            rows[id] = changes.rows[id]!
            histories[id]!.append(rows[id] != nil)
        }
        end(transaction)
    }

    /// At once with what it wrote: who sees the one sees the other.
    private func end(_ transaction: Transaction) {
        transactions.removeAll { $0 === transaction }
        ended = max(ended, transaction.id ?? 0)
    }

    private func made(by changes: ShelfTransaction) -> [Tag] {
        changes.written.filter { rows[$0] == nil }.map { Shelf.tag(of: ID($0)) }
    }

    func repository(of schema: Schema) -> any Repository { preconditionFailure("readers load by themselves") }
    func evidence(deadline: UInt64) async throws -> ReadEvidence { preconditionFailure("the world asks by itself") }
    func check(deadline: UInt64) async throws {}
}
