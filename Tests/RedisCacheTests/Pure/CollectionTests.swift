import Model
import Testing

@testable import RedisCache

@Suite struct `A set of keys` {
    private let prefix = Array("p:".utf8)

    @Test func `has each name once`() {
        var set = KeySet()
        let numbers = ["products:1", "products:2", "products:1"].map { set.insert($0, prefix: prefix) }
        let count = set.count
        #expect(numbers == [0, 1, 0])
        #expect(count == 2)
    }

    @Test func `encodes its names for a command`() {
        var set = KeySet()
        for name in ["a", "", "é", "a"] { _ = set.insert(name, prefix: prefix) }
        let texts = [0..<3, 1..<2, 3..<3].map { String(decoding: set.bulkStrings($0), as: UTF8.self) }
        #expect(texts == ["$3\r\np:a\r\n$2\r\np:\r\n$4\r\np:é\r\n", "$2\r\np:\r\n", ""])
    }

    @Test func `tells names apart that are alike`() {
        var set = KeySet()
        // Lengths around the eight bytes that are hashed at a time, and names that are the beginning of others.
        let names = (0..<40).flatMap { length in ["a", "b"].map { String(repeating: "x", count: length) + $0 } }
        let numbers = (names + names).map { set.insert($0, prefix: prefix) }
        #expect(numbers == Array(names.indices) + Array(names.indices))
    }

    @Test func `grows, and is empty after it was emptied`() {
        var set = KeySet()
        for round in 0..<3 {
            let numbers = (0..<5_000).map { set.insert("products:\($0 + round)", prefix: prefix) }
            #expect(numbers == Array(0..<5_000))
            set.removeAll()
            let count = set.count
            #expect(count == 0)
        }
    }
}

@Suite struct `The queue of waiting commands` {
    private final class Nobody: ReplyHandler {
        func received(_ reply: Reply) {}
        func failed(_ failure: RedisFailure) {}
    }

    @Test func `gives the handlers back in their order, however it grows and shrinks`() {
        var queue = ReplyQueue()
        var model: [Nobody] = []
        for step in 0..<10_000 {
            // More come than go for a while, then the other way round.
            if (step / 1_000).isMultiple(of: 2) ? step % 3 != 0 : step % 3 == 0 {
                let handler = Nobody()
                queue.append(handler, deadline: UInt64(step))
                model.append(handler)
            } else if let first = queue.popFirst() {
                #expect(first === model.removeFirst())
            }
            #expect(queue.count == model.count)
        }
        while let first = queue.popFirst() { #expect(first === model.removeFirst()) }
        #expect(model.isEmpty)
    }

    @Test func `knows the deadline of the oldest`() {
        var queue = ReplyQueue()
        #expect(queue.earliestDeadline == nil)
        queue.append(Nobody(), deadline: 5)
        queue.append(Nobody(), deadline: 6)
        #expect(queue.earliestDeadline == 5)
        _ = queue.popFirst()
        #expect(queue.earliestDeadline == 6)
    }
}

@Suite struct `Eviction policies` {
    @Test func `that evict what is used, or nothing at all, are told of`() {
        #expect(EvictionHazard(policy: "allkeys-random") == .evictsWhatIsUsed(policy: "allkeys-random"))
        #expect(EvictionHazard(policy: "volatile-random") == .evictsWhatIsUsed(policy: "volatile-random"))
        #expect(EvictionHazard(policy: "volatile-ttl") == .evictsWhatIsUsed(policy: "volatile-ttl"))
        #expect(EvictionHazard(policy: "noeviction") == .keepsNothingWhenFull)
        for policy in ["allkeys-lru", "volatile-lru", "allkeys-lfu", "volatile-lfu"] {
            #expect(EvictionHazard(policy: policy) == nil)
        }
    }
}
