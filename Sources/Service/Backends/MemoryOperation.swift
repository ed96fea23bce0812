internal import MemoryStore
internal import Metrics
internal import Model

/// Rows in this process's memory: always there, and nobody's but its own.
final class MemoryOperation: OperatedStore {
    let rows: any Store

    init(_ database: MemoryDatabase, now: @escaping () -> UInt64) { rows = InMemoryStore(database, now: now) }

    var measured: (any Measured)? { nil }

    var obstacle: String? { nil }

    func mismatches(deadline: UInt64) async throws -> [String] { [] }

    func doubts(deadline: UInt64) async throws -> [String] { [] }

    var failure: CommandFailure? { nil }

    /// Rows in memory are this process's own, and so is what is cached of them.
    func register(_ cache: String) async throws -> CacheRegistration { CacheRegistration(database: Self.process, holdOff: 0) }

    private static let process = String(UInt64.random(in: .min ... .max), radix: 16)

    func interrupt() async -> Bool { false }

    func close(within milliseconds: UInt64) async {}
}
