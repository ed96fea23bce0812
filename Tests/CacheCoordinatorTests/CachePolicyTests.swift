import Testing

@testable import CacheCoordinator

@Suite struct `A cache policy` {
    @Test func `lets entries live as long as their resource says, or as long as all others`() {
        let policy = CachePolicy(lifetime: 9, lifetimes: ["jars": 5])
        #expect(policy.lifetime(of: "jars") == 5)
        #expect(policy.lifetime(of: "orders") == 9)
    }

    @Test func `shortens lives by a tenth at most, each by another part`() {
        let policy = CachePolicy(lifetime: 10_000)
        let lifetimes = (0..<500).map { _ in policy.lifetime(of: "jars") }
        #expect(lifetimes.allSatisfy { (9_000...10_000).contains($0) })
        #expect(Set(lifetimes).count > 100, "what was filled together must not expire together")
    }

    @Test(arguments: [0, 1, 9, -1]) func `copes with lives that have no tenth`(_ lifetime: Int) {
        #expect(CachePolicy(lifetime: lifetime).lifetime(of: "jars") == lifetime)
    }

    @Test func `is strict unless told otherwise`() {
        #expect(CachePolicy().freshnessBound == 0)
    }
}
