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

    func interrupt() async -> Bool { false }

    func close(within milliseconds: UInt64) async {}
}
