#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The system's clocks, for measuring. Deadlines are compared with the loop's clock, which costs nothing to read.
public enum SystemClock {
    /// Nanoseconds of a clock that is never set.
    public static var monotonic: UInt64 { read(CLOCK_MONOTONIC) }
    /// Nanoseconds since 1970 in UTC.
    public static var wall: UInt64 { read(CLOCK_REALTIME) }

    /// Milliseconds of a clock that is never set, and that goes on while the machine sleeps: for what others count on by their clocks.
    public static var elapsed: UInt64 {
        #if canImport(Darwin)
            read(CLOCK_MONOTONIC) / 1_000_000
        #else
            read(CLOCK_BOOTTIME) / 1_000_000
        #endif
    }

    private static func read(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
