/// What a file is that is no CSV as it is read here: with commas, in UTF-8, not compressed.
struct FileForm {
    /// How the file is called in a sentence, and in a command.
    let name: String
    let path: String
    let resource: String

    /// What it is instead, and what to do, in a sentence; nil if nothing is against it.
    ///
    /// - Parameter start: the first bytes of the file, with its whole first line.
    func objection(to start: [UInt8]) -> String? {
        if start.isEmpty { return "\(name.asSentence) is empty; its first line has to name the columns." }
        for (signature, program) in Self.compressions where start.starts(with: signature) {
            return "\(name.asSentence) is compressed; unpack it, as in \(piped("\(program) -dc \(path)"))."
        }
        if start.starts(with: [0x50, 0x4B, 3, 4]) {
            return "\(name.asSentence) is a spreadsheet or a ZIP archive; save it as CSV in UTF-8, or unpack it."
        }
        if start.starts(with: [0xFF, 0xFE]) || start.starts(with: [0xFE, 0xFF]) || start.prefix(2).contains(0) {
            return "\(name.asSentence) is in UTF-16; convert it to UTF-8, as in \(converted(from: "UTF-16"))."
        }
        let header = start.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        if String(validating: header, as: UTF8.self) == nil { return "Line 1 of \(name) is not UTF-8; \(advice)." }
        if !header.contains(UInt8(ascii: ",")) {
            for (separator, word) in Self.separators where header.contains(separator) {
                return "The columns of \(name) are divided by \(word); export it again with commas (RFC 4180)."
            }
        }
        return nil
    }

    /// What to do about text that is not UTF-8.
    var advice: String {
        "if it is in Windows-1252 or Latin-1, convert it, as in \(converted(from: "WINDOWS-1252"))"
    }

    private func converted(from encoding: String) -> String { piped("iconv -f \(encoding) -t UTF-8 \(path)") }

    private func piped(_ command: String) -> String { "\(command) | larder import \(resource) -" }

    private static let compressions: [(signature: [UInt8], program: String)] = [
        ([0x1F, 0x8B], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), (Array("BZh".utf8), "bzip2"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "xz"),
    ]

    private static let separators: [(byte: UInt8, word: String)] = [
        (UInt8(ascii: ";"), "semicolons"), (UInt8(ascii: "\t"), "tabs"), (UInt8(ascii: "|"), "vertical bars"),
    ]
}

extension String {
    /// With its first letter in upper case, unless it is a path.
    fileprivate var asSentence: String { self == "standard input" ? "Standard input" : self }
}
