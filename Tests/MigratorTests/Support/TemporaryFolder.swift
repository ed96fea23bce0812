#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A folder on the disk, deleted at the end.
final class TemporaryFolder {
    let path: String

    /// Makes one for as long as `body` takes.
    static func with<Value>(_ body: (TemporaryFolder) throws -> Value) throws -> Value {
        let folder = TemporaryFolder()
        return try withExtendedLifetime(folder) { try body(folder) }
    }

    private init() {
        var template = Array("/tmp/larder-migrations-XXXXXX".utf8CString)
        path = String(cString: mkdtemp(&template))
    }

    deinit {
        for name in names { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    func write(_ name: String, _ content: String) {
        let file = fopen("\(path)/\(name)", "w")!
        fputs(content, file)
        fclose(file)
    }

    func link(_ name: String, to target: String) { symlink(target, "\(path)/\(name)") }

    var names: [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        func link(_ name: String, to target: String) { symlink(target, "\(path)/\(name)") }

        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }
}
