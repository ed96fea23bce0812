internal import EventLoop

/// SIGINT and SIGTERM while a command runs.
///
/// A statement that the database works on would run on with its locks if the process just ended. So it is cancelled, and
/// the command ends by itself, with what it has to say. A second signal ends the process at once, and so does the first
/// while the database does nothing for the command.
final class Interruption {
    /// What ends the work that is under way; it returns false if there is none.
    private var cancel: () async -> Bool = { false }
    private var watchers: [SignalWatcher] = []
    private let loop: Loop
    private let exit: (Int32) -> Void
    /// The exit status by which a shell sees the signal: 128 and its number. Nil while there was none.
    private(set) var status: Int32?

    /// - Parameter exit: ends the process.
    init(on loop: Loop, exit: @escaping (Int32) -> Void) throws(LoopError) {
        self.loop = loop
        self.exit = exit
        for (signal, status) in [(SignalWatcher.Signal.interrupt, Int32(130)), (.terminate, 143)] {
            watchers.append(
                try SignalWatcher(signal, on: loop) { [unowned self] in
                    guard self.status == nil else { return exit(status) }
                    self.status = status
                    loop.spawn { [self] in
                        if await !cancel() { self.exit(status) }
                    }
                })
        }
    }

    /// Runs `body`, whose work `cancel` ends; that returns false if it has none.
    func during<Value>(_ cancel: @escaping () async -> Bool, _ body: () async throws -> Value) async throws -> Value {
        let earlier = self.cancel
        self.cancel = cancel
        defer { self.cancel = earlier }
        return try await body()
    }

    /// Waits for `body`, which may wait for ever for something else than the database. Interrupted, it is left to itself.
    ///
    /// - Throws: ``Interrupted``, and what `body` throws.
    func leaving<Value: Sendable>(_ body: @escaping () async throws -> Value) async throws -> Value {
        guard status == nil else { throw Interrupted() }
        let earlier = cancel
        defer { cancel = earlier }
        let end = Promise<Result<Value, any Error>>()
        cancel = {
            end.give(.failure(Interrupted()))
            return true
        }
        loop.spawn {
            do { end.give(.success(try await body())) } catch { end.give(.failure(error)) }
        }
        return try await end.wait().get()
    }

    /// A signal came before what was waited for.
    struct Interrupted: Error, CustomStringConvertible {
        let description = "Interrupted before anything was written."
    }
}
