import EventLoop

@testable import RedisCache

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A server of one test, which may stop, kill and restart it.
final class PrivateRedis {
    let folder: String
    var socket: String { folder + "/redis.sock" }
    var url: String { "unix://" + socket }
    private let options: [String]
    private var process: pid_t?

    struct CannotStart: Error { var reason: String }

    private init(_ options: [String]) throws {
        var template = Array("/tmp/redis-cache-test.XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw CannotStart(reason: "no temporary folder") }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.options = options
    }

    /// Starts a server, runs `body`, and ends the server.
    static func run<Result>(
        _ options: [String] = [], on loop: Loop, _ body: (PrivateRedis) async throws -> Result
    ) async throws -> Result {
        let server = try PrivateRedis(options)
        defer { server.remove() }
        try await server.start(on: loop)
        return try await body(server)
    }

    /// A configuration for it, with a timeout that a stopped server is noticed by.
    func configuration(timeout: UInt64 = 2_000) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        configuration.commandTimeout = timeout
        return configuration
    }

    func start(on loop: Loop) async throws {
        let arguments =
            [
                "redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder,
                "--logfile", folder + "/redis.log",
            ] + options
        var argv = arguments.map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        var pid: pid_t = 0
        let status = posix_spawnp(&pid, "redis-server", nil, nil, &argv, environ)
        guard status == 0 else { throw CannotStart(reason: "redis-server: \(String(cString: strerror(status)))") }
        process = pid
        let answers = await loop.wait(atMost: 10_000) { await self.answers(on: loop) }
        guard answers else { throw CannotStart(reason: "it does not answer; see \(folder)/redis.log") }
    }

    private func answers(on loop: Loop) async -> Bool {
        guard let stream = try? await Stream.connect(to: .unix(path: socket), on: loop, timeout: 1_000) else { return false }
        let connection = RedisConnection(stream, timeout: 1_000, limits: RedisLimits(), meter: RedisMeter())
        defer { connection.breakDown(.closed) }
        // A server that wants a password answers too.
        return (try? await connection.run([["PING"]])) != nil
    }

    /// It runs no more, but its socket stays open.
    func stop() { signal(SIGSTOP) }
    func resume() { signal(SIGCONT) }

    /// It is gone at once, with all it knew.
    func kill() {
        signal(SIGKILL)
        if let process { waitpid(process, nil, 0) }
        process = nil
        unlink(socket)
    }

    private func signal(_ number: Int32) {
        if let process { sendSignal(process, number) }
    }

    private func remove() {
        kill()
        for name in ["redis.log", "dump.rdb"] { unlink(folder + "/" + name) }
        rmdir(folder)
    }
}

private func sendSignal(_ process: pid_t, _ number: Int32) {
    kill(process, number)
}
