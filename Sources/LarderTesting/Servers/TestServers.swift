public import RedisCache

#if canImport(Darwin)
    internal import Darwin
#else
    internal import Glibc
#endif

/// The servers that the environment names, which tests share; `make test` starts them.
public enum TestServers {
    /// Whether there is a PostgreSQL: what needs one can be left out if not.
    public static var havePostgres: Bool { variable("LARDER_TEST_DATABASE_URL") != nil }

    /// The URL of the PostgreSQL. Tests may make schemas and databases in it: see ``withSchema(on:_:)`` and
    /// ``withDatabase(on:_:)``.
    ///
    /// - Throws: ``Missing``.
    public static func postgres() throws -> String { try named("LARDER_TEST_DATABASE_URL", "a PostgreSQL, as a URI") }

    /// Whether there is a Redis.
    public static var haveRedis: Bool { variable("LARDER_TEST_REDIS_URL") != nil }

    /// A configuration for the Redis whose keys no other test touches.
    ///
    /// - Throws: ``Missing``.
    public static func redis() throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(
            url: try named("LARDER_TEST_REDIS_URL", "a Redis, as unix:///path or redis://"))
        configuration.prefix = uniqueName()
        // The machine may be busy with all the other tests.
        configuration.commandTimeout = 5_000
        // What a test leaves behind is soon forgotten.
        configuration.tagLifetime = 60_000
        return configuration
    }

    /// The environment names no such server.
    public struct Missing: Error, CustomStringConvertible {
        /// What to do about it.
        public let description: String
    }

    private static func named(_ variable: String, _ what: String) throws -> String {
        guard let value = Self.variable(variable) else {
            throw Missing(description: "these tests need \(what), in \(variable): run scripts/test, which starts one")
        }
        return value
    }

    private static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// Of something that one test has for itself.
    static func uniqueName() -> String { "test_\(UInt64.random(in: .min ... .max))" }
}
