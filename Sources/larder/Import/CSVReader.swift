/// Reads the records of a CSV file (RFC 4180): fields divided by commas, in quotes where they hold commas, quotes or line
/// ends. Lines may end with LF alone, and a byte order mark is passed over.
struct CSVReader {
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// How much of the file was read, from 0 to 1.
    var progress: Double { bytes.isEmpty ? 1 : Double(position) / Double(bytes.count) }

    /// One record, and the line on which it begins.
    struct Record {
        var line: Int
        /// What the fields hold, or what is wrong with the record.
        var fields: Result<[String], Malformed>
    }

    struct Malformed: Error, Hashable {
        let reason: String
    }

    /// The next record; nil at the end of the file. Empty lines are passed over.
    mutating func next() -> Record? {
        skipEmptyLines()
        guard position < bytes.count else { return nil }
        let start = line
        var fields: [String] = []
        var problem: String?
        repeat {
            do throws(Malformed) {
                if let text = String(validating: try field(), as: UTF8.self) {
                    fields.append(text)
                } else {
                    problem = problem ?? "it is not UTF-8"
                }
            } catch {
                // Where the next field begins is not known any more.
                problem = problem ?? error.reason
                skipToEndOfLine()
            }
        } while take(UInt8(ascii: ","))
        endLine()
        return Record(line: start, fields: problem.map { .failure(Malformed(reason: $0)) } ?? .success(fields))
    }

    private mutating func field() throws(Malformed) -> [UInt8] {
        var content: [UInt8] = []
        if take(UInt8(ascii: "\"")) {
            while true {
                guard position < bytes.count else { throw Malformed(reason: "a quoted field does not end") }
                let byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\"") {
                    guard take(UInt8(ascii: "\"")) else { break }
                } else if byte == UInt8(ascii: "\n") {
                    line += 1
                }
                content.append(byte)
            }
            guard position == bytes.count || Self.endsField(bytes[position]) else {
                throw Malformed(reason: "a quoted field is followed by something else than a comma")
            }
        } else {
            while position < bytes.count, !Self.endsField(bytes[position]) {
                guard bytes[position] != UInt8(ascii: "\"") else {
                    throw Malformed(reason: "a field that is not quoted holds a quote")
                }
                content.append(bytes[position])
                position += 1
            }
        }
        return content
    }

    private static func endsField(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func endLine() {
        _ = take(UInt8(ascii: "\r"))
        if take(UInt8(ascii: "\n")) { line += 1 }
    }

    private mutating func skipEmptyLines() {
        while position < bytes.count, bytes[position] == UInt8(ascii: "\n") || bytes[position] == UInt8(ascii: "\r") {
            if bytes[position] == UInt8(ascii: "\n") { line += 1 }
            position += 1
        }
    }

    private mutating func skipToEndOfLine() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\n") { position += 1 }
    }
}
