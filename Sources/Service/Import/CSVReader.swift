/// Reads the records of CSV (RFC 4180) piece by piece: fields divided by commas, in quotes where they hold commas, quotes or line
/// ends. Lines may end with LF alone, and a byte order mark is passed over.
///
/// It holds one piece and one record, whatever the length of the whole.
struct CSVReader {
    /// How many bytes one record may have. A quote that is never closed would else take all that follows into memory.
    static let recordLimit = 16 << 20

    private var piece: [UInt8] = []
    private var position = 0
    private var line = 1
    private var isAtStart = true
    private var isAtEnd = false
    /// Whether the last byte that was read is a line end.
    private var endsWithLineEnd = false
    /// How many bytes came before ``piece``.
    private var passed = 0
    /// The next bytes; none at the end.
    private let read: () throws -> [UInt8]

    /// - Parameter read: returns the next bytes each time, and none at the end. What it throws, ``next()`` throws.
    init(_ read: @escaping () throws -> [UInt8]) { self.read = read }

    init(_ bytes: [UInt8]) {
        var rest = bytes
        self.init {
            defer { rest = [] }
            return rest
        }
    }

    /// How many bytes were read.
    var bytesRead: Int { passed + position }

    /// One record, and the lines that it takes.
    struct Record {
        var line: Int
        /// The last of them.
        var lastLine: Int
        /// What the fields hold, or what is wrong with the record.
        var fields: Result<[String], Malformed>
    }

    /// Why a record cannot be read.
    struct Malformed: Error, Hashable {
        let reason: String
        /// Whether the lines of the record may have been several, of which nothing is known now.
        var losesLines = false

        static let notUTF8 = Malformed(reason: "it is not UTF-8")
        static let quoteInField = Malformed(reason: "a field that is not quoted holds a quote")
        static let somethingBehindQuotes = Malformed(
            reason: "a quoted field is followed by something else than a comma", losesLines: true)
        static let tooLong = Malformed(
            reason: "it has more than \(CSVReader.recordLimit) bytes; a quote may be missing", losesLines: true)

        /// - Parameter line: where the quote stands.
        static func endless(from line: Int) -> Malformed {
            Malformed(reason: "the quote that opens on line \(line) is never closed", losesLines: true)
        }
    }

    /// The next record; nil at the end. Empty lines are passed over.
    mutating func next() throws -> Record? {
        try skipEmptyLines()
        guard try peek() != nil else { return nil }
        let start = line
        var fields: [String] = []
        var problem: Malformed?
        var length = 0
        repeat {
            do {
                let bytes = try field(length)
                length += bytes.count + 1
                if let text = String(validating: bytes, as: UTF8.self) {
                    fields.append(text)
                } else {
                    problem = problem ?? .notUTF8
                }
            } catch let malformed as Malformed {
                // Where the next field begins is not known any more.
                problem = problem ?? malformed
                try skipToEndOfLine()
            }
        } while try take(UInt8(ascii: ","))
        // At the end of the file, the line that a last line end would begin is none.
        let lastLine = try peek() == nil && endsWithLineEnd && line > start ? line - 1 : line
        _ = try take(UInt8(ascii: "\r"))
        _ = try take(UInt8(ascii: "\n"))
        return Record(line: start, lastLine: lastLine, fields: problem.map { .failure($0) } ?? .success(fields))
    }

    /// - Parameter length: how many bytes the fields before it have, with their commas.
    private mutating func field(_ length: Int) throws -> [UInt8] {
        if length > Self.recordLimit { throw Malformed.tooLong }
        var content: [UInt8] = []
        guard try take(UInt8(ascii: "\"")) else {
            while let byte = try peek(), !Self.endsField(byte) {
                guard byte != UInt8(ascii: "\"") else { throw Malformed.quoteInField }
                try append(to: &content, length) { Self.endsField($0) || $0 == UInt8(ascii: "\"") }
            }
            return content
        }
        let start = line
        while true {
            try append(to: &content, length) { $0 == UInt8(ascii: "\"") }
            guard try peek() != nil else { throw Malformed.endless(from: start) }
            // A quote; two of them stand for one.
            _ = try take(UInt8(ascii: "\""))
            guard try take(UInt8(ascii: "\"")) else { break }
            content.append(UInt8(ascii: "\""))
        }
        if let byte = try peek(), !Self.endsField(byte) { throw Malformed.somethingBehindQuotes }
        return content
    }

    /// Takes bytes up to one that ends them, or to the end.
    private mutating func append(
        to content: inout [UInt8], _ length: Int, until isEnd: (UInt8) -> Bool
    ) throws {
        while try peek() != nil {
            let end = piece[position...].firstIndex(where: isEnd) ?? piece.endIndex
            line += piece[position..<end].count { $0 == UInt8(ascii: "\n") }
            // A record that is too long is read to its end, but not kept.
            if length + content.count <= Self.recordLimit { content += piece[position..<end] }
            position = end
            if end < piece.endIndex { break }
        }
        if length + content.count > Self.recordLimit { throw Malformed.tooLong }
    }

    private static func endsField(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    // MARK: Bytes

    /// The next byte, which is not taken; nil at the end.
    @inline(__always)
    private mutating func peek() throws -> UInt8? {
        if position == piece.count { try readOn() }
        return position < piece.count ? piece[position] : nil
    }

    private mutating func readOn() throws {
        guard !isAtEnd else { return }
        passed += piece.count
        position = 0
        endsWithLineEnd = piece.last == UInt8(ascii: "\n")
        piece = try read()
        isAtEnd = piece.isEmpty
        guard isAtStart, !isAtEnd else { return }
        isAtStart = false
        while piece.count < 3 {
            let more = try read()
            if more.isEmpty { break }
            piece += more
        }
        if piece.starts(with: [0xEF, 0xBB, 0xBF]) {
            position = 3
            if piece.count == 3 { try readOn() }
        }
    }

    private mutating func take(_ byte: UInt8) throws -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return true
    }

    private mutating func skipEmptyLines() throws {
        while let byte = try peek(), byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") { _ = try take(byte) }
    }

    private mutating func skipToEndOfLine() throws {
        while let byte = try peek(), byte != UInt8(ascii: "\n") { position += 1 }
    }
}
