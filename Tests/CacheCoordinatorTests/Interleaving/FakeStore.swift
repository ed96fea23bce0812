import Domain

@testable import CacheCoordinator

/// Two rows, and the transactions that change them.
final class FakeStore: Store {
    static let ids: [Int64] = [1, 2]

    private let schedule: Schedule
    private let choices: any Choices
    private let flaw: Flaw?
    private var rows: [Int64: Stored<Category>] = [:]
    private var transactions: [Transaction] = []

    /// One that is not over yet.
    final class Transaction {
        var locks: Set<Int64> = []
        /// Whether it may be committed at any moment.
        var isCommitting = false
    }

    /// Those that may be committed at any moment.
    var committing: [Transaction] { transactions.filter(\.isCommitting) }

    init(_ schedule: Schedule, _ choices: any Choices, _ flaw: Flaw?) {
        self.schedule = schedule
        self.choices = choices
        self.flaw = flaw
        for id in Self.ids { rows[id] = Stored(number: id, version: 0) }
    }

    func isOver(_ transaction: Transaction) -> Bool { !transactions.contains { $0 === transaction } }

    /// The versions of all rows, by id.
    var versions: [Int64: Int64] { rows.mapValues(\.version) }

    func write<Result>(deadline: UInt64, _ body: (UnitOfWork) async throws -> Result) async throws -> Result {
        let transaction = Transaction()
        transactions.append(transaction)
        let changes = CategoryTransaction { [self] id in
            await schedule.step("a writer locks row \(id)") { [self] in !transactions.contains { $0.locks.contains(id) } }
            transaction.locks.insert(id)
            return rows[id]
        }
        let unit = UnitOfWork(changes, deadline: deadline)
        let result = try await body(unit)
        transaction.isCommitting = true
        if flaw != .announcesAfterTheCommit { try await unit.willCommit?(unit.touched) }
        await schedule.step("a writer commits")
        if choices.happens(onceIn: 12) {
            transactions.removeAll { $0 === transaction }
            throw DomainError.contention
        }
        if choices.happens(onceIn: 4) {
            schedule.spawn { [self] in
                await schedule.step("the commit of which nobody knows happens")
                commit(transaction, changes)
            }
            throw flaw == .takesNoAnswerForARollback ? DomainError.contention as any Error : CommitOutcomeUnknown()
        }
        commit(transaction, changes)
        if flaw == .announcesAfterTheCommit { try await unit.willCommit?(unit.touched) }
        await schedule.step("a writer hears that it has committed")
        return result
    }

    private func commit(_ transaction: Transaction, _ changes: CategoryTransaction) {
        rows.merge(changes.rows) { $1 }
        transactions.removeAll { $0 === transaction }
    }

    func repository<E: Entity>(of entity: E.Type) -> any Repository<E> { preconditionFailure("readers load by themselves") }
    var customers: any CustomerRepository { preconditionFailure("there are no customers") }
    var applications: any ApplicationRepository { preconditionFailure("there are no applications") }
    func check(deadline: UInt64) async throws {}
}
