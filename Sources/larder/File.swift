#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// Files of the command line.
enum File {
    /// All bytes of a file; nil if it cannot be read.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        let chunk = 1 << 20
        while true {
            var count = 0
            let part = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, initialized in
                #if canImport(Darwin)
                    count = Darwin.read(descriptor, buffer.baseAddress, chunk)
                #else
                    count = Glibc.read(descriptor, buffer.baseAddress, chunk)
                #endif
                initialized = max(count, 0)
            }
            guard count >= 0 else { return nil }
            if count == 0 { return bytes }
            bytes += part
        }
    }
}
