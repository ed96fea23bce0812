/// The text of a statement, and how connections keep it.
///
/// A value costs one hash of its text to make and nothing to use, so what runs often is made once and kept. Nothing is
/// remembered beside the value: what connections have prepared is theirs, see ``PreparedStatements``.
public struct SQL: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// How long a connection keeps a statement prepared.
    enum Preparation: Sendable {
        /// From its first use on, as long as the connection lives.
        case pinned
        /// Until others have been used more recently.
        case whileUsed
        /// Not at all.
        case never
    }

    /// In a class, so that a statement is one word wherever it travels.
    private final class Storage: Sendable {
        let text: String
        let preparation: Preparation
        let hash: Int

        init(_ text: String, _ preparation: Preparation) {
            self.text = text
            self.preparation = preparation
            hash = text.hashValue
        }
    }

    private let storage: Storage

    private init(_ text: String, _ preparation: Preparation) { storage = Storage(text, preparation) }

    /// A text that follows from what a client asks, as in which columns it filters by and sorts by. A connection keeps
    /// some hundreds of them prepared, and which ones is up to the clients.
    public init(_ text: String) { self.init(text, .whileUsed) }

    /// A text of the program's own, which has finitely many of them: see ``pinned(_:)``.
    public init(stringLiteral text: String) { self.init(text, .pinned) }

    /// A text of the program's own, made once of names that are declared: once prepared, a connection keeps it so.
    ///
    /// Nothing that a client sends may decide on the text, or clients could fill the memory of the server.
    public static func pinned(_ text: String) -> SQL { SQL(text, .pinned) }

    /// A statement that is not prepared: it runs rarely, or there is nothing to plan about it.
    public static func unprepared(_ text: String) -> SQL { SQL(text, .never) }

    /// What the server is sent.
    public var text: String { storage.text }
    public var description: String { text }
    var preparation: Preparation { storage.preparation }

    /// Whether they have the same text, however connections keep it.
    public static func == (left: SQL, right: SQL) -> Bool {
        left.storage === right.storage || (left.storage.hash == right.storage.hash && left.text == right.text)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage.hash) }
}

/// A statement and the values of its parameters, ready to run.
public struct Statement: Sendable {
    /// PostgreSQL's limit on the parameters of one statement.
    public static let parameterLimit = 65_535

    /// Its text, with `$1`, `$2` and so on for the parameters.
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
