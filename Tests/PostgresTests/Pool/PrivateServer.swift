import EventLoop
import LarderTesting
import Testing

@testable import Postgres

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A PostgreSQL of the test's own, which it may stop and start. It listens on a unix socket in a new folder.
///
/// PostgreSQL refuses to run as root, so root runs it as the user `postgres`, or `nobody`.
struct PrivateServer: Sendable {
    struct Failure: Error { let command: [String], status: Int32 }

    private let folder: String
    private let programs: String

    /// - Parameter ports: those of the servers to try, in their order.
    func configuration(ports: Int...) throws -> PostgresConfiguration {
        let hosts = (ports.isEmpty ? [Self.port] : ports).map { _ in folder }.joined(separator: ",")
        let ports = (ports.isEmpty ? [Self.port] : ports).map(String.init).joined(separator: ",")
        return try PostgresConfiguration("host=\(hosts) port=\(ports) dbname=postgres user=larder")
    }

    static let port = 5432
    static let standbyPort = 5433

    /// Whether PostgreSQL's own programs are here.
    static var isPossible: Bool { programsFolder() != nil }

    /// Runs `body` with a new server on a loop of its own, and removes the server afterwards.
    static func withServer(_ body: @escaping @Sendable (Loop, PrivateServer) async throws -> Void) async throws {
        try await onLoop { loop in
            let server = try await loop.offload { try make() }
            let outcome: Result<Void, any Error>
            do { outcome = .success(try await body(loop, server)) } catch { outcome = .failure(error) }
            try await loop.offload { try server.remove() }
            try outcome.get()
        }
    }

    private static func make() throws -> PrivateServer {
        var template = Array("/tmp/larder-test-pg.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(command: ["mkdtemp"], status: errno) }
        let folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        if let user { try execute(["chown", user, folder], asUser: false) }
        let server = PrivateServer(folder: folder, programs: programsFolder()!)
        do {
            try server.execute(["initdb", "-D", "\(folder)/data", "-U", "larder", "--auth=trust", "--no-sync"])
            try server.start()
        } catch {
            try server.remove()
            throw error
        }
        return server
    }

    func start() throws {
        try control(["-l", "\(folder)/log", "-o", "\(settings) -c port=\(Self.port)", "start"])
    }

    private var settings: String { "-c listen_addresses= -c unix_socket_directories=\(folder) -c fsync=off" }

    func stop() throws { try control(["-m", "fast", "stop"]) }

    /// Starts a standby of it, at ``standbyPort``.
    func startStandby() throws {
        let backup = ["-h", folder, "-p", "\(Self.port)", "-U", "larder", "-D", "\(folder)/standby", "-R", "-c", "fast", "-N"]
        try execute(["pg_basebackup"] + backup)
        try control(["-l", "\(folder)/standby.log", "-o", "\(settings) -c port=\(Self.standbyPort)", "start"], of: "standby")
    }

    private func remove() throws {
        // They may be stopped already.
        try? control(["-m", "immediate", "stop"], of: "standby")
        try? stop()
        try Self.execute(["rm", "-rf", folder], asUser: false)
    }

    private func control(_ arguments: [String], of data: String = "data") throws {
        try execute(["pg_ctl", "-D", "\(folder)/\(data)", "-w"] + arguments)
    }

    private func execute(_ command: [String]) throws {
        try Self.execute(["\(programs)/\(command[0])"] + command.dropFirst(), asUser: true)
    }

    /// Who runs the server; nil for whoever runs the test.
    private static var user: String? {
        guard getuid() == 0 else { return nil }
        return getpwnam("postgres") != nil ? "postgres" : "nobody"
    }

    private static func execute(_ command: [String], asUser: Bool) throws {
        let command = if asUser, let user { ["runuser", "-u", user, "--"] + command } else { command }
        var arguments = command.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        #if canImport(Darwin)
            var actions: posix_spawn_file_actions_t? = nil
        #else
            var actions = posix_spawn_file_actions_t()
        #endif
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // A server that held the test's output would keep whoever reads it waiting.
        for descriptor in Int32(0)...2 {
            posix_spawn_file_actions_addopen(&actions, descriptor, "/dev/null", descriptor == 0 ? O_RDONLY : O_WRONLY, 0)
        }
        var process = pid_t()
        let status = posix_spawnp(&process, command[0], &actions, nil, &arguments, environ)
        guard status == 0 else { throw Failure(command: command, status: status) }
        var outcome: Int32 = 0
        while waitpid(process, &outcome, 0) < 0, errno == EINTR {}
        guard outcome == 0 else { throw Failure(command: command, status: outcome) }
    }

    private static func programsFolder() -> String? {
        let versions = (14...20).reversed()
        let folders =
            versions.map { "/usr/lib/postgresql/\($0)/bin" } + versions.map { "/opt/homebrew/opt/postgresql@\($0)/bin" }
            + ["/usr/local/bin", "/usr/bin"]
        return folders.first { access("\($0)/initdb", X_OK) == 0 }
    }
}
