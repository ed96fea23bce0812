/// Divides a script into its statements at the semicolons, as psql does.
///
/// A semicolon in parentheses (`CREATE RULE ... DO (...; ...)`) or in the body of a function that is written as
/// `BEGIN ATOMIC ... END` does not end a statement.
struct SQLSplitter {
    /// How many words of a statement are kept: enough to tell what it is.
    private static let keptWords = 4

    private var words: [String] = []
    private var isConcurrent = false
    private var lastWord = ""
    private var stream: String?
    /// The lines of the open parentheses.
    private var parentheses: [Int] = []
    /// How many END are missing.
    private var bodies = 0
    private var start: SQLToken?
    private var end = 0

    static func statements(in script: [UInt8], firstLine: Int) throws(ScriptProblem) -> [SQLStatement] {
        var splitter = SQLSplitter()
        var tokenizer = SQLTokenizer(script, firstLine: firstLine)
        var statements: [SQLStatement] = []
        while let token = try tokenizer.next() {
            guard let statement = splitter.take(token, script) else { continue }
            // The rows that follow such a statement are no SQL, so nothing behind it can be understood.
            if let stream = statement.stream { throw copies(stream, statement.line) }
            statements.append(statement)
        }
        if let line = splitter.parentheses.last {
            throw ScriptProblem(line: line, reason: "the parenthesis that opens here is not closed; close it")
        }
        if let statement = splitter.finish(script) {
            if let stream = statement.stream { throw copies(stream, statement.line) }
            statements.append(statement)
        }
        return statements
    }

    private static func copies(_ stream: String, _ line: Int) -> ScriptProblem {
        ScriptProblem(
            line: line,
            reason: stream == "stdin"
                ? "COPY ... FROM STDIN takes its rows from a client, and a migration has none; write them as INSERT, as "
                    + "`pg_dump --inserts` does, or load them by `larder import`"
                : "COPY ... TO STDOUT has no client to send its rows to; take it out")
    }

    private mutating func take(_ token: SQLToken, _ script: [UInt8]) -> SQLStatement? {
        if token.kind == .semicolon, parentheses.isEmpty, bodies == 0 { return finish(script) }
        if start == nil { start = token }
        end = token.range.upperBound
        switch token.kind {
        case .opening: parentheses.append(token.line)
        case .closing: _ = parentheses.popLast()
        case .word: take(String(decoding: script[token.range], as: UTF8.self).lowercased())
        case .semicolon, .other: break
        }
        return nil
    }

    private mutating func take(_ word: String) {
        if words.count < SQLSplitter.keptWords { words.append(word) }
        if word == "concurrently" { isConcurrent = true }
        if words.first == "copy", parentheses.isEmpty,
            lastWord == "from" && word == "stdin" || lastWord == "to" && word == "stdout"
        {
            stream = word
        }
        lastWord = word
        guard definesRoutine, parentheses.isEmpty else { return }
        switch word {
        case "begin": bodies += 1
        // CASE ends with END, too.
        case "case" where bodies > 0: bodies += 1
        case "end" where bodies > 0: bodies -= 1
        default: break
        }
    }

    private var definesRoutine: Bool {
        guard words.first == "create" else { return false }
        let kind = words.count == 4 && words[1] == "or" && words[2] == "replace" ? words[3] : words.dropFirst().first
        return kind == "function" || kind == "procedure"
    }

    /// The statement that has ended; nil between two semicolons.
    private mutating func finish(_ script: [UInt8]) -> SQLStatement? {
        defer { self = SQLSplitter() }
        guard let start else { return nil }
        let sql = String(decoding: script[start.range.lowerBound..<end], as: UTF8.self)
        return SQLStatement(sql: sql, line: start.line, words: words, isConcurrent: isConcurrent, stream: stream)
    }
}
