#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Holds the thread up for a moment, as a call that blocks does.
func blockingPause() { usleep(2_000) }
