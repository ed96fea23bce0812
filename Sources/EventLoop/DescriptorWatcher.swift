internal import CLibUV

/// Tells when a descriptor that another library owns (libpq's socket) can be read or written.
public final class DescriptorWatcher {
    /// What to wait for.
    public struct Interest: OptionSet, Sendable {
        /// libuv's events, as bits.
        public let rawValue: Int32
        public init(rawValue: Int32) { self.rawValue = rawValue }

        /// Something can be read, be it the end.
        public static let readable = Interest(rawValue: Int32(UV_READABLE.rawValue))
        /// There is room to write.
        public static let writable = Interest(rawValue: Int32(UV_WRITABLE.rawValue))
    }

    private let handle = UnsafeMutablePointer<uv_poll_t>.allocate(capacity: 1)
    private var interest: Interest = []
    private var action: ((Interest) -> Void)?

    /// Watches `descriptor`, which stays open until after ``close()``.
    public init(_ descriptor: Int32, on loop: Loop) throws(LoopError) {
        loop.checkIsolated()
        let status = uv_poll_init(loop.handle, handle, descriptor)
        guard status == 0 else {
            handle.deallocate()
            throw LoopError(status)
        }
    }

    /// Calls `action` whenever the descriptor is ready for something of `interest`, and for that alone, until changed.
    ///
    /// A descriptor with an error counts as ready for all of it: the next call on it says what is wrong.
    public func watch(_ interest: Interest, _ action: @escaping (Interest) -> Void) {
        self.action = action
        guard interest != self.interest else { return }
        self.interest = interest
        start()
    }

    private func start() {
        handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        uv_poll_start(handle, interest.rawValue) { handle, status, events in
            let this = Unmanaged<DescriptorWatcher>.fromOpaque(handle!.pointee.data).takeUnretainedValue()
            // libuv stops watching what has an error, though there may still be something to read before the end.
            if status < 0 { this.start() }
            this.action?(status < 0 ? this.interest : Interest(rawValue: events))
        }
    }

    /// Forgets the descriptor. Call it before the descriptor is closed, once.
    public func close() {
        action = nil
        uv_poll_stop(handle)
        handle.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { uv_close($0) { $0?.deallocate() } }
    }
}
