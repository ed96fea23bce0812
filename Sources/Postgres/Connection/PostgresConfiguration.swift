/// Where PostgreSQL is, who connects, and how long things may take there.
public struct PostgresConfiguration: Sendable {
    /// What the connection string says, by libpq's keywords. Among them may be the password.
    let parameters: [String: String]
    /// What libpq asks of a server: that it takes writes, so that it is no standby.
    static let sessionAttributes = "read-write"

    /// The time to connect to one address, in milliseconds. `connect_timeout` in the connection string sets it.
    public var connectTimeout: UInt64 = 5_000
    /// How long one statement may run in the server, in milliseconds; 0 for as long as it likes.
    public var readTimeout: UInt64 = 10_000
    /// How long one statement of a write transaction may run, and how long the server waits for the next statement of
    /// any transaction before it ends it, in milliseconds; 0 for as long as it likes.
    public var writeTimeout: UInt64 = 2_000
    /// What `pg_stat_activity` shows. What the connection string sets as `application_name` stands behind the slash in
    /// `larder/NAME`: readers ask by the beginning for the transactions that write.
    public var applicationName = "larder"
    /// How many statements whose text follows from what clients ask stay prepared on one connection, beside the
    /// program's own. The least recently used makes room for a new one.
    public var preparedStatements = 256
    /// How long the server may take to answer a cancelled statement, in milliseconds. Then the connection is closed.
    public var cancelPatience: UInt64 = 1_000

    /// The formats that values are read in, and written in by migrations, whatever the server, its roles, the environment and
    /// the operator's own options say.
    public static let formats = [
        "SET client_encoding = 'UTF8'", "SET DateStyle = 'ISO'", "SET IntervalStyle = 'postgres'", "SET TimeZone = 'UTC'",
        "SET extra_float_digits = 1",
    ]

    /// What the cache relies on: a statement that reads sees all that was committed when it began, and what is acknowledged is not
    /// lost in a crash of the server (it may be told to wait for more than that).
    private static let guarantees = [
        "SET default_transaction_isolation = 'read committed'",
        "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'",
    ]

    /// What makes a session ours.
    var sessionSettings: String {
        let limits = [
            "SET statement_timeout = \(readTimeout)", "SET idle_in_transaction_session_timeout = \(writeTimeout)",
        ]
        return (Self.formats + Self.guarantees + limits).joined(separator: "; ")
    }

    /// Understands a libpq URI (`postgresql://user@host/database`) or a keyword string (`host=... dbname=...`).
    ///
    /// What it leaves open, libpq takes from the environment (`PGHOST`, `PGUSER` and so on) and from `~/.pgpass`.
    ///
    /// - Throws: ``PostgresError/Kind/invalidConfiguration`` with a message that quotes no value.
    public init(_ connectionString: String) throws(PostgresError) {
        parameters = try ConnectionString.parse(connectionString)
        try ConnectionString.check(parameters, defaults: ConnectionString.defaults())
        if let attributes = parameters["target_session_attrs"], attributes != Self.sessionAttributes {
            throw PostgresError(
                .invalidConfiguration,
                """
                target_session_attrs in the connection string is not \(Self.sessionAttributes): what is read from a standby \
                may be old, and would be cached for all
                """)
        }
        if let name = parameters["application_name"] { applicationName = "larder/\(name)" }
        if let seconds = parameters["connect_timeout"] {
            guard let seconds = UInt64(seconds), seconds <= 3_600 else {
                throw PostgresError(
                    .invalidConfiguration, "connect_timeout in the connection string is not a number of seconds up to 3600")
            }
            // As libpq has it, 0 waits for ever; nothing here does.
            if seconds > 0 { connectTimeout = seconds * 1_000 }
        }
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomReflectable {
    /// Who connects to what, without the password.
    public var description: String {
        let user = parameters["user"].map { "\($0)@" } ?? ""
        let host = parameters["host"] ?? parameters["hostaddr"] ?? ""
        let port = parameters["port"].map { ":\($0)" } ?? ""
        let database = parameters["dbname"].map { "/\($0)" } ?? ""
        return "postgresql://\(user)\(host)\(port)\(database)"
    }

    /// The description alone: `dump` and the test library's messages would show the password.
    public var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
