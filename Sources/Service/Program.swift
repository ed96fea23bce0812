internal import API
internal import EventLoop
internal import HTTPServer
internal import MemoryStore
public import Model
public import PostgresStore

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The program over a domain: understands the command line and the environment, and does the one thing that was asked for.
public struct Program {
    private let loop: Loop
    private let declarations: Declarations
    private let views: [SQLView]

    /// Runs the program to its end, with the command line and the environment of the process.
    ///
    /// - Parameters:
    ///   - declarations: what is served.
    ///   - views: those that PostgreSQL computes by statements of their own.
    public static func run(_ declarations: Declarations, views: [SQLView] = []) -> Never {
        // Before anything else opens a descriptor: it would get the number of one that was handed over closed, and output would go
        // there.
        StandardDescriptors.open()
        // A write to a client that has gone away is an error code, not the end of the process.
        SignalWatcher.ignoreBrokenPipes()

        let loop = Loop()
        let arguments = Array(CommandLine.arguments.dropFirst())
        loop.submit { [loop] in
            exit(await Program(loop: loop, declarations: declarations, views: views).run(arguments))
        }
        loop.run()
        exit(0)
    }

    /// How long what was logged last may take to be written before the process ends, in milliseconds.
    private static let flushMilliseconds: UInt64 = 1_000

    /// - Returns: the exit status: 0 done, 1 failed, 2 wrong usage or configuration, 3 migrations pending.
    private func run(_ arguments: [String]) async -> Int32 {
        do {
            let status = try await run(try Command(arguments, declarations))
            guard status == 0, Terminal.outputFailure != 0 else { return status }
            throw CommandFailure("Standard output cannot be written: \(String(cString: strerror(Terminal.outputFailure))).")
        } catch let error as UsageError {
            Terminal.writeError("larder: \(error.message)\n")
            return 2
        } catch let error as InvalidConfiguration {
            for problem in error.problems { Terminal.writeError("larder: \(problem)\n") }
            return 2
        } catch let error as CommandFailure {
            Terminal.writeError("larder: \(error.message)\n")
            return error.status
        } catch {
            Terminal.writeError("larder: \(error)\n")
            return 1
        }
    }

    private func run(_ command: Command) async throws -> Int32 {
        switch command {
        case .help(let topic):
            Terminal.write(topic.flatMap { Help.topic($0, declarations) } ?? Help.overview)
        case .version:
            Terminal.write("larder \(Help.version)\n")
        case .routes:
            for route in api.router.routes { Terminal.write("\(route.method.name.padded(to: 7)) \(route.pattern)\n") }
        case .openapi:
            Terminal.write(String(decoding: api.description, as: UTF8.self) + "\n")
        case .config:
            for (name, value) in try configuration().effective { Terminal.write("\(name)=\(value)\n") }
        case .serve:
            return try await configured { await ServeCommand(configuration: $0, loop: loop).run() }
        case .migrate(let arguments):
            return try await interruptible { configuration, interruption in
                try await MigrateCommand(configuration: configuration, loop: loop, interruption: interruption).run(arguments)
            }
        case .importRows(let request):
            return try await interruptible { configuration, interruption in
                try await ImportCommand(
                    configuration: configuration, request: request, loop: loop, interruption: interruption
                ).run()
            }
        case .seed(let request):
            return try await interruptible { configuration, interruption in
                try await SeedCommand(
                    configuration: configuration, request: request, loop: loop, interruption: interruption
                ).run()
            }
        case .cache(let request):
            return try await configured { try await CacheCommand(configuration: $0, request: request, loop: loop).run() }
        case .warm(let request):
            return try await interruptible { configuration, interruption in
                try await WarmCommand(
                    configuration: configuration, request: request, loop: loop, interruption: interruption
                ).run()
            }
        }
        return 0
    }

    /// Runs what needs the settings, and lets what it logged be written.
    private func configured(_ body: (Configuration) async throws -> Int32) async throws -> Int32 {
        let configuration = try configuration()
        let outcome: Result<Int32, any Error>
        do { outcome = .success(try await body(configuration)) } catch { outcome = .failure(error) }
        await configuration.log.flush(within: Self.flushMilliseconds, on: loop)
        return try outcome.get()
    }

    /// The same for a command that works in the database for long. Interrupted, it has the status that shells expect.
    private func interruptible(_ body: (Configuration, Interruption) async throws -> Int32) async throws -> Int32 {
        let interruption = try Interruption(on: loop) { exit($0) }
        do {
            return try await configured { try await body($0, interruption) }
        } catch {
            guard let status = interruption.status else { throw error }
            throw CommandFailure((error as? CommandFailure)?.message ?? "\(error)", status: status)
        }
    }

    private func configuration() throws(InvalidConfiguration) -> Configuration {
        var variables: [String: String] = [:]
        var entry = environ
        while let variable = entry.pointee {
            let parts = String(cString: variable).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
            entry += 1
        }
        let cores = Loop.availableCores
        return try Configuration(variables, declarations, views, cores: min(cores, CPUQuota.cores() ?? cores))
    }

    /// The API as it is served, over rows that nobody will read.
    private var api: LarderAPI {
        let store = InMemoryStore(MemoryDatabase(), now: { loop.now })
        return LarderAPI(declarations, store, .init(deadlineMilliseconds: 0), now: { loop.now }) { _, _ in }
    }
}

extension String {
    fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}
