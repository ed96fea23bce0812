internal import CLibUV

/// A timer of a loop. It holds itself while it is started, so nobody has to keep it.
///
/// Timers are for the few: a pool's sweep, a connection's backoff. Per request, compare deadlines in a sweep.
public final class Timer {
    private let handle = UnsafeMutablePointer<uv_timer_t>.allocate(capacity: 1)
    private var action: () -> Void = {}
    private var retained: Unmanaged<Timer>?

    public init(on loop: Loop) {
        loop.checkIsolated()
        uv_timer_init(loop.handle, handle)
    }

    deinit {
        // The memory of a handle stays until its close callback.
        handle.withMemoryRebound(to: uv_handle_t.self, capacity: 1) { uv_close($0) { $0?.deallocate() } }
    }

    /// Calls `action` once after `milliseconds`, or again and again if `repeating`. Starting again replaces what was set.
    public func start(after milliseconds: UInt64, repeating: Bool = false, _ action: @escaping () -> Void) {
        self.action = action
        if retained == nil { retained = .passRetained(self) }
        handle.pointee.data = retained!.toOpaque()
        uv_timer_start(
            handle,
            { Unmanaged<Timer>.fromOpaque($0!.pointee.data).takeUnretainedValue().fire() },
            milliseconds, repeating ? max(milliseconds, 1) : 0)
    }

    /// Nothing happens any more.
    public func stop() {
        uv_timer_stop(handle)
        action = {}
        retained?.release()
        retained = nil
    }

    private func fire() {
        let action = action
        if uv_timer_get_repeat(handle) == 0 { stop() }
        action()
    }
}
