/// What PostgreSQL, or the way to it, refused.
///
/// Its description is for operators: it names what happened and where, and holds neither parameters nor passwords.
/// ``message`` and ``detail`` may quote values.
public struct PostgresError: Error, Sendable {
    /// What kind of failure it is, which decides what the caller can do about it.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        private enum Code: Hashable, Sendable {
            case invalidConfiguration, unreachable, connectionLost, deadlineExceeded, poolExhausted, closed, server
        }
        private let code: Code

        /// The connection string cannot be understood, or the session cannot be what it has to be.
        public static let invalidConfiguration = Kind(code: .invalidConfiguration)
        /// There is no connection, and none could be made.
        public static let unreachable = Kind(code: .unreachable)
        /// The connection broke, or the server ended it.
        public static let connectionLost = Kind(code: .connectionLost)
        /// The deadline passed, here or, as `statement_timeout`, in the server.
        public static let deadlineExceeded = Kind(code: .deadlineExceeded)
        /// Too many wait for a connection already.
        public static let poolExhausted = Kind(code: .poolExhausted)
        /// The pool or the connection was closed by its owner.
        public static let closed = Kind(code: .closed)
        /// The server refused the statement; ``PostgresError/sqlState`` says why.
        public static let server = Kind(code: .server)

        public var description: String { "\(code)" }
    }

    /// What the server says of an error, beside its code and its message.
    struct Fields: Sendable {
        var severity: String?
        var detail: String?
        var hint: String?
        var schema: String?
        var table: String?
        var column: String?
        var constraint: String?
        var position: Int?
        /// The server's function that raised it.
        var routine: String?
        /// Whether the message is likely to quote a parameter.
        var quotesParameters = false
    }

    /// In a class, so that the error is one word wherever it travels as the type of a throw.
    private final class Storage: Sendable {
        let kind: Kind
        let sqlState: SQLState?
        let message: String
        let mayHaveCommitted: Bool
        let fields: Fields

        init(_ kind: Kind, _ sqlState: SQLState?, _ message: String, _ mayHaveCommitted: Bool, _ fields: Fields) {
            self.kind = kind
            self.sqlState = sqlState
            self.message = message
            self.mayHaveCommitted = mayHaveCommitted
            self.fields = fields
        }
    }

    private let storage: Storage

    init(
        _ kind: Kind, sqlState: SQLState? = nil, _ message: String, mayHaveCommitted: Bool = false,
        fields: Fields = Fields()
    ) {
        storage = Storage(kind, sqlState, message, mayHaveCommitted, fields)
    }

    public var kind: Kind { storage.kind }
    /// The server's code, where the error is the server's.
    public var sqlState: SQLState? { storage.sqlState }
    /// What happened, in a sentence; the server's primary message where the error is the server's. It may quote values.
    public var message: String { storage.message }
    /// Whether what was asked for may have been committed all the same: its outcome is unknown.
    ///
    /// False says for certain that nothing of it took effect.
    public var mayHaveCommitted: Bool { storage.mayHaveCommitted }
    /// `ERROR`, `FATAL` or `PANIC`, never translated.
    public var severity: String? { storage.fields.severity }
    /// More on the error. It often quotes values.
    public var detail: String? { storage.fields.detail }
    /// What the server advises.
    public var hint: String? { storage.fields.hint }
    /// The schema of ``table``.
    public var schema: String? { storage.fields.schema }
    /// The table that is concerned, where the server names it.
    public var table: String? { storage.fields.table }
    /// The column that is concerned, where the server names it.
    public var column: String? { storage.fields.column }
    /// The name of the constraint that was broken.
    public var constraint: String? { storage.fields.constraint }
    /// Where in the statement or script the error is, in characters from 1.
    public var position: Int? { storage.fields.position }

    /// Whether doing the same again may succeed, and nothing of the first attempt took effect.
    public var isRetriable: Bool {
        guard !mayHaveCommitted else { return false }
        switch kind {
        case .unreachable, .connectionLost, .poolExhausted:
            return true
        case .server:
            guard let sqlState else { return false }
            return PostgresError.retriable.contains(sqlState) || isOfPreparation
        default:
            return false
        }
    }

    private static let retriable: Set<SQLState> = [
        .serializationFailure, .deadlockDetected, .idleInTransactionTimeout, .lockNotAvailable, .tooManyConnections,
        .adminShutdown, .crashShutdown,
        .cannotConnectNow,
    ]

    /// Whether a statement no longer fits the tables it was prepared for ("cached plan must not change result type").
    ///
    /// PostgreSQL has no code of its own for it and may translate the message, but the function's name stands.
    var isStalePlan: Bool {
        sqlState == .featureNotSupported && storage.fields.routine == "RevalidateCachedQuery"
    }

    /// Whether it is for what became of prepared statements in the server, and not for the statement itself: a table was
    /// changed, or somebody deallocated them (`DISCARD ALL` of a pooler). Run anew, and unprepared, it does not happen.
    var isOfPreparation: Bool {
        isStalePlan || sqlState == .invalidStatementName || sqlState == .duplicatePreparedStatement
    }

    /// Whether the server cannot do now what is asked of it, whoever asks: it has become read-only, its disk is full, it is out of
    /// memory. Nothing of it took effect.
    ///
    /// What is more than one session may take (`temp_file_limit`) is the statement's fault, though it is of the same class.
    public var isServersOwnFault: Bool {
        guard let sqlState, sqlState != .configurationLimitExceeded else { return false }
        return sqlState.category == "53" || sqlState == .readOnlyTransaction || sqlState == .ioError
    }

    /// The same error, with what is known of the outcome.
    func with(mayHaveCommitted: Bool) -> PostgresError {
        guard mayHaveCommitted != self.mayHaveCommitted else { return self }
        return PostgresError(
            kind, sqlState: sqlState, message, mayHaveCommitted: mayHaveCommitted, fields: storage.fields)
    }
}

extension PostgresError: CustomStringConvertible {
    public var description: String {
        var text = "PostgreSQL: "
        if storage.fields.quotesParameters, let sqlState {
            text += "the statement was refused"
            text += sqlState.category == "22" ? ", because of a value given to it" : ""
        } else {
            text += message
        }
        if let sqlState { text += " (SQLSTATE \(sqlState))" }
        if let constraint { text += ", constraint \(constraint)" }
        if let table { text += ", table \(table)" }
        if let column { text += ", column \(column)" }
        if let position { text += ", at character \(position)" }
        if mayHaveCommitted { text += "; it may have been committed" }
        return text
    }
}
