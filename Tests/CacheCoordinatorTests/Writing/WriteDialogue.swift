import Model
import Testing

@testable import CacheCoordinator

/// Writes through a cached store whose base store and backend answer what the test says.
final class WriteDialogue {
    /// What an update of the first shelf touches.
    static let touched: Set<Tag> = [Tag("shelves:1"), Tag("shelves")]
    /// The transaction's.
    static let id: UInt64 = 7

    let reads = Dialogue()
    let base: ScriptedStore
    let store: CachedStore
    let lease = CacheLease(clock: { 1_000 })
    let announcer: LeasedAnnouncer
    var script: Script { reads.script }
    var steps: [Step] { script.steps }

    init() {
        base = ScriptedStore(reads.script)
        announcer = LeasedAnnouncer(reads.backend, lease, other: ScriptedAnnouncer(script: reads.script))
        store = CachedStore(base, reads.cache, announcer)
        lease.give(.init(keyspace: .first, life: "life", end: 1_001))
    }

    /// A write that was begun.
    final class Writing {
        fileprivate(set) var result: Result<Int, any Error>?

        var isOver: Bool { result != nil }
        var value: Int? { try? result?.get() }
        var error: (any Error)? { if case .failure(let error) = result { error } else { nil } }
    }

    struct Refused: Error, Equatable {}

    func write(in store: (any Store)? = nil, _ body: @escaping (UnitOfWork) async throws -> Int) -> Writing {
        let writing = Writing()
        reads.executor.spawn { [store = store ?? self.store] in
            do { writing.result = .success(try await store.write(deadline: 1_000, body)) } catch {
                writing.result = .failure(error)
            }
        }
        return writing
    }

    /// Gives the first shelf a name, and returns 42.
    func rename(_ name: String = "new", in store: (any Store)? = nil, failing: Bool = false) -> Writing {
        write(in: store) { unit in
            let row = try await unit.find(ID<Shelf>(1))!
            var value = row.value
            value.name = name
            _ = try await unit.update(row, to: value)
            if failing { throw Refused() }
            return 42
        }
    }

    func answer(_ step: Step, _ failure: CacheUnavailable? = nil, _ location: SourceLocation = #_sourceLocation) {
        reads.answer(step, failure, location)
    }

    func announced(_ failure: CacheUnavailable? = nil, _ location: SourceLocation = #_sourceLocation) {
        reads.answer(.announce(Self.touched, by: Self.id), failure, location)
    }

    func announcedElsewhere(_ isDone: Bool = true, _ location: SourceLocation = #_sourceLocation) {
        if !script.answer(.announceElsewhere(Self.touched, by: Self.id), isDone) {
            Issue.record("nobody else was asked; unanswered are \(script.unanswered)", sourceLocation: location)
        }
        reads.executor.run()
    }

    func committed(_ failure: (any Error)? = nil, _ location: SourceLocation = #_sourceLocation) {
        if !script.answer(.commit, failure.map(ScriptedStore.CommitAnswer.failure) ?? .success(())) {
            Issue.record("nobody commits; unanswered are \(script.unanswered)", sourceLocation: location)
        }
        reads.executor.run()
    }
}
