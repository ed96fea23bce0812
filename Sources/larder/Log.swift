internal import Domain

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The service's log: a line for each event on standard error, as text for people or as JSON for programs.
struct Log: Sendable {
    enum Level: String, CaseIterable, Comparable, Sendable {
        case debug, info, warning, error

        static func < (a: Level, b: Level) -> Bool { allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)! }
    }

    enum Format: String, CaseIterable, Sendable {
        case text, json
    }

    let level: Level
    let format: Format

    func debug(_ message: @autoclosure () -> String, _ details: @autoclosure () -> KeyValuePairs<String, String> = [:]) {
        if level <= .debug { write(.debug, message(), details()) }
    }

    func info(_ message: @autoclosure () -> String, _ details: @autoclosure () -> KeyValuePairs<String, String> = [:]) {
        if level <= .info { write(.info, message(), details()) }
    }

    func warning(_ message: @autoclosure () -> String, _ details: @autoclosure () -> KeyValuePairs<String, String> = [:]) {
        if level <= .warning { write(.warning, message(), details()) }
    }

    func error(_ message: @autoclosure () -> String, _ details: @autoclosure () -> KeyValuePairs<String, String> = [:]) {
        write(.error, message(), details())
    }

    private func write(_ level: Level, _ message: String, _ details: KeyValuePairs<String, String>) {
        Terminal.writeError(line(level, message, details, at: .now))
    }

    /// One event as one line: what comes from outside cannot begin another.
    func line(_ level: Level, _ message: String, _ details: KeyValuePairs<String, String>, at time: Timestamp) -> String {
        switch format {
        case .text:
            let pairs = details.map { " \($0)=\(Self.printable($1))" }.joined()
            return "\(time) \(level.rawValue) \(Self.printable(message))\(pairs)\n"
        case .json:
            var json = JSONWriter()
            json.object { json in
                json.key("time")
                json.string(time.description)
                json.key("level")
                json.string(level.rawValue)
                json.key("message")
                json.string(message)
                for (name, value) in details {
                    json.key(name)
                    json.string(value)
                }
            }
            return String(decoding: json.bytes, as: UTF8.self) + "\n"
        }
    }

    private static func printable(_ text: String) -> String {
        var printable = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: printable.append(" ")
            default: printable.append(scalar)
            }
        }
        return String(printable)
    }
}

/// Standard output and standard error.
enum Terminal {
    static var errorIsTerminal: Bool { isatty(STDERR_FILENO) != 0 }

    static func write(_ text: String) { put(text, STDOUT_FILENO) }
    static func writeError(_ text: String) { put(text, STDERR_FILENO) }

    /// One call for one text, so that lines of several threads do not mix.
    private static func put(_ text: String, _ descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = writeOnce(descriptor, UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: rest)))
                guard written > 0 else { return }
                rest = rest.dropFirst(written)
            }
        }
    }

    private static func writeOnce(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        #if canImport(Darwin)
            Darwin.write(descriptor, bytes.baseAddress, bytes.count)
        #else
            Glibc.write(descriptor, bytes.baseAddress, bytes.count)
        #endif
    }
}
