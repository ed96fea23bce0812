internal import API
internal import Model

/// The settings of the service, each with all there is to say of it. The domain's are declared beside what uses them.
enum ServiceSettings {
    // MARK: The database

    static let database = Setting(
        "DATABASE_URL", default: "", inWords: "unset: rows in this process's memory",
        "PostgreSQL's primary, as a URI or a keyword string of libpq.")
    static let poolSize = Setting(
        "DATABASE_POOL_SIZE", default: 4, inWords: "4, or what fits", in: 1...1000, "Connections to PostgreSQL of one worker.")
    static let connectionIdleSeconds = Setting(
        "DATABASE_IDLE_SECONDS", default: 60, in: 1...86_400, "How long a connection to PostgreSQL may do nothing.")
    static let writeSeconds = Setting(
        "DATABASE_WRITE_SECONDS", default: 2, in: 1...60,
        "How long a statement of a write, and a pause within its transaction, may take.")

    // MARK: The cache

    static let redis = Setting(
        "REDIS_URL", default: "", inWords: "unset: there is none", "The cache that all instances share.")
    static let cache = Setting(
        "CACHE", default: Configuration.CacheMode.on,
        inWords: "on with REDIS_URL; without it off over PostgreSQL, and process over memory",
        "Whether reads are served from the cache; process: from this process's memory, and no other instance has one.")
    static let leaseSeconds = Setting(
        "CACHE_LEASE_SECONDS", default: 5, in: 1...300,
        "How long an instance may serve from the cache after it last asked the database whether it is open.")
    static let cachePrefix = Setting(
        "CACHE_PREFIX", default: "larder", expects: "1 to 50 letters, digits, dots, hyphens or underscores",
        "The first part of every key in Redis."
    ) { text in
        let isName = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        return isName && text.utf8.count <= 50 ? text : nil
    }
    static let lifetimeSeconds = Setting("CACHE_TTL_SECONDS", default: 300, in: lifetimes, "The life of an entry.")

    /// The life of one resource's entries.
    static func lifetimeSeconds(of resource: String) -> Setting<Int> {
        Setting(
            "CACHE_TTL_\(resource.uppercased())_SECONDS", default: 300, inWords: "CACHE_TTL_SECONDS", in: lifetimes,
            "The life of the entries of one resource.")
    }

    private static let lifetimes = 1...(30 * 86_400)
    static let freshness = Setting(
        "CACHE_FRESHNESS", default: Freshness.strict, expects: "strict, or a bound from 1ms to 60s such as 50ms",
        "For how long a worker serves an entry again without asking."
    ) { Freshness($0) }
    static let staleSeconds = Setting(
        "CACHE_STALE_IF_ERROR_SECONDS", default: 0, in: 0...86_400,
        "For how long after it was last known to be valid an entry is served when the database cannot be reached.")
    static let auditOneIn = Setting(
        "CACHE_AUDIT_ONE_IN", default: 0, in: 0...1_000_000_000, "One in so many hits is compared with the database; 0: none.")
    static let cacheMegabytes = Setting(
        "CACHE_MEMORY_MB", default: 64, in: 1...1_048_576, "All workers' own memory of entries together.")

    // MARK: HTTP

