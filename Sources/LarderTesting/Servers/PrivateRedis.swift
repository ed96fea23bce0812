public import EventLoop
public import RedisCache

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A Redis of one test, which may stop, kill and restart it. It listens on a unix socket in a new folder.
public final class PrivateRedis {
    private let folder: String
    private let options: [String]
    private let loop: Loop
    private var process: pid_t?

    /// The path of its socket.
    public var socket: String { folder + "/redis.sock" }

    /// It was started, but took no connection in time.
    public struct DoesNotAnswer: Error {}

    private init(_ options: [String], on loop: Loop) throws {
        folder = try Program.makeFolder("larder-test-redis")
        self.options = options
        self.loop = loop
    }

    /// Starts a server, runs `body`, and ends the server.
    ///
    /// - Parameter options: more of its command line, as in `["--maxmemory", "1mb"]`.
    public static func run<Value>(
        _ options: [String] = [], on loop: Loop, _ body: (PrivateRedis) async throws -> Value
    ) async throws -> Value {
        let server = try PrivateRedis(options, on: loop)
        defer { server.remove() }
        try await server.start()
        return try await body(server)
    }

    /// A configuration for it.
    ///
    /// - Parameter timeout: how many milliseconds a command may wait, so that one notices a server that stops.
    public func configuration(timeout: UInt64 = 2_000) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: "unix://" + socket)
        configuration.commandTimeout = timeout
        return configuration
    }

    /// Starts it, with nothing in it, and waits until it takes connections.
    public func start() async throws {
        process = try Program.start(
            [
                "redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder,
                "--logfile", folder + "/redis.log",
            ] + options)
        let end = loop.now + 10_000
        while true {
            if let stream = try? await Stream.connect(to: .unix(path: socket), on: loop, timeout: 1_000) { return stream.close() }
            guard loop.now < end else { throw DoesNotAnswer() }
            await loop.sleep(milliseconds: 2)
        }
    }

    /// Lets it stand still: its socket stays open.
    public func stop() { signal(SIGSTOP) }

    /// Lets it go on.
    public func resume() { signal(SIGCONT) }

    /// Ends it at once, with all it knew.
    public func kill() {
        signal(SIGKILL)
        if let process { Program.wait(for: process) }
        process = nil
        unlink(socket)
    }

    private func signal(_ number: Int32) {
        if let process { Program.signal(process, number) }
    }

    private func remove() {
        kill()
        for name in ["redis.log", "dump.rdb"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }
}
