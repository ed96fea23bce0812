#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// What the operating system refused.
struct FileError: Error, Hashable, CustomStringConvertible {
    let errno: Int32

    static let exists = FileError(errno: EEXIST)
    static let tooLarge = FileError(errno: EFBIG)

    /// As the C library words it.
    var description: String { String(cString: strerror(errno)) }
}

/// The few calls of the operating system that a folder of small files needs. They block.
enum FileSystem {
    /// The names in a folder, in no order.
    static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else { throw FileError(errno: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        errno = 0
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
            errno = 0
        }
        if errno != 0 { throw FileError(errno: errno) }
        return names
    }

    /// The content of a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(errno: errno) }
        defer { close(descriptor) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = retrying { chunk.withUnsafeMutableBytes { Platform.read(descriptor, $0.baseAddress!, $0.count) } }
            guard count >= 0 else { throw FileError(errno: errno) }
            if count == 0 { return content }
            guard content.count + count <= limit else { throw .tooLarge }
            content += chunk[..<count]
        }
    }

    /// Makes a file that does not exist yet.
    ///
    /// - Throws: ``FileError/exists`` if it does.
    static func create(_ path: String, _ content: [UInt8]) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(errno: errno) }
        defer { close(descriptor) }
        var rest = content[...]
        while !rest.isEmpty {
            let count = retrying { rest.withUnsafeBytes { write(descriptor, $0.baseAddress!, $0.count) } }
            guard count >= 0 else { throw FileError(errno: errno) }
            rest = rest.dropFirst(count)
        }
    }

    /// A signal may interrupt a call before it did anything.
    private static func retrying(_ call: () -> Int) -> Int {
        while true {
            let result = call()
            if result >= 0 || errno != EINTR { return result }
        }
    }
}

/// The system's own function, where one of ours has the same name.
private enum Platform {
    static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
        #if canImport(Darwin)
            Darwin.read(descriptor, buffer, count)
        #else
            Glibc.read(descriptor, buffer, count)
        #endif
    }
}
