internal import Bytes

/// What the division of a script into statements has to tell apart.
struct SQLToken {
    enum Kind {
        /// A keyword or an unquoted name.
        case word
        case semicolon, opening, closing
        /// A string, a quoted name, a number, an operator.
        case other
    }

    let kind: Kind
    /// In the script's bytes.
    let range: Range<Int>
    /// The line on which it begins.
    let line: Int
}

/// Finds tokens in a script by the rules of PostgreSQL's own scanner, `scan.l`: with its quotes, dollar quotes and
/// nested comments. `standard_conforming_strings` is taken to be on, as it has been by default since 9.1.
///
/// Space and comments lie between tokens.
struct SQLTokenizer {
    let bytes: [UInt8]
    private var index = 0
    private var line: Int

    init(_ bytes: [UInt8], firstLine: Int) {
        self.bytes = bytes
        line = firstLine
    }

    /// nil at the end.
    mutating func next() throws(ScriptProblem) -> SQLToken? {
        try skipSpace()
        guard let byte = peek() else { return nil }
        let start = index
        let startLine = line
        let kind: SQLToken.Kind
        switch byte {
        case ";":
            advance()
            kind = .semicolon
        case "(":
            advance()
            kind = .opening
        case ")":
            advance()
            kind = .closing
        case "'":
            try skipQuoted(UInt8(ascii: "'"), "the string")
            kind = .other
        case "\"":
            try skipQuoted(UInt8(ascii: "\""), "the quoted name")
            kind = .other
        case "$":
            try skipDollar()
            kind = .other
        case "\\":
            // Outside of quotes no SQL has one.
            throw psqlCommand()
        case _ where byte.isWordStart:
            skipWord()
            // Longest match: only a word of this one letter makes the string one with escapes.
            if index - start == 1, byte == "e" || byte == "E", peek() == "'" {
                try skipEscapeString()
                kind = .other
            } else {
                kind = .word
            }
        case _ where byte.isDigit:
            // With letters, as in 1e5 and 0xFF.
            while let byte = peek(), byte.isWordPart || byte == "." { advance() }
            kind = .other
        default:
            advance()
            kind = .other
        }
        return SQLToken(kind: kind, range: start..<index, line: startLine)
    }
}

extension SQLTokenizer {
    private func peek(_ offset: Int = 0) -> UInt8? { index + offset < bytes.count ? bytes[index + offset] : nil }

    private mutating func advance(_ count: Int = 1) {
        for _ in 0..<count {
            if bytes[index] == "\n" { line += 1 }
            index += 1
        }
    }

    private mutating func skipSpace() throws(ScriptProblem) {
        while let byte = peek() {
            if byte.isSpace {
                advance()
            } else if byte == "-", peek(1) == "-" {
                skipLineComment()
            } else if byte == "/", peek(1) == "*" {
                try skipBlockComment()
            } else {
                return
            }
        }
    }

    private mutating func skipLineComment() {
        while let byte = peek(), byte != "\n" { advance() }
    }

    private mutating func skipBlockComment() throws(ScriptProblem) {
        let start = line
        var depth = 0
        repeat {
            guard let byte = peek() else { throw endless("the comment", from: start) }
            if byte == "/", peek(1) == "*" {
                depth += 1
                advance(2)
            } else if byte == "*", peek(1) == "/" {
                depth -= 1
                advance(2)
            } else {
                advance()
            }
        } while depth > 0
    }

    private mutating func skipWord() {
        while let byte = peek(), byte.isWordPart { advance() }
    }

    /// A doubled quote ends it and begins another one, which comes to the same.
    private mutating func skipQuoted(_ quote: UInt8, _ what: String) throws(ScriptProblem) {
        let start = line
        advance()
        while let byte = peek() {
            advance()
            if byte == quote { return }
        }
        throw endless(what, from: start)
    }

    private mutating func skipEscapeString() throws(ScriptProblem) {
        let start = line
        repeat {
            advance()
            while let byte = peek(), byte != "'" { advance(byte == "\\" && peek(1) != nil ? 2 : 1) }
            guard peek() != nil else { throw endless("the string", from: start) }
            advance()
        } while peek() == "'" || skipToContinuation()
    }

    /// A string goes on, with its escapes, behind space that has a line end in it.
    private mutating func skipToContinuation() -> Bool {
        let (start, startLine) = (index, line)
        while let byte = peek() {
            if byte == "-", peek(1) == "-" {
                skipLineComment()
            } else if byte.isSpace {
                advance()
            } else {
                break
            }
        }
        if peek() == "'", line > startLine { return true }
        (index, line) = (start, startLine)
        return false
    }

    /// A dollar-quoted string, or a single dollar sign as in `$1`.
    private mutating func skipDollar() throws(ScriptProblem) {
        let start = line
        var end = index + 1
        if end < bytes.count, bytes[end].isWordStart {
            while end < bytes.count, bytes[end].isWordPart, bytes[end] != "$" { end += 1 }
        }
        guard end < bytes.count, bytes[end] == "$" else { return advance() }
        let delimiter = bytes[index...end]
        advance(delimiter.count)
        while let byte = peek() {
            if byte == "$", bytes[index...].starts(with: delimiter) { return advance(delimiter.count) }
            advance()
        }
        throw endless("the string \(String(decoding: delimiter, as: UTF8.self))", from: start)
    }

    private func psqlCommand() -> ScriptProblem {
        var end = index + 1
        while end < bytes.count, !bytes[end].isSpace, bytes[end] != ";" { end += 1 }
        return ScriptProblem(
            line: line, reason: PsqlCommand(name: String(decoding: bytes[index + 1..<end], as: UTF8.self)).reason)
    }

    private func endless(_ what: String, from line: Int) -> ScriptProblem {
        ScriptProblem(line: line, reason: "\(what) that begins here does not end; close it")
    }
}

extension UInt8 {
    fileprivate var isSpace: Bool { self == 0x20 || 0x09...0x0D ~= self }
    /// What a name may begin with; every byte of a letter beyond ASCII counts.
    fileprivate var isWordStart: Bool { 0x61...0x7A ~= self | 0x20 || self == 0x5F || self >= 0x80 }
    fileprivate var isWordPart: Bool { isWordStart || self.isDigit || self == 0x24 }
}

private func == (byte: UInt8?, character: Unicode.Scalar) -> Bool { byte == UInt8(ascii: character) }
private func != (byte: UInt8?, character: Unicode.Scalar) -> Bool { byte != UInt8(ascii: character) }
private func ~= (character: Unicode.Scalar, byte: UInt8) -> Bool { byte == UInt8(ascii: character) }
