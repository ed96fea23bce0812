internal import CacheCoordinator
internal import EventLoop
internal import Model
internal import RedisCache

/// `larder cache`: looks into the cache that all instances share, or makes it forget.
struct CacheCommand {
    let configuration: Configuration
    let request: Command.CacheRequest
    let loop: EventLoop

    func run() async throws -> Int32 {
        let backing = try await Backing.sharing(configuration, on: loop)
        let redis = backing.redis!  // there is a shared cache
        do throws(CacheUnavailable) {
            switch request {
            case .stats: Terminal.write(Self.text(try await redis.statistics()))
            case .inspect(let name): Terminal.write(Self.text(name, try await redis.inspect(name)))
            case .invalidate(let tags):
                try await redis.invalidate(tags)
                Terminal.write("\(tags.count == 1 ? "1 tag was" : "\(tags.count) tags were") invalidated.\n")
            case .clear:
                try await redis.clear()
                Terminal.write("The cache is empty.\n")
            }
        } catch {
            throw CommandFailure("Redis did not do it: \(error).")
        }
        await backing.close(within: 100)
        return 0
    }

    private static func text(_ statistics: RedisStatistics) -> String {
        let limit = statistics.memoryLimitBytes.map { " of \($0)" } ?? ", without a limit"
        return """
            keyspace      \(statistics.keyspace.name)
            Redis         \(statistics.serverVersion)
            memory        \(statistics.usedMemoryBytes) bytes\(limit)
            eviction      \(statistics.evictionPolicy)
            entries       \(statistics.entries)
            tags          \(statistics.tags)
            other keys    \(statistics.keysOfOtherKeyspaces) of earlier keyspaces
            \(statistics.isComplete ? "" : "(there are more keys than are counted)\n")
            """
    }

    private static func text(_ name: String, _ inspection: RedisInspection) -> String {
        var lines: [String] = []
        if let tag = inspection.tag {
            switch tag.state {
            case .version(let token):
                lines.append("tag    \(name)  version \(String(token.value, radix: 16)), forgotten in \(tag.expiresIn / 1000) s")
            case .intent:
                lines.append("tag    \(name)  \(tag.writers.count) writes may commit, the last within \(tag.expiresIn) ms")
            case .absent: break
            }
        }
        if let entry = inspection.entry {
            lines.append("entry  \(name)  \(entry.bytes) bytes, expires in \(entry.expiresIn / 1000) s")
        }
        return lines.isEmpty ? "Nothing is known of \(name).\n" : lines.joined(separator: "\n") + "\n"
    }
}
