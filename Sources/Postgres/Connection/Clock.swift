#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Microseconds of the monotonic clock, for measuring. Deadlines are compared with the loop's clock.
func monotonicMicroseconds() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return UInt64(time.tv_sec) * 1_000_000 + UInt64(time.tv_nsec) / 1_000
}
