import Domain
import EventLoop
import LarderTesting
import MemoryStore
import Model
import Testing

/// A store that has to fulfil the contract, and how to get a fresh, empty one.
///
/// Another store joins by a constant in ``all``; no test changes.
struct StoreUnderTest: Sendable, CustomTestStringConvertible {
    /// Hands a fresh, empty store to `body`, and clears up after it. Runs on the loop, as the store will.
    ///
    /// A cache hands over the store below it, too, so that tests can see whether both show the same; others hand over nil.
    typealias Opening =
        @Sendable (
            _ loop: Loop, _ body: (_ store: any Store, _ base: (any Store)?) async throws -> Void
        ) async throws -> Void

    let name: String
    let open: Opening

    init(_ name: String, open: @escaping Opening) {
        self.name = name
        self.open = open
    }

    static let all =
        [memory, cachedMemory] + (TestServers.havePostgres ? [postgres] : [])
        + (TestServers.havePostgres && TestServers.haveRedis ? [cachedPostgres] : [])

    static let memory = StoreUnderTest("memory") { loop, body in
        try await body(InMemoryStore(MemoryDatabase(), now: { loop.now }), nil)
    }

    var testDescription: String { name }

    /// Runs `body` with a fresh store, as a task on a loop that nobody else uses meanwhile.
    func run(_ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
        try await LoopPool.shared.run { [open] loop in
            try await open(loop) { store, base in try await body(Bench(store, over: base, on: loop)) }
        }
    }
}
