/// A line that begins a part: `-- migrate:up` or `-- migrate:down`, with options behind it.
struct Marker: Hashable {
    enum Direction: String, CaseIterable {
        case up, down
    }

    static let up = "-- migrate:up"
    static let down = "-- migrate:down"

    let direction: Direction
    var isTransactional = true

    /// nil if `line` is no marker.
    ///
    /// What nearly is one is refused: taken for a comment, `-- migrate:dwon` would let the statements that undo a
    /// migration run as its last ones.
    init?(_ line: String, _ number: Int) throws(ScriptProblem) {
        guard Marker.isMeant(line) else { return nil }
        let words = line.split(whereSeparator: \.isWhitespace)
        let heads = Direction.allCases.map { ($0, ["--", "migrate:\($0.rawValue)"]) }
        guard line.hasPrefix("-- "), let (direction, _) = heads.first(where: { words.starts(with: $0.1, by: ==) }) else {
            throw ScriptProblem(
                line: number, reason: "not understood as a marker; write `\(Marker.up)` or `\(Marker.down)` at the line's start")
        }
        self.direction = direction
        for option in words.dropFirst(2) { try take(option, number) }
        if words.count > 3 { throw ScriptProblem(line: number, reason: "an option is given twice; say it once") }
    }

    private mutating func take(_ option: Substring, _ number: Int) throws(ScriptProblem) {
        switch option {
        case "transaction:false": isTransactional = false
        case "transaction:true": isTransactional = true
        default:
            throw ScriptProblem(
                line: number, reason: "there is no option \"\(option)\"; the only one is `transaction:false`")
        }
    }

    /// Whether a line is a comment that begins with `migrate:`, in whatever spelling.
    private static func isMeant(_ line: String) -> Bool {
        let text = line.drop(while: \.isWhitespace)
        guard text.hasPrefix("--") else { return false }
        return text.drop { $0 == "-" || $0.isWhitespace }.prefix(8).lowercased() == "migrate:"
    }
}
