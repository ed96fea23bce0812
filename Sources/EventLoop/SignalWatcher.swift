internal import CLibUV

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Calls an action on the loop each time the process receives a signal.
public final class SignalWatcher {
    /// The signals that a service listens to.
    public enum Signal: Sendable {
        case interrupt, terminate, hangup

        var number: Int32 {
            switch self {
            case .interrupt: SIGINT
            case .terminate: SIGTERM
            case .hangup: SIGHUP
            }
        }
    }

    private let handle = UnsafeMutablePointer<uv_signal_t>.allocate(capacity: 1)
    private let action: () -> Void

    public init(_ signal: Signal, on loop: Loop, _ action: @escaping () -> Void) throws(LoopError) {
        loop.checkIsolated()
        self.action = action
        uv_signal_init(loop.handle, handle)
        handle.pointee.data = Unmanaged.passUnretained(self).toOpaque()
        let status = uv_signal_start(
            handle,
            { handle, _ in
                Unmanaged<SignalWatcher>.fromOpaque(handle!.pointee.data).takeUnretainedValue().action()
            }, signal.number)
        try check(status)
    }

    deinit {
        uv_signal_stop(handle)
        handle.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { uv_close($0) { $0?.deallocate() } }
    }

    /// A write to a connection that the other side has closed must be an error code, not the end of the process.
    public static func ignoreBrokenPipes() {
        signal(SIGPIPE, SIG_IGN)
    }
}
