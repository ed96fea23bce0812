internal import Synchronization

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Standard output and standard error.
enum Terminal {
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) != 0 }

    /// Why standard output did not take something, as an `errno`; 0 if it took all. A reader that has gone away, as in
    /// `larder routes | head -1`, has all that it wanted, and is no failure.
    static var outputFailure: Int32 { failure.load(ordering: .relaxed) }
    private static let failure = Atomic<Int32>(0)

    static func write(_ text: String) {
        let status = put(Array(text.utf8), STDOUT_FILENO)
        if status != 0, status != EPIPE { failure.store(status, ordering: .relaxed) }
    }

    static func writeError(_ text: String) { writeError(Array(text.utf8)) }

    /// What standard error does not take is lost: there is nobody left to tell.
    static func writeError(_ text: [UInt8]) { _ = put(text, STDERR_FILENO) }

    /// One call for one text, so that lines of several threads do not mix. Waits for whoever reads.
    ///
    /// - Returns: 0, or the `errno` of what went wrong.
    private static func put(_ text: [UInt8], _ descriptor: Int32) -> Int32 {
        text.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let (written, status) = writeOnce(descriptor, UnsafeRawBufferPointer(rebasing: rest))
                switch status {
                case 0: rest = rest.dropFirst(written)
                case EINTR: continue
                case EAGAIN: waitUntilWritable(descriptor)
                default: return status
                }
            }
            return 0
        }
    }

    /// Others may have the same pipe or terminal, and may have set it not to wait.
    private static func waitUntilWritable(_ descriptor: Int32) {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        poll(&request, 1, -1)
    }

    // Not inlined, so that nothing comes between the call and its `errno`.
    @inline(never)
    private static func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> (written: Int, status: Int32) {
        #if canImport(Darwin)
            let written = Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
        return written < 0 ? (0, errno) : (written, 0)
    }
}
