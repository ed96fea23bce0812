import EventLoop
import LarderTesting
import MemoryStore
import Model
import TestDomain
import Testing

@Suite struct `The contract of stores` {
    private static func contract(of flaw: Flaw?) -> StoreContract {
        StoreContract(testDeclarations) { loop, body in
            try await body(BrokenStore(InMemoryStore(MemoryDatabase(), now: { loop.now }), flaw))
        }
    }

    @Test(arguments: contract(of: nil).checks)
    func `is kept by a store without a flaw`(check: StoreContract.Check) async throws { try await check.run() }

    @Test(arguments: Flaw.allCases)
    func `names the rule that a store breaks`(flaw: Flaw) async throws {
        let check = try #require(Self.contract(of: flaw).checks.first { $0.name == flaw.rule })
        await #expect(throws: (any Error).self) { try await check.run() }
    }

    @Test func `has no rule that no store could break`() {
        #expect(Set(Self.contract(of: nil).checks.map(\.name)) == Set(Flaw.allCases.map(\.rule)))
    }
}
