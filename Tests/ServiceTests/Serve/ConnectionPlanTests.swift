import Testing

@testable import Service

@Suite struct `The connections to PostgreSQL` {
    @Test(arguments: [
        (workers: 2, allowance: 97, size: 4), (8, 97, 4), (12, 97, 4), (13, 97, 3), (24, 97, 2), (32, 97, 1), (64, 97, 1),
        (1, 3, 1), (1, 0, 1),
        (2, 16, 4), (2, 15, 3), (32, 1_000, 4),
    ])
    func `leave half of what there are to others, unless it was said how many they are`(
        workers: Int, allowance: Int, size: Int
    ) {
        var plan = ConnectionPlan(workers: workers, poolSize: 4)
        let isSmaller = plan.fit(within: allowance)
        #expect(plan.poolSize == size)
        #expect(isSmaller == (size < 4))
    }

    @Test func `are too few if not all of them can be had`() throws {
        let plan = ConnectionPlan(workers: 32, poolSize: 4)
        #expect(plan.connections == 129)
        #expect(plan.shortage(of: 129) == nil)
        let sentence = try #require(plan.shortage(of: 97))
        #expect(sentence.hasPrefix("PostgreSQL allows 97 connections, and under load 129 are wanted: lower HTTP_WORKERS"))
    }
}