    static let host = Setting("HTTP_HOST", default: "127.0.0.1", "Where the API listens.")
    static let port = Setting("HTTP_PORT", default: 8080, in: 0...65_535, "The port of the API.")
    static let adminHost = Setting("ADMIN_HOST", default: "127.0.0.1", "Where health, metrics and cache administration listen.")
    static let adminPort = Setting("ADMIN_PORT", default: 8081, in: 0...65_535, "The port of these.")
    static let workers = Setting("HTTP_WORKERS", default: 1, inWords: "cores", in: 1...1024, "Threads that serve.")
    static let bodyBytes = Setting("HTTP_MAX_BODY_BYTES", default: 1 << 20, in: 0...(1 << 30), "The largest body.")
    static let connections = Setting(
        "HTTP_MAX_CONNECTIONS", default: 10_000, in: 1...10_000_000, "Connections of all workers together.")
    static let bufferMegabytes = Setting(
        "HTTP_BUFFER_MB", default: 64, inWords: "64, or 4 for each worker if that is more; see below", in: 1...1_048_576,
        "What all workers together hold for clients.")
    static let bodyRate = Setting(
        "HTTP_MIN_BODY_BYTES_PER_SECOND", default: 240, in: 1...1_048_576, "How slowly a client may send a body.")
    static let answerRate = Setting(
        "HTTP_MIN_ANSWER_BYTES_PER_SECOND", default: 240, in: 1...1_048_576, "How slowly a client may take an answer.")
    static let graceSeconds = Setting(
        "HTTP_RATE_GRACE_SECONDS", default: 10, in: 1...3600, "For how long nothing need move before these rates count.")
    static let idleSeconds = Setting(
        "HTTP_IDLE_SECONDS", default: 60, in: 1...86_400, "How long a client may take between two requests.")
    static let headerSeconds = Setting(
        "HTTP_HEADER_SECONDS", default: 10, in: 1...3600, "How long a client may take for a head.")
    static let bodySeconds = Setting("HTTP_BODY_SECONDS", default: 30, in: 1...3600, "How long a client may take for a body.")
    static let requestSeconds = Setting("HTTP_REQUEST_SECONDS", default: 10, in: 1...3600, "How long a request may take.")
    static let shutdownSeconds = Setting(
        "HTTP_SHUTDOWN_SECONDS", default: 10, in: 1...3600, "How long running requests have to finish after SIGTERM.")
    static let compression = Setting("HTTP_COMPRESSION", default: Configuration.Switch.on, "Whether answers may be gzip.")
    static let crossOrigins = Setting(
        "HTTP_CORS_ORIGINS", default: CrossOrigin.Origins?.none, inWords: "unset: none",
        expects:
            "* or origins as browsers send them, with commas between, such as https://shop.example.org,http://localhost:3000",
        "Origins whose pages may use the API.", parse: { CrossOrigin.Origins($0).map { .some($0) } },
        show: { $0?.description ?? "" })
    static let idempotencyHours = Setting(
        "HTTP_IDEMPOTENCY_HOURS", default: 24, in: 1...8760,
        "How long the answer to a request with an Idempotency-Key is kept.")

    // MARK: Who is let in

    static let authentication = Setting(
        "API_AUTH", default: Configuration.Authentication.off, inWords: "off on loopback",
        "To be decided when HTTP_HOST is not loopback.")
    static let adminAuthentication = Setting(
        "ADMIN_AUTH", default: Configuration.Authentication.off, inWords: "off on loopback",
        "To be decided when ADMIN_HOST is not loopback.")
    static let hosts = hosts(
        "HTTP_HOSTS", inWords: "the names of loopback while HTTP_HOST is one, else *", "The hosts that the API answers for.")
    static let adminHosts = hosts(
        "ADMIN_HOSTS", inWords: "HTTP_HOSTS if set, and the names of loopback while ADMIN_HOST is one",
        "The hosts that the admin listener answers for.")

    private static func hosts(_ name: String, inWords words: String, _ summary: String) -> Setting<Hosts> {
        Setting(
            name, default: .loopback, inWords: words,
            expects: "* or hosts with commas between, each with a port or without, such as api.example.org,127.0.0.1:8080",
            summary, parse: { Hosts($0) })
    }

    // MARK: The rest

    static let logLevel = Setting("LOG_LEVEL", default: Log.Level.info, "The least that is logged.")
    static let logFormat = Setting(
        "LOG_FORMAT", default: Log.Format.json, inWords: "text on a terminal else json", "How it is logged.")
    static let migrations = Setting("MIGRATIONS_DIR", default: "./Migrations", "Where the migrations are.")

    /// All of them; of those for each resource the pattern.
    static let all: [any AnySetting] = [
        database, poolSize, connectionIdleSeconds, writeSeconds,
        redis, cache, leaseSeconds, cachePrefix, lifetimeSeconds, lifetimeSeconds(of: "<RESOURCE>"), freshness, staleSeconds,
        auditOneIn,
        cacheMegabytes,
        host, port, adminHost, adminPort, workers, bodyBytes, connections, bufferMegabytes, bodyRate, answerRate, graceSeconds,
        idleSeconds, headerSeconds, bodySeconds, requestSeconds, shutdownSeconds, compression, crossOrigins, idempotencyHours,
        authentication, adminAuthentication, hosts, adminHosts,
        logLevel, logFormat, migrations,
    ]
}
