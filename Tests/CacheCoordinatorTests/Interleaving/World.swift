import Model

@testable import CacheCoordinator

/// Two workers with a cache each, over one cache server and one store, and all who use them.
///
/// It keeps the promise of docs/freshness.md in mind: ``failure`` says when a read returned less than was known before.
final class World {
    /// What a reader reads.
    enum Key: String, CaseIterable {
        /// One row.
        case row
        /// One row that is not there at first.
        case missing
        /// Two rows, of which the second is known only when the first was read.
        case pair
        /// All rows.
        case list

        var rows: [Int64] {
            switch self {
            case .row: [1]
            case .missing: [FakeStore.missingID]
            case .pair: [1, 2]
            case .list: FakeStore.ids
            }
        }
        /// On what it is known to depend before it is read.
        var tags: [Tag] { self == .list ? [Shelf.schema.setTag] : [Shelf.tag(of: ID(rows[0]))] }
    }

    let schedule = Schedule()
    let server: FakeServer
    let store: FakeStore
    private let workers: [Worker]
    private let flaw: Flaw?
    private let choices: any Choices
    /// The newest state of each row that was acknowledged to a writer or returned to a reader.
    private var known: [Int64: Int]
    /// What went wrong first, with all steps until then.
    private(set) var failure: String?

    private struct Worker {
        let cache: Cache
        let store: CachedStore
    }

    init(_ choices: any Choices, _ flaw: Flaw? = nil, memoryBytes: Int = 1 << 20) {
        let policy = CachePolicy(
            freshnessBound: flaw == .servesWithoutAsking ? 1 : 0, memoryBytes: memoryBytes)
        let server = FakeServer(flaw)
        let store = FakeStore(schedule, choices, flaw)
        workers = [1, 2].map { [schedule] number in
            let backend = FakeBackend(server, schedule, worker: number)
            let cache = Cache(backend, policy: policy, now: { 0 }) { _ in
                await Self.evidence(store, schedule, flaw, worker: number, asksWhoWrites: true)
            }
            let announcer = LeasedAnnouncer(
                backend, server.lease, other: FakeAnnouncer(server: server, schedule: schedule))
            return Worker(cache: cache, store: CachedStore(store, cache, announcer))
        }
        self.choices = choices
        self.flaw = flaw
        self.server = server
        self.store = store
        known = store.states
    }

    /// Lets everybody do what they are there for, in the order that the choices say. Then nothing is under way, and what
    /// is read has to be what is in the store, whether or not anybody knows that it was committed.
    func run() {
        schedule.run(choices)
        if !schedule.left.isEmpty { fail("nobody can go on: \(schedule.left)") }
        known = store.states
        for worker in workers.indices { readAlone("the last reader", at: worker, Key.allCases) }
    }

    /// Asks the store who writes, and then for a snapshot.
    private static func evidence(
        _ store: FakeStore, _ schedule: Schedule, _ flaw: Flaw?, worker: Int, asksWhoWrites: Bool
    ) async -> ReadEvidence {
        var writers: [UInt64]?
        if asksWhoWrites {
            await schedule.step("worker \(worker) asks who writes")
            writers = flaw == .asksNobodyWhoWrites ? [] : store.writers
        }
        await schedule.step("worker \(worker) takes a snapshot")
        let snapshot = flaw == .believesThatAllAreFinished ? TransactionSnapshot(next: .max) : store.snapshot
        return ReadEvidence(snapshot: snapshot, writers: writers)
    }

    var statistics: [CacheStatistics] { workers.map(\.cache.statistics) }

    private func fail(_ reason: String) {
        if failure == nil { failure = "\(reason)\nafter\n\(schedule.log.joined(separator: "\n"))" }
    }

    // MARK: Who uses it

    /// Reads now, with nobody beside it.
    func readAlone(_ name: String, at worker: Int, _ keys: [Key]) {
        addReader(name, at: worker, keys)
        schedule.run()
    }

    func addReader(_ name: String, at worker: Int, _ keys: [Key]) {
        schedule.spawn { [self] in
            for key in keys {
                await schedule.step("\(name) begins to read \(key) at worker \(worker + 1)")
                await read(key, at: worker, name)
            }
        }
    }

