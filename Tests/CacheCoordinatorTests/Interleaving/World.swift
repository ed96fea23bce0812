import Domain

@testable import CacheCoordinator

/// Two workers with a cache each, over one cache server and one store, and all who use them.
///
/// It keeps the promise of docs/freshness.md in mind: ``failure`` says when a read returned less than was known before.
final class World {
    /// What a reader reads.
    enum Key: String, CaseIterable {
        /// One row.
        case row
        /// Two rows, of which the second is known only when the first was read.
        case pair
        /// All rows.
        case list

        var rows: [Int64] { self == .row ? [1] : FakeStore.ids }
        /// On what it is known to depend before it is read.
        var tags: [Tag] { self == .list ? [Category.setTag] : [Category.tag(of: ID(1))] }
    }

    let schedule = Schedule()
    let server: FakeServer
    let store: FakeStore
    private let workers: [Worker]
    private let flaw: Flaw?
    private let choices: any Choices
    /// The newest version of each row that was acknowledged to a writer or returned to a reader.
    private var known: [Int64: Int64]
    /// What went wrong first, with all steps until then.
    private(set) var failure: String?

    /// The loads of each worker that anybody may join, if that is the flaw.
    private var flights: [Int: [Key: Load]] = [:]

    private struct Worker {
        let cache: Cache
        let store: CachedStore
    }

    init(_ choices: any Choices, _ flaw: Flaw? = nil, memoryBytes: Int = 1 << 20) {
        let policy = CachePolicy(
            freshnessBound: flaw == .servesWithoutAsking ? 1 : 0, memoryBytes: memoryBytes,
            intentLifetime: FakeServer.intentLifetime)
        let server = FakeServer(flaw)
        let store = FakeStore(schedule, choices, flaw)
        workers = [1, 2].map { [schedule] number in
            let cache = Cache(FakeBackend(server, schedule, worker: number), policy: policy) { 0 }
            return Worker(cache: cache, store: CachedStore(store, cache))
        }
        self.choices = choices
        self.flaw = flaw
        self.server = server
        self.store = store
        known = store.versions
    }

    /// Lets everybody do what they are there for, in the order that the choices say. Then nothing is under way, and what
    /// is read has to be what is in the store, whether or not anybody knows that it was committed.
    func run() {
        schedule.run(choices)
        if !schedule.left.isEmpty { fail("nobody can go on: \(schedule.left)") }
        server.expireIntents()
        known = store.versions
        for worker in workers.indices { readAlone("the last reader", at: worker, Key.allCases) }
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
        let encoded = try? await workers[worker].cache.read(
            key.rawValue, of: "things", tags: { key.tags }, ReadContext(deadline: 0)
        ) { await load(key, at: worker, $0) }
        guard let encoded else { return fail("\(name) was given nothing") }
        for (row, version) in zip(key.rows, encoded.bytes.map(Int64.init)) {
            if version < before[row]! {
                fail("STALE: \(name) was given version \(version) of row \(row), and \(before[row]!) was known before")
            }
            known[row] = max(known[row]!, version)
        }
    }

    private func load(_ key: Key, at worker: Int, _ context: ReadContext) async -> Encoded {
        if key == .pair, flaw != .forgetsTagsThatTheLoadFound { context.depend(on: Category.tag(of: ID(2))) }
        if flaw == .joinsAnyLoad, let other = flights[worker, default: [:]][key] { return try! await other.result().encoded! }
        let flight = Load(nil)
        flights[worker, default: [:]][key] = flight
        await schedule.step("worker \(worker + 1) loads \(key)")
        let versions = key.rows.map { store.versions[$0]! }
        await schedule.step("worker \(worker + 1) has loaded \(versions) for \(key)")
        let encoded = Encoded(bytes: versions.map { UInt8($0) }, tag: EntityTag(high: 0, low: 0))
        flights[worker]![key] = nil
        flight.finish(.success(Loaded(encoded: encoded, tags: [])))
        return encoded
    }

    /// - Parameter rows: the rows that it changes, each in a transaction of its own.
    func addWriter(at worker: Int, _ rows: [Int64]) {
        schedule.spawn { [self] in
            for row in rows {
                await schedule.step("a writer begins to change row \(row) at worker \(worker + 1)")
                let written = try? await workers[worker].store.write(deadline: 0) { unit in
                    let stored = try await unit.find(ID<Category>(row))!
                    var value = stored.value
                    value.name += "x"
                    return try await unit.update(stored, to: value).version
                }
                if let written { known[row] = max(known[row]!, written) }
            }
        }
    }

    // MARK: What befalls it

    enum Trouble: Int {
        case none, cutOff, restart, eviction, time
    }

    func add(_ trouble: Trouble) {
        switch trouble {
        case .none: break
        case .cutOff: addCutOff()
        case .restart: addRestart()
        case .eviction: addEviction()
        case .time: addTime()
        }
    }

    private func addCutOff() {
        schedule.spawn { [self] in
            await schedule.step("the server is cut off")
            server.cutOff()
            await schedule.step("the server is reached again")
            await server.reconnect()
        }
    }

    private func addRestart() {
        schedule.spawn { [self] in
            await schedule.step("the server restarts")
            let committing = store.committing
            server.restart()
            await schedule.step("the hold-off ends") { [store] in committing.allSatisfy { store.isOver($0) } }
            server.isHoldingOff = false
        }
    }

    private func addEviction() {
        schedule.spawn { [self] in
            await schedule.step("the server evicts tags")
            await server.evictTags()
            await schedule.step("the server evicts entries")
            server.entries = [:]
        }
    }

    /// So much time passes that intents expire. A transaction does not live so long after its announcement.
    private func addTime() {
        schedule.spawn { [self] in
            await schedule.step("time passes") { [self] in
                flaw == .letsIntentsExpireBeforeTheCommit || store.committing.isEmpty
            }
            server.expireIntents()
        }
    }
}
