@testable import RedisCache

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The server that all tests share, each with a prefix of its own.
enum SharedRedis {
    struct Missing: Error, CustomStringConvertible {
        let description = "these tests need a Redis 7: run scripts/test, or set LARDER_TEST_REDIS_URL=unix:///path/to/redis.sock"
    }

    /// A configuration whose keys no other test touches.
    static func configuration() throws -> RedisConfiguration {
        guard let url = getenv("LARDER_TEST_REDIS_URL") else { throw Missing() }
        return try configuration(url: String(cString: url))
    }

    private static func configuration(url: String) throws -> RedisConfiguration {
        var configuration = try RedisConfiguration(url: url)
        configuration.prefix = "test-\(UInt64.random(in: .min ... .max))"
        // The machine may be busy with all the other tests.
        configuration.commandTimeout = 5_000
        configuration.tagLifetime = 60_000
        return configuration
    }
}
