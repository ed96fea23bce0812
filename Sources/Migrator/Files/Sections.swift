/// What is wrong in the text of a file.
struct ScriptProblem: Error, Hashable {
    /// Of the file, from 1; nil where the whole of it is meant.
    let line: Int?
    let reason: String
}

/// A marker's line and what stands below it.
struct Section {
    let marker: Marker
    /// The marker's line.
    let line: Int
    /// From the line below the marker on.
    var text: [UInt8] = []
}

/// A file, divided at its markers.
struct Sections {
    private(set) var up: Section?
    private(set) var down: Section?

    /// Carriage returns are left out: some checkouts add them, and to SQL they are space.
    init(_ bytes: [UInt8]) throws(ScriptProblem) {
        let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        var current: Section?
        let lines = content.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (index, raw) in lines.enumerated() {
            let number = index + 1
            let bytes = raw.filter { $0 != UInt8(ascii: "\r") }
            guard let line = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
                throw ScriptProblem(line: number, reason: "the line is not UTF-8 text; save the file as UTF-8")
            }
            if let marker = try Marker(line, number) {
                try close(current)
                current = Section(marker: marker, line: number)
            } else {
                current?.text += bytes
                current?.text.append(UInt8(ascii: "\n"))
            }
        }
        try close(current)
    }

    private mutating func close(_ section: Section?) throws(ScriptProblem) {
        guard let section else { return }
        switch section.marker.direction {
        case .up where up != nil:
            throw ScriptProblem(line: section.line, reason: "there is a second up part; put its statements into the first")
        case .down where down != nil:
            throw ScriptProblem(line: section.line, reason: "there is a second down part; put its statements into the first")
        case .up where down != nil:
            throw ScriptProblem(line: section.line, reason: "the up part stands below the down part; put it first")
        case .up: up = section
        case .down: down = section
        }
    }
}
