import Testing

@testable import CacheCoordinator

/// A world that is made by chance, after everybody in it took steps in an order of chance. The same seed does the same.
private func randomWorld(seed: UInt64, _ flaw: Flaw? = nil) -> World {
    let chance = RandomChoices(seed: seed)
    let world = World(chance, flaw, memoryBytes: chance.happens(onceIn: 3) ? 0 : 1 << 20)
    for number in 1...2 + chance.number(below: 2) {
        let keys = (0...1 + chance.number(below: 2)).map { _ in chance.one(of: World.Key.allCases) }
        world.addReader("reader \(number)", at: chance.number(below: 2), keys)
    }
    for _ in 0...chance.number(below: 2) {
        let changes = (0...chance.number(below: 2)).map { _ in
            (chance.one(of: FakeStore.ids), chance.happens(onceIn: 3) ? World.Change.toggle : .put)
        }
        world.addWriter(at: chance.number(below: 2), changes)
    }
    world.add(flaw?.trouble ?? World.Trouble(rawValue: chance.number(below: 4))!)
    world.run()
    return world
}

@Suite struct `Readers and writers in any order` {
    /// How many random orders are run.
    private static let orders: UInt64 = 3_000
    /// Within how many each broken rule has to show. Most do at once.
    private static let ordersToFindAFlaw: UInt64 = 100_000

    @Test func `never read what is older than what was known`() {
        var sum = CacheStatistics()
        for seed in 0..<Self.orders {
            let world = randomWorld(seed: seed)
            if let failure = world.failure {
                Issue.record("seed \(seed): \(failure)")
                return
            }
            for statistics in world.statistics {
                sum.hits += statistics.hits
                sum.stored += statistics.stored
                sum.collapsed += statistics.collapsed
                sum.bypassed += statistics.bypassed
            }
        }
        // A cache that is never used is always right.
        #expect(sum.hits > Int(Self.orders))
        #expect(sum.stored > Int(Self.orders))
        #expect(sum.bypassed > Int(Self.orders) / 4)
        #expect(sum.collapsed > Int(Self.orders) / 100)
    }

    @Test(arguments: Flaw.allCases) func `are found to read what is too old when a rule is broken`(_ flaw: Flaw) throws {
        let failures = (0..<Self.ordersToFindAFlaw).lazy.compactMap { randomWorld(seed: $0, flaw).failure }
        let failure = try #require(failures.first, "\(flaw) was not noticed")
        #expect(failure.hasPrefix("STALE"), "it is noticed by what it does to readers")
    }

    @Test(arguments: 0..<20 as Range<UInt64>) func `take the same steps with the same seed`(seed: UInt64) {
        let log = randomWorld(seed: seed).schedule.log
        #expect(randomWorld(seed: seed).schedule.log == log)
    }
}

@Suite struct `One reader and one writer in every order` {
    /// Runs all orders of a read at one worker beside a write at the other.
    ///
    /// - Parameter isCached: whether something is there that could be served.
    /// - Returns: how many orders there are, up to the first failure.
    private func run(
        _ key: World.Key, isCached: Bool, _ change: World.Change = .put, _ flaw: Flaw? = nil
    ) -> (orders: Int, failure: String?) {
        let choices = AllChoices()
        var orders = 0
        repeat {
            let world = World(choices, flaw)
            if isCached { world.readAlone("the first reader", at: 1, [key]) }
            world.addReader("the reader", at: 1, [key])
            world.addWriter(at: 0, [(key.rows.last!, change)])
            world.run()
            orders += 1
            if let failure = world.failure { return (orders, failure) }
        } while choices.next()
        return (orders, nil)
    }

    /// A pair that is not cached yet is loaded twice, beside which a write has a hundred thousand orders.
    @Test(arguments: [
        (World.Key.row, true, World.Change.put), (.row, false, .put), (.row, true, .toggle), (.missing, true, .put),
        (.missing, false, .put), (.list, true, .put), (.list, false, .put), (.pair, true, .put),
    ])
    func `never read what is older than what was known`(_ key: World.Key, isCached: Bool, _ change: World.Change) {
        let (orders, failure) = run(key, isCached: isCached, change)
        #expect(failure == nil)
        #expect(orders > 300, "they are run")
    }

    @Test(arguments: [
        (Flaw.servesWithoutAsking, World.Key.row, true), (.comparesNothing, .row, false),
        (.believesThatAllAreFinished, .row, false),
        (.forgetsTagsThatTheLoadFound, .pair, true), (.servesWithoutAsking, .missing, true),
        (.announcesNoRowThatIsMade, .missing, true), (.believesThatAllAreFinished, .list, true),
    ])
    func `are found to read what is too old when a rule is broken`(_ flaw: Flaw, key: World.Key, isCached: Bool) {
        #expect(run(key, isCached: isCached, .put, flaw).failure?.hasPrefix("STALE") == true)
    }
}
