import Domain
import EventLoop
import LarderTesting
import Model
import Testing

/// The contract of stores, which a team's tests can run too.
@Suite struct `Contracts` {
    @Test(arguments: StoreUnderTest.all.flatMap(\.contract.checks))
    func `hold`(check: StoreContract.Check) async throws { try await check.run() }
}

extension StoreUnderTest {
    fileprivate var contract: StoreContract { StoreContract(declarations, of: name, makeStore: makeStore) }

    @Sendable private func makeStore(_ loop: Loop, _ body: (any Store) async throws -> Void) async throws {
        try await open(loop) { store, _ in try await body(store) }
    }
}
