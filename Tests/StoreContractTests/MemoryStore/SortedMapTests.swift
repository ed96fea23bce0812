import LarderTesting
import Model
import TestDomain
import Testing

@testable import MemoryStore

@Suite struct `A sorted map` {
    /// The same changes to a map and to a dictionary: after each, both have the same entries.
    @Test(arguments: [(seed: 1, keys: 40), (seed: 2, keys: 400), (seed: 3, keys: 4000)])
    func `has what was put into it, in the order of the keys`(seed: UInt64, keys: Int) {
        var random = SeededNumbers(seed: seed)
        var map = SortedMap<Value, Int>()
        var model: [Int64: Int] = [:]
        for step in 0..<6000 {
            let key = Int64.random(in: 0..<Int64(keys), using: &random)
            // First it grows, then it shrinks.
            if Int.random(in: 0..<6000, using: &random) > step {
                map.put(step, at: .integer(key))
                model[key] = step
            } else {
                map.remove(.integer(key))
                model[key] = nil
            }
            #expect(map.count == model.count)
            #expect(map[.integer(key)] == model[key])
            if step % 500 == 0 { expectEqual(map, model) }
        }
        expectEqual(map, model)
        for key in model.keys { map.remove(.integer(key)) }
        #expect(map.isEmpty)
        #expect(map.startIndex == map.endIndex)
    }

    private func expectEqual(_ map: SortedMap<Value, Int>, _ model: [Int64: Int]) {
        let expected = model.sorted { $0.key < $1.key }
        #expect(map.map(\.key) == expected.map { .integer($0.key) })
        #expect(map.map(\.payload) == expected.map(\.value))
        #expect(map.reversed().map(\.payload) == expected.reversed().map(\.value))
        for bound in stride(from: -1, through: (expected.last?.key ?? 0) + 1, by: 7) {
            let rest = map[map.lowerBound(of: .integer(bound))...]
            #expect(rest.count == expected.count { $0.key >= bound })
            #expect(rest.first?.key == expected.first { $0.key >= bound }.map { .integer($0.key) })
        }
    }

    @Test func `does not change when a copy does`() {
        var map = SortedMap<Value, Int>()
        for number in 0..<1000 { map.put(number, at: .integer(Int64(number))) }
        var copy = map
        for number in stride(from: 0, to: 1000, by: 3) { copy.remove(.integer(Int64(number))) }
        for number in 1000..<1200 { copy.put(number, at: .integer(Int64(number))) }
        copy.put(-1, at: .integer(1))
        #expect(map.map(\.payload) == Array(0..<1000))
        #expect(copy.count == 1000 - 334 + 200)
        #expect(copy[.integer(1)] == -1)
    }
}
