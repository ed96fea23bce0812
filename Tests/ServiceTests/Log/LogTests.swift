import Model
import Testing

@testable import Service

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

@Suite struct `A line of the log` {
    private static let time = Timestamp("2026-11-21T09:21:14.000001Z")!

    private func text(_ message: String, _ details: KeyValuePairs<String, String> = [:], _ level: Log.Level = .info) -> String {
        Log(level: .debug, format: .text).line(level, message, details, at: Self.time)
    }

    private func json(_ message: String, _ details: KeyValuePairs<String, String> = [:], _ level: Log.Level = .info) -> String {
        Log(level: .debug, format: .json).line(level, message, details, at: Self.time)
    }

    private func members(_ line: String) throws -> [String: String] {
        try JSONDecoder().decode([String: String].self, from: Data(line.utf8))
    }

    /// What could begin a line, end one, or end a string.
    private static let hostile = [
        "a\nb", "a\r\nb", "\n", "\r", "a\u{0}b", "a\u{1B}[31mb", "\u{7F}", "\"", "\\", "\\n", "{\"level\":\"error\"}", "a\tb",
        "é😀", "",
        "\u{B}\u{C}", "\u{1F}",
    ]

    @Test func `has time, level, message and details as text`() {
        #expect(text("serving on http://127.0.0.1:8080") == "2026-11-21T09:21:14.000001Z info serving on http://127.0.0.1:8080\n")
        #expect(
            text("a request failed", ["method": "GET", "path": "/v1"], .error)
                == "2026-11-21T09:21:14.000001Z error a request failed method=GET path=/v1\n")
    }

    @Test func `has time, level, message and details as JSON`() throws {
        #expect(
            json("a request failed", ["method": "GET", "path": "/v1"], .error)
                == #"{"time":"2026-11-21T09:21:14.000001Z","level":"error","message":"a request failed","method":"GET","path":"/v1"}"#
                + "\n")
    }

    @Test(arguments: Log.Level.allCases)
    func `has its level`(level: Log.Level) throws {
        #expect(text("m", [:], level).contains(" \(level.rawValue) m"))
        #expect(try members(json("m", [:], level))["level"] == level.rawValue)
    }

    @Test(arguments: hostile)
    func `is JSON that says what was said, whatever it is`(value: String) throws {
        let line = json(value, ["detail": value])
        let members = try members(line)
        #expect(members["message"].map { Array($0.utf8) } == Array(value.utf8))
        #expect(members["detail"].map { Array($0.utf8) } == Array(value.utf8))
    }

    @Test(arguments: hostile)
    func `is one line, whatever is said`(value: String) {
        for line in [json(value, ["detail": value]), text(value, ["detail": value])] {
            #expect(line.utf8.count { $0 == UInt8(ascii: "\n") } == 1 && line.utf8.last == UInt8(ascii: "\n"))
            #expect(!line.utf8.contains { $0 < 0x20 && $0 != UInt8(ascii: "\n") }, "no control characters")
        }
    }

    @Test(arguments: ["\u{80}", "\u{85}", "\u{9B}31m", "\u{9F}", "\u{2028}", "\u{2029}"])
    func `is one line to every terminal`(value: String) {
        #expect(!text("a\(value)b").unicodeScalars.contains(value.unicodeScalars.first!))
    }

    @Test func `keeps what is not a control character`() {
        #expect(text("é😀 \u{A0}x").hasSuffix("info é😀 \u{A0}x\n"))
    }

    @Test func `is written from its level on`() {
        #expect(Log.Level.allCases == Log.Level.allCases.sorted())
        #expect(Log.Level.debug < .info && Log.Level.info < .warning && Log.Level.warning < .error)
    }

    @Test func `costs nothing below its level`() {
        var isAsked = false
        func message() -> String {
            isAsked = true
            return "asked"
        }
        Log(level: .error, format: .text).debug(message())
        Log(level: .error, format: .text).info(message())
        Log(level: .error, format: .text).warning(message())
        #expect(!isAsked)
    }
}
