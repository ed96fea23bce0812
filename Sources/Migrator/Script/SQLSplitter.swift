/// One statement of a script.
struct SQLStatement: Hashable {
    /// From its first word to its end, without the semicolon.
    let sql: String
    /// On which it begins.
    let line: Int
    /// Its first unquoted words, in lower case.
    let words: [String]
    /// Whether `CONCURRENTLY` is among its words.
    let isConcurrent: Bool

    /// The word by which it begins or ends a transaction; nil if it does not.
    var transactionControl: String? {
        guard let first = words.first else { return nil }
        let second = words.dropFirst().first
        switch first {
        case "begin", "commit", "end", "abort": return first.uppercased()
        case "start" where second == "transaction": return "START TRANSACTION"
        case "prepare" where second == "transaction": return "PREPARE TRANSACTION"
        // Not the return to a savepoint: ROLLBACK [WORK | TRANSACTION] TO [SAVEPOINT] name.
        case "rollback" where !words.prefix(3).contains("to"): return "ROLLBACK"
        default: return nil
        }
    }
}

/// Divides a script into its statements at the semicolons, as psql does.
///
/// A semicolon in parentheses (`CREATE RULE ... DO (...; ...)`) or in the body of a function that is written as
/// `BEGIN ATOMIC ... END` does not end a statement.
struct SQLSplitter {
    /// How many words of a statement are kept: enough to tell what it is.
    private static let keptWords = 4

    private var words: [String] = []
    private var isConcurrent = false
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
            if let statement = splitter.take(token, script) { statements.append(statement) }
        }
        if let line = splitter.parentheses.last {
            throw ScriptProblem(line: line, reason: "the parenthesis that opens here is not closed; close it")
        }
        if let statement = splitter.finish(script) { statements.append(statement) }
        return statements
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
        return SQLStatement(sql: sql, line: start.line, words: words, isConcurrent: isConcurrent)
    }
}
