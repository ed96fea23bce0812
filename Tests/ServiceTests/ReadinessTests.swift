import Testing

@testable import Service

@Suite struct `What is in the way of workers` {
    @Test func `is said once if it is in the way of all`() {
        #expect(Readiness.summary([["a", "b"], ["b", "a"]]) == ["a", "b"])
        #expect(Readiness.summary([["a"]]) == ["a"])
        #expect(Readiness.summary([[], []]) == [])
    }

    @Test func `is said with their numbers if it is in the way of some`() {
        #expect(Readiness.summary([[], ["a"], []]) == ["worker 2 of 3: a"])
        #expect(Readiness.summary([["a"], ["b"], ["a", "b"]]) == ["workers 1, 3 of 3: a", "workers 2, 3 of 3: b"])
        #expect(Readiness.summary([["a", "b"], ["a"]]) == ["a", "worker 1 of 2: b"])
    }
}
