#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Standard input, output and error: the descriptors 0, 1 and 2.
enum StandardDescriptors {
    /// Opens those that the process was started without (`larder serve 2>&-`) on /dev/null.
    ///
    /// To be called before anything is opened: the kernel gives the lowest number that is free, so what is opened next, a socket
    /// or the loop's own pipe, would be standard error to all that writes there.
    static func open() {
        for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) == -1 {
            openNull()
        }
    }

    private static func openNull() {
        #if canImport(Darwin)
            _ = Darwin.open("/dev/null", O_RDWR)
        #else
            _ = Glibc.open("/dev/null", O_RDWR)
        #endif
    }
}
