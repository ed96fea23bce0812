import LarderTesting
import TestDomain
import Testing

/// The contract of stores, which a team's tests can run too.
@Suite struct `Contracts` {
    @Test(arguments: StoreUnderTest.all.flatMap { StoreContract(testDeclarations, over: $0).checks })
    func `hold`(check: StoreContract.Check) async throws { try await check.run() }
}
