public import EventLoop
public import Postgres

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A PostgreSQL of one test, which may stop and start it. It listens on a unix socket in a new folder.
///
/// PostgreSQL refuses to run as root, so root runs it as the user `postgres`, or `nobody`.
public struct PrivatePostgres {
    private let folder: String
    private let programs: String
    private let loop: Loop

    /// The port of the server.
    public static let port = 5432
    /// That of its standby, once ``startStandby()`` has made one.
    public static let standbyPort = 5433

    /// Whether PostgreSQL's own programs are here.
    public static var isPossible: Bool { programsFolder != nil }

    /// How to connect.
    ///
    /// - Parameter ports: those of the servers to try, in their order; the server's own if there are none.
    public func configuration(ports: Int...) throws -> PostgresConfiguration {
        let ports = ports.isEmpty ? [Self.port] : ports
        let hosts = ports.map { _ in folder }.joined(separator: ",")
        let list = ports.map(String.init).joined(separator: ",")
        return try PostgresConfiguration("host=\(hosts) port=\(list) dbname=postgres user=larder")
    }

    /// Runs `body` with a new server, and removes the server afterwards.
    ///
    /// - Precondition: it ``isPossible``.
    public static func run<Value>(on loop: Loop, _ body: (PrivatePostgres) async throws -> Value) async throws -> Value {
        guard let programs = programsFolder else { preconditionFailure("PostgreSQL's own programs are not installed") }
        let server = PrivatePostgres(folder: try Program.makeFolder("larder-test-pg"), programs: programs, loop: loop)
        return try await finally({
            try await server.make()
            return try await body(server)
        }) { await server.remove() }
    }

    private func make() async throws {
        if let user = Self.user { try Program.run(["chown", user, folder]) }
        try await execute(["initdb", "-D", "\(folder)/data", "-U", "larder", "--auth=trust", "--no-sync"])
        try await start()
    }

    /// Starts it again.
    public func start() async throws {
        try await control(["-l", "\(folder)/log", "-o", "\(settings) -c port=\(Self.port)", "start"])
    }

    private var settings: String { "-c listen_addresses= -c unix_socket_directories=\(folder) -c fsync=off" }

    /// Stops it, without waiting for who is connected.
    public func stop() async throws { try await control(["-m", "fast", "stop"]) }

    /// Starts a standby of it, at ``standbyPort``.
    public func startStandby() async throws {
        let backup = ["-h", folder, "-p", "\(Self.port)", "-U", "larder", "-D", "\(folder)/standby", "-R", "-c", "fast", "-N"]
        try await execute(["pg_basebackup"] + backup)
        try await control(
            ["-l", "\(folder)/standby.log", "-o", "\(settings) -c port=\(Self.standbyPort)", "start"], of: "standby")
    }

    private func remove() async {
        // They may be stopped already.
        try? await control(["-m", "immediate", "stop"], of: "standby")
        try? await stop()
        try? Program.run(["rm", "-rf", folder])
    }

    private func control(_ arguments: [String], of data: String = "data") async throws {
        try await execute(["pg_ctl", "-D", "\(folder)/\(data)", "-w"] + arguments)
    }

    private func execute(_ command: [String]) async throws {
        let asUser = Self.user.map { ["runuser", "-u", $0, "--"] } ?? []
        let command = asUser + ["\(programs)/\(command[0])"] + command.dropFirst()
        try await loop.offload { try Program.run(command) }
    }

    /// Who runs the server; nil for whoever runs the test.
    private static var user: String? {
        guard getuid() == 0 else { return nil }
        return getpwnam("postgres") != nil ? "postgres" : "nobody"
    }

    private static var programsFolder: String? {
        let versions = (14...20).reversed()
        let folders =
            versions.map { "/usr/lib/postgresql/\($0)/bin" } + versions.map { "/opt/homebrew/opt/postgresql@\($0)/bin" }
            + ["/usr/local/bin", "/usr/bin"]
        return folders.first { access("\($0)/initdb", X_OK) == 0 }
    }
}
