/// The five characters by which PostgreSQL names a condition (PostgreSQL documentation, appendix A).
public struct SQLState: Hashable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    /// The five characters.
    public let code: String

    public init(_ code: String) { self.code = code }
    public init(stringLiteral code: String) { self.code = code }

    public var description: String { code }

    /// The first two characters, which name the class of the condition: `23` for broken constraints.
    public var category: Substring { code.prefix(2) }
}

extension SQLState {
    /// The server cannot do that. A prepared statement whose columns changed is told so too.
    public static let featureNotSupported: SQLState = "0A000"
    /// A text has a character that the encoding cannot hold, as a zero byte.
    public static let characterNotInRepertoire: SQLState = "22021"
    /// A column that must have a value was given none.
    public static let notNullViolation: SQLState = "23502"
    /// A row refers to one that is not there, or is referred to and was to go.
    public static let foreignKeyViolation: SQLState = "23503"
    /// There is a row with this key already.
    public static let uniqueViolation: SQLState = "23505"
    /// A value does not fulfil a CHECK constraint.
    public static let checkViolation: SQLState = "23514"
    /// Something was to be written where only reading is possible.
    public static let readOnlyTransaction: SQLState = "25006"
    /// A statement before failed, so the transaction can only be rolled back.
    public static let inFailedTransaction: SQLState = "25P02"
    /// The server ended a session that kept a transaction open and did nothing.
    public static let idleInTransactionTimeout: SQLState = "25P03"
    /// No statement is prepared under this name.
    public static let invalidStatementName: SQLState = "26000"
    /// The transaction cannot be placed before or after another that ran beside it.
    public static let serializationFailure: SQLState = "40001"
    /// Transactions waited for each other, and this one was rolled back.
    public static let deadlockDetected: SQLState = "40P01"
    /// The statement cannot be understood.
    public static let syntaxError: SQLState = "42601"
    /// There is no such column.
    public static let undefinedColumn: SQLState = "42703"
    /// A statement is prepared under this name already.
    public static let duplicatePreparedStatement: SQLState = "42P05"
    /// There is no such table.
    public static let undefinedTable: SQLState = "42P01"
    /// The disk is full.
    public static let diskFull: SQLState = "53100"
    /// The server has no memory left.
    public static let outOfMemory: SQLState = "53200"
    /// The server, the database or the role has as many connections as it may have.
    public static let tooManyConnections: SQLState = "53300"
    /// A statement needs more than one session may take, as of `temp_file_limit`.
    public static let configurationLimitExceeded: SQLState = "53400"
    /// A statement is larger than the server takes, or has more parameters.
    public static let programLimitExceeded: SQLState = "54000"
    /// A lock was not to be had in time.
    public static let lockNotAvailable: SQLState = "55P03"
    /// The statement was cancelled: by somebody, or by `statement_timeout`.
    public static let queryCanceled: SQLState = "57014"
    /// The server is shutting down, or an administrator ended the session.
    public static let adminShutdown: SQLState = "57P01"
    /// The server restarts, because one of its processes crashed.
    public static let crashShutdown: SQLState = "57P02"
    /// The server is starting or shutting down.
    public static let cannotConnectNow: SQLState = "57P03"
    /// The server could not read or write its files.
    public static let ioError: SQLState = "58030"
}
