internal import EventLoop
internal import Model

/// The service's log: a line for each event on standard error, as text for people or as JSON for programs.
///
/// To log never waits: see ``LogOutput``.
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
    private let output: LogOutput

    init(level: Level, format: Format, output: LogOutput = LogOutput()) {
        self.level = level
        self.format = format
        self.output = output
    }

    /// The same log for events from another level on.
    func from(_ level: Level) -> Log { Log(level: level, format: format, output: output) }

    /// Waits until all is written that was logged so far, at most so long. `loop` is that of the caller.
    func flush(within milliseconds: UInt64, on loop: Loop) async {
        await output.flush(within: milliseconds, on: loop)
    }

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

    /// Writes a line of whatever level.
    func write(_ level: Level, _ message: String, _ details: KeyValuePairs<String, String>) {
        output.append(line(level, message, details, at: .now)) { [self] count in
            line(.warning, "\(count) \(count == 1 ? "line was" : "lines were") dropped: nobody read the log", [:], at: .now)
        }
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
