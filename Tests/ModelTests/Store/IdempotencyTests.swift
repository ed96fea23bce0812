import Model
import Testing

@Suite struct `A unit of work with an idempotency key` {
    private let transaction = FakeTransaction()
    private let key = IdempotencyKey(name: "k", request: "r", lifetime: 60)
    private let answer = KeptAnswer(request: "r", status: 201, fields: "", body: "b")

    @Test func `claims the key first, and keeps the answer last`() async throws {
        let unit = UnitOfWork(transaction, deadline: 0)
        let (given, isReplayed) = try await unit.once(key) {
            _ = try await unit.insert(Shelf())
            return answer
        }
        #expect(given == answer && !isReplayed)
        #expect(transaction.log == ["claim k", "insert shelves", "keep k"])
    }

    @Test func `does nothing the next time`() async throws {
        _ = try await UnitOfWork(transaction, deadline: 0).once(key) { answer }
        let (given, isReplayed) = try await UnitOfWork(transaction, deadline: 0).once(key) {
            Issue.record("it was done again")
            return answer
        }
        #expect(given == answer && isReplayed)
        #expect(transaction.log == ["claim k", "keep k", "claim k"])
    }

    @Test func `keeps no answer to what failed`() async throws {
        await #expect(throws: DomainError.notFound) {
            _ = try await UnitOfWork(transaction, deadline: 0).once(key) { throw DomainError.notFound }
        }
        #expect(transaction.answers.isEmpty)
    }
}