    private func read(_ key: Key, at worker: Int, _ name: String) async {
        let before = known
        let encoded: Encoded?
        do {
            encoded = try await workers[worker].cache.read(
                key.rawValue, of: "things", tags: { key.tags }, ReadContext(deadline: 0)
            ) { await load(key, at: worker, $0) }
        } catch {
            return fail("\(name) was given an error: \(error)")
        }
        guard let encoded else { return check(absenceOf: key.rows[0], before, name) }
        for (row, state) in zip(key.rows, encoded.bytes.map(Int.init)) {
            if state < before[row]! {
                fail("STALE: \(name) was given state \(state) of row \(row), and \(before[row]!) was known before")
            }
            known[row] = max(known[row]!, state)
        }
    }

    /// Nobody can see in which state a row was not there. So what is known then is the first that it can have been.
    private func check(absenceOf row: Int64, _ before: [Int64: Int], _ name: String) {
        guard let state = store.absence(of: row, from: before[row]!) else {
            return fail("STALE: \(name) was told that row \(row) is not there, and since state \(before[row]!) it was")
        }
        known[row] = max(known[row]!, state)
    }

    private func load(_ key: Key, at worker: Int, _ context: ReadContext) async -> Encoded? {
        if key == .pair, flaw != .forgetsTagsThatTheLoadFound { context.depend(on: Shelf.tag(of: ID(2))) }
        let evidence = await Self.evidence(
            store, schedule, flaw, worker: worker + 1, asksWhoWrites: context.asksWhoWrites)
        context.saw(evidence)
        await schedule.step("worker \(worker + 1) loads \(key)")
        let states = key.rows.map { store.states[$0]! }
        let isThere = key == .list || store.isThere(key.rows[0])
        await schedule.step("worker \(worker + 1) has loaded \(isThere ? "\(states)" : "nothing") for \(key)")
        return isThere ? Encoded(bytes: states.map { UInt8($0) }, tag: EntityTag(high: 0, low: 0)) : nil
    }

    /// What a writer does with a row.
    enum Change {
        /// Makes it, or gives it another value.
        case put
        /// Removes it, or makes it if it is not there.
        case toggle
    }

    /// - Parameter changes: what it does, each in a transaction of its own.
    func addWriter(at worker: Int, _ changes: [(row: Int64, change: Change)]) {
        schedule.spawn { [self] in
            for (row, change) in changes {
                await schedule.step("a writer begins to \(change) row \(row) at worker \(worker + 1)")
                let written = try? await workers[worker].store.write(deadline: 0) { try await write(row, change, $0) }
                if let written { known[row] = max(known[row]!, written) }
            }
        }
    }

    /// - Returns: the state that the row is in if this is committed.
    private func write(_ row: Int64, _ change: Change, _ unit: UnitOfWork) async throws -> Int {
        let id = ID<Shelf>(row)
        if let stored = try await unit.find(id) {
            var value = stored.value
            value.name += "x"
            if change == .put { _ = try await unit.update(stored, to: value) } else { try await unit.delete(stored) }
        } else {
            try await unit.upsert([(id.value, Shelf().values)], into: Shelf.schema)
        }
        return store.states[row]! + 1
    }

    // MARK: What befalls it

    enum Trouble: Int {
        case none, cutOff, restart, eviction
    }

    func add(_ trouble: Trouble) {
        switch trouble {
        case .none: break
        case .cutOff: addCutOff()
        case .restart: addRestart()
        case .eviction: addEviction()
        }
    }

    private func addCutOff() {
        schedule.spawn { [self] in
            await schedule.step("the server is cut off")
            server.cutOff()
            await schedule.step("the server is reached again")
            server.reconnect()
            await schedule.step("the cache is opened again")
            if !server.isOpen { server.open() }
        }
    }

    private func addRestart() {
        schedule.spawn { [self] in
            await schedule.step("the server restarts")
            server.restart()
            await schedule.step("the cache is closed, because the server has another life")
            server.close()
            await schedule.step("the cache is opened on its new life")
            server.open()
        }
    }

    private func addEviction() {
        schedule.spawn { [self] in
            await schedule.step("the server evicts tags")
            server.evictTags()
            await schedule.step("the server evicts entries")
            server.entries = [:]
        }
    }
}
