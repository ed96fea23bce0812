internal import EventLoop
internal import Synchronization

/// Writes the log on a thread of its own, so that nobody who logs ever waits for somebody who reads.
///
/// A standard error that nobody reads holds up that thread alone; meanwhile lines gather in a ``LogQueue``, and then are dropped.
final class LogOutput: Sendable {
    private let state: Mutex<State>
    private let write: @Sendable ([UInt8]) -> Void

    private struct State {
        var queue: LogQueue
        /// Its thread writes. There is none until there is something to write.
        var writer: Loop?
    }

    /// - Parameters:
    ///   - queue: where lines wait.
    ///   - write: writes lines, and waits until that is done.
    init(_ queue: LogQueue = LogQueue(), write: @escaping @Sendable ([UInt8]) -> Void = { Terminal.writeError($0) }) {
        state = Mutex(State(queue: queue))
        self.write = write
    }

    /// Has a line written, if there is room for it.
    ///
    /// - Parameter note: makes the line that says how many were dropped.
    func append(_ line: String, note: @escaping @Sendable (Int) -> String) {
        let writer = state.withLock { state -> Loop? in
            guard state.queue.append(line) else { return nil }
            if state.writer == nil {
                state.writer = Loop()
                state.writer!.start(name: "larder-log")
            }
            return state.writer
        }
        writer?.submit { self.writeAll(note) }
    }

    private func writeAll(_ note: (Int) -> String) {
        while let (lines, dropped) = state.withLock({ $0.queue.take() }) {
            write(lines + (dropped > 0 ? Array(note(dropped).utf8) : []))
        }
    }

    /// Waits until all is written that was logged so far.
    ///
    /// - Parameters:
    ///   - milliseconds: the longest wait.
    ///   - loop: that of the caller.
    func flush(within milliseconds: UInt64, on loop: Loop) async {
        let deadline = loop.now + milliseconds
        while !state.withLock({ $0.queue.isIdle }), loop.now < deadline { await loop.sleep(milliseconds: 2) }
    }
}
