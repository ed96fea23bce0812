internal import Synchronization

/// The text of a statement, known to the process by a number.
///
/// Each connection prepares it once, under a name made of that number. Make a value once and keep it: making one
/// looks its text up under a lock, while running it again costs nothing of the kind.
public struct SQL: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// How many texts the process remembers. What comes after them runs unprepared, so texts made of user input
    /// cannot fill the memory.
    public static let registryLimit = 4096

    final class Entry: Sendable {
        /// nil for a text that is not to be prepared.
        let id: Int?
        let text: String
        let name: String

        init(id: Int?, _ text: String) {
            self.id = id
            self.text = text
            name = id.map { "larder_\($0)" } ?? ""
        }
    }

    private static let registry = Mutex<[String: Entry]>([:])

    let entry: Entry

    public init(_ text: String) {
        entry = SQL.registry.withLock { registry in
            if let known = registry[text] { return known }
            guard registry.count < SQL.registryLimit else { return Entry(id: nil, text) }
            let entry = Entry(id: registry.count, text)
            registry[text] = entry
            return entry
        }
    }

    private init(_ entry: Entry) { self.entry = entry }

    public init(stringLiteral text: String) { self.init(text) }

    /// A statement that runs rarely: it is not prepared, and not remembered.
    public static func unprepared(_ text: String) -> SQL { SQL(Entry(id: nil, text)) }

    public var text: String { entry.text }
    public var description: String { text }

    public static func == (left: SQL, right: SQL) -> Bool {
        left.entry === right.entry || (left.entry.id == right.entry.id && left.text == right.text)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(text) }
}

/// A statement and the values of its parameters, ready to run.
public struct Statement: Sendable {
    /// PostgreSQL's limit on the parameters of one statement.
    public static let parameterLimit = 65_535

    public var sql: SQL
    /// In PostgreSQL's text format, `$1` first; nil is NULL.
    public var parameters: [String?]

    public init(_ sql: SQL, _ parameters: [String?] = []) {
        self.sql = sql
        self.parameters = parameters
    }
}

/// What a run may do to the database.
public enum Access: Sendable, Hashable {
    /// It only reads. It may share a transaction with other reads, and is repeated if the connection breaks.
    case readOnly
    /// It may write.
    case readWrite
}
