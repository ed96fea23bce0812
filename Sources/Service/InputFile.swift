#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// A file of the command line, read from its beginning to its end; `-` is standard input.
final class InputFile {
    /// How many bytes are read at a time.
    private static let pieceLength = 256 << 10

    /// As it is called in sentences.
    let name: String
    /// How many bytes it has; nil if that is not known before its end.
    let size: Int?
    private let descriptor: Int32

    struct Unreadable: Error {
        /// As the C library words it.
        let reason: String

        fileprivate init() { reason = String(cString: strerror(errno)) }
    }

    init(_ path: String) throws(Unreadable) {
        name = path == "-" ? "standard input" : path
        descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Unreadable() }
        var status = stat()
        size = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit { if descriptor != STDIN_FILENO { close(descriptor) } }

    /// The next bytes; none at the end. It blocks.
    func read() throws(Unreadable) -> [UInt8] {
        var failed = false
        let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceLength) { buffer, filled in
            // Whole pieces, even from a pipe: what is looked at first is then always the same.
            while filled < buffer.count {
                let count = Self.read(
                    descriptor, UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]))
                if count < 0, errno == EINTR { continue }
                failed = count < 0
                if count <= 0 { break }
                filled += count
            }
        }
        if failed { throw Unreadable() }
        return piece
    }

    private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.read(descriptor, buffer.baseAddress, buffer.count)
        #else
            Glibc.read(descriptor, buffer.baseAddress, buffer.count)
        #endif
    }
}
