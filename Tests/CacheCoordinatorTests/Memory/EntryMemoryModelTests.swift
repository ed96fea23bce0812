import LarderTesting
import Testing

@testable import CacheCoordinator

/// SIEVE as its paper describes it, with arrays and no links.
private struct SieveModel {
    struct Item {
        var key: String
        var entry: Entry
        var wasUsed = false
    }

    let capacity: Int
    /// From the oldest to the newest.
    var items: [Item] = []
    /// The key at which the hand stands; nil: at the oldest.
    var hand: String?
    var evictions = 0

    var bytes: Int { items.reduce(0) { $0 + $1.entry.size } }

    mutating func entry(_ key: String) -> Entry? {
        guard let place = items.firstIndex(where: { $0.key == key }) else { return nil }
        items[place].wasUsed = true
        return items[place].entry
    }

    mutating func remove(_ key: String) {
        guard let place = items.firstIndex(where: { $0.key == key }) else { return }
        if hand == key { hand = place + 1 < items.count ? items[place + 1].key : nil }
        items.remove(at: place)
    }

    mutating func insert(_ entry: Entry, _ key: String) {
        remove(key)
        guard entry.size <= capacity else { return }
        while bytes + entry.size > capacity {
            var place = hand.flatMap { hand in items.firstIndex { $0.key == hand } } ?? 0
            while items[place].wasUsed {
                items[place].wasUsed = false
                place = (place + 1) % items.count
            }
            hand = items[place].key
            remove(items[place].key)
            evictions += 1
        }
        items.append(Item(key: key, entry: entry))
    }
}

@Suite struct `A worker's memory of entries beside a model` {
    @Test(arguments: 0..<60 as Range<UInt64>)
    func `keeps and evicts the same, and never exceeds its bytes`(seed: UInt64) {
        var numbers = SeededNumbers(seed: seed)
        let unit = Entry("").size
        let capacity = unit * Int.random(in: 1...12, using: &numbers)
        var memory = EntryMemory(capacity: capacity)
        var model = SieveModel(capacity: capacity)
        let keys = (0..<Int.random(in: 2...24, using: &numbers)).map { "k\($0)" }
        for step in 0..<300 {
            let key = keys.randomElement(using: &numbers)!
            switch Int.random(in: 0..<10, using: &numbers) {
            case 0..<5:
                #expect(memory.entry(key) === model.entry(key), "step \(step)")
            case 5..<9:
                // Some larger than others, and now and then one that is larger than everything.
                let isLarge = Int.random(in: 0..<20, using: &numbers) == 0
                let length = Int.random(in: 0...(isLarge ? 15 * unit : 2 * unit), using: &numbers)
                let entry = Entry(String(repeating: "x", count: length))
                memory.insert(entry, key)
                model.insert(entry, key)
            default:
                memory.remove(key)
                model.remove(key)
            }
            #expect(memory.bytes <= capacity)
            #expect(memory.bytes == model.bytes)
            #expect(memory.count == model.items.count)
            #expect(memory.evictions == model.evictions)
        }
        // Reading changes what goes next, so everything is compared at the end only.
        for key in keys { #expect(memory.entry(key) === model.entry(key), "\(key)") }
    }
}
