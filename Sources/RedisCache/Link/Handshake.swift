/// What is said on a new connection before it is used, in one round trip: who we are, who the server is, and whether
/// it takes writes.
struct Handshake {
    /// `SET` with `NX` and `GET` together came with it.
    static let oldestVersion = 7

    let configuration: RedisConfiguration

    func run(on connection: RedisConnection) async throws(RedisFailure) -> ServerIdentity {
        let replies = try await connection.run(introduction + questions)
        for reply in replies.prefix(introduction.count) {
            if case .error(let message) = reply { throw .refused(message) }
        }
        return try identity(replies.dropFirst(introduction.count).map { $0 })
    }

    private var introduction: [[RedisArgument]] {
        var commands: [[RedisArgument]] = []
        if let password = configuration.password {
            commands.append(["AUTH"] + (configuration.user.map { [.text($0)] } ?? []) + [.text(password)])
        }
        if configuration.database != 0 { commands.append(["SELECT", .number(configuration.database)]) }
        return commands
    }

    private var questions: [[RedisArgument]] {
        [
            ["INFO", "server"],
            ["INFO", "replication"],
            // A server that is loading, or read-only, is found out here, not by a writer.
            ["EVAL", .text(Scripts.probe), "1", .text(configuration.prefix + ":probe")],
        ] + LoadedScripts.sources.map { ["SCRIPT", "LOAD", .text($0)] } + [
            // Last, because it is the one that may be forbidden.
            ["CONFIG", "GET", "maxmemory-policy", "timeout"]
        ]
    }

    private func identity(_ replies: [RedisValue]) throws(RedisFailure) -> ServerIdentity {
        for reply in replies.dropLast() {
            if case .error(let message) = reply { throw .refused(message) }
        }
        guard let server = replies[0].string.map(ServerInfo.init), let replication = replies[1].string.map(ServerInfo.init),
            let runID = server["run_id"], let version = server["redis_version"], let replicationID = replication["master_replid"],
            let scripts = LoadedScripts(names: replies.dropFirst(3).dropLast().compactMap(\.string))
        else { throw .unsuitable("it does not say who it is: INFO has no run_id or no redis_version") }
        guard let major = version.split(separator: ".").first.flatMap({ Int($0) }), major >= Self.oldestVersion else {
            throw .unsuitable("it is version \(version); version \(Self.oldestVersion) or newer is needed")
        }
        if let mode = server["redis_mode"], mode != "standalone" {
            throw .unsuitable("it runs in \(mode) mode, which is not supported yet; give a server that stands alone")
        }
        let role = replication["role"] ?? "unknown"
        guard role == "master" else {
            throw .unsuitable("its role is \(role); only a master can be the cache, because a replica lags behind")
        }
        let settings = Self.settings(replies[replies.count - 1])
        return ServerIdentity(
            runID: runID, replication: replicationID, area: "\(configuration.database)/\(configuration.prefix)",
            version: version, evictionHazard: settings["maxmemory-policy"].flatMap(EvictionHazard.init(policy:)),
            idleSeconds: settings["timeout"].flatMap { Int($0) } ?? 0, scripts: scripts)
    }

    /// The answer to `CONFIG GET`: names and values, one after the other. None if it was refused.
    private static func settings(_ reply: RedisValue) -> [String: String] {
        var settings: [String: String] = [:]
        var rest = (reply.elements ?? [])[...]
        while let name = rest.popFirst()?.string, let value = rest.popFirst()?.string { settings[name] = value }
        return settings
    }
}
