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
    public static let featureNotSupported: SQLState = "0A000"
    public static let characterNotInRepertoire: SQLState = "22021"
    public static let notNullViolation: SQLState = "23502"
    public static let foreignKeyViolation: SQLState = "23503"
    public static let uniqueViolation: SQLState = "23505"
    public static let checkViolation: SQLState = "23514"
    public static let readOnlyTransaction: SQLState = "25006"
    public static let inFailedTransaction: SQLState = "25P02"
    public static let idleInTransactionTimeout: SQLState = "25P03"
    public static let invalidStatementName: SQLState = "26000"
    public static let serializationFailure: SQLState = "40001"
    public static let deadlockDetected: SQLState = "40P01"
    public static let syntaxError: SQLState = "42601"
    public static let undefinedColumn: SQLState = "42703"
    public static let duplicatePreparedStatement: SQLState = "42P05"
    public static let undefinedTable: SQLState = "42P01"
    public static let diskFull: SQLState = "53100"
    public static let outOfMemory: SQLState = "53200"
    public static let tooManyConnections: SQLState = "53300"
    /// A statement needs more than one session may take, as of `temp_file_limit`.
    public static let configurationLimitExceeded: SQLState = "53400"
    public static let programLimitExceeded: SQLState = "54000"
    public static let lockNotAvailable: SQLState = "55P03"
    public static let queryCanceled: SQLState = "57014"
    public static let adminShutdown: SQLState = "57P01"
    public static let crashShutdown: SQLState = "57P02"
    public static let cannotConnectNow: SQLState = "57P03"
    public static let ioError: SQLState = "58030"
}
