internal import API
internal import CacheCoordinator
internal import HTTPServer
internal import Model
internal import Postgres
internal import PostgresStore
internal import RedisCache

/// All settings of the service, from its environment.
struct Configuration: Sendable {
    enum Switch: String, CaseIterable, Sendable {
        case on, off
    }

    /// Nil: the store is this process's memory.
    var database: PostgresConfiguration?
    var databasePool = PoolLimits()
    /// Whether nobody said how large, so that it may be fitted to what the database allows.
    var isPoolSizeOpen = false
    /// Nil: the cache is this process's memory.
    var redis: RedisConfiguration?
    var cache = Switch.on
    var cachePolicy = CachePolicy()
    var http = Address(host: "127.0.0.1", port: 8080)
    var admin = Address(host: "127.0.0.1", port: 8081)
    var workers = 1
    var limits = ServerLimits()
    var compression = Switch.on
    /// The hosts that the API and the admin listener answer for.
    var hosts = (api: Hosts.loopback, admin: Hosts.loopback)
    /// Nil: pages of other origins may not use the API.
    var crossOrigins: CrossOrigin.Origins?
    var requestMilliseconds: UInt64 = 10_000
    var shutdownMilliseconds: UInt64 = 10_000
    var idempotencyHours = 24
    /// What is served.
    let declarations: Declarations
    /// The views that PostgreSQL computes by statements of their own.
    let views: [SQLView]
    /// The values of the domain's settings.
    var settings = Settings()
    var log = Log(level: .info, format: .text)
    var migrationsFolder = "./Migrations"

    /// What `larder config` shows: each variable with its effective value, secrets redacted.
    private(set) var effective: [(name: String, value: String)] = []

    /// How long a command waits for Redis, which may be in the hold-off of a new keyspace, and a process that ends for Redis to
    /// know of its writes, in milliseconds.
    var redisPatience: UInt64 { UInt64(cachePolicy.intentLifetime) + 3_000 }

    struct Address: Sendable {
        var host: String
        var port: UInt16
    }
}

/// All that is wrong with the environment.
struct InvalidConfiguration: Error {
    let problems: [String]
}

extension Configuration {
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong, at once.
    init(
        _ environment: [String: String], _ declarations: Declarations, _ views: [SQLView] = [], cores: Int
    ) throws(InvalidConfiguration) {
        self.declarations = declarations
        self.views = views
        var reader = EnvironmentReader(environment)
        readDatabase(&reader)
        readCache(&reader)
        readHTTP(&reader, cores)
        for setting in declarations.settings { reader.read(setting, into: &settings) }
        let format = Terminal.errorIsTerminal ? Log.Format.text : .json
        log = Log(
            level: reader.choice("LOG_LEVEL", default: .info), format: reader.choice("LOG_FORMAT", default: format))
        migrationsFolder = reader.text("MIGRATIONS_DIR", default: migrationsFolder)
        reader.refuseNearNames()
        guard reader.problems.isEmpty else { throw InvalidConfiguration(problems: reader.problems) }
        effective = reader.effective
    }

    private mutating func readDatabase(_ reader: inout EnvironmentReader) {
        if let url = reader.url("DATABASE_URL") {
            do throws(PostgresError) {
                database = try PostgresConfiguration(url)
            } catch {
                reader.rejectSecret("DATABASE_URL", "\(error.message); expected is postgresql://user@host:5432/database")
            }
        }
        reader.show("DATABASE_URL", database?.description ?? "")
        databasePool.size = reader.integer("DATABASE_POOL_SIZE", default: databasePool.size, in: 1...1000)
        isPoolSizeOpen = reader["DATABASE_POOL_SIZE"] == nil
        databasePool.idleTime = UInt64(reader.integer("DATABASE_IDLE_SECONDS", default: 60, in: 1...86_400)) * 1000
        let writeSeconds = reader.integer("DATABASE_WRITE_SECONDS", default: 2, in: 1...60)
        database?.writeTimeout = UInt64(writeSeconds) * 1000
        // The database ends a write that does not reach its commit within one of its timeouts after the announcement. The
        // rest is for the commit, which no timeout ends, for clocks and for networks.
        cachePolicy.intentLifetime = writeSeconds * 3000
        if reader["DATABASE_REPLICA_URL"] != nil {
            reader.rejectSecret("DATABASE_REPLICA_URL", "reads from a replica are not available in this version; unset it")
        }
    }

    private mutating func readCache(_ reader: inout EnvironmentReader) {
        cache = reader.choice("CACHE", default: cache)
        let prefix = reader.parsed(
            "CACHE_PREFIX", default: "larder", "1 to 50 letters, digits, dots, hyphens or underscores"
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
        let seconds = 1...(30 * 86_400)
        cachePolicy.lifetime = reader.integer("CACHE_TTL_SECONDS", default: 300, in: seconds) * 1000
        for name in reader.names where name.hasPrefix("CACHE_TTL_") && name != "CACHE_TTL_SECONDS" {
            _ = reader[name]
            let isSetting = name.hasSuffix("_SECONDS")
            let resource = name.dropFirst("CACHE_TTL_".count).dropLast(isSetting ? "_SECONDS".count : 0).lowercased()
            guard isSetting, declarations.resources.contains(resource) else {
                let hint = NearName.hint(for: resource, among: declarations.resources, "the resources are")
                reader.rejectSecret(name, "no such setting; \(hint), as in CACHE_TTL_ORDERS_SECONDS")
                continue
            }
            cachePolicy.lifetimes[resource] = reader.integer(name, default: 300, in: seconds) * 1000
        }
        let freshness = reader.parsed(
            "CACHE_FRESHNESS", default: Freshness.strict, "strict, or a bound from 1ms to 60s such as 50ms"
        ) { Freshness($0) }
        cachePolicy.freshnessBound = freshness.milliseconds
        if reader.integer("CACHE_STALE_IF_ERROR_SECONDS", default: 0, in: 0...86_400) != 0 {
            reader.rejectSecret(
                "CACHE_STALE_IF_ERROR_SECONDS", "serving stale entries is not available in this version; unset it")
        }
        let megabytes = reader.integer("CACHE_MEMORY_MB", default: 64, in: 1...1_048_576)
        cachePolicy.memoryBytes = megabytes << 20
        if let url = reader.url("REDIS_URL") {
            do {
                redis = try RedisConfiguration(url: url)
                redis!.prefix = prefix
                redis!.tokenLifetime = 2 * ([cachePolicy.lifetime] + cachePolicy.lifetimes.values).max()!
            } catch {
                reader.rejectSecret("REDIS_URL", "\(error)")
            }
        }
        reader.show("REDIS_URL", redis?.description ?? "")
    }

    private mutating func readHTTP(_ reader: inout EnvironmentReader, _ cores: Int) {
        http.host = reader.text("HTTP_HOST", default: http.host)
        http.port = UInt16(reader.integer("HTTP_PORT", default: Int(http.port), in: 0...65_535))
        admin.host = reader.text("ADMIN_HOST", default: admin.host)
        admin.port = UInt16(reader.integer("ADMIN_PORT", default: Int(admin.port), in: 0...65_535))
        workers = reader.integer("HTTP_WORKERS", default: cores, in: 1...1024)
        cachePolicy.memoryBytes /= workers
        limits.request.maxBody = reader.integer("HTTP_MAX_BODY_BYTES", default: limits.request.maxBody, in: 0...(1 << 30))
        let connections = reader.integer("HTTP_MAX_CONNECTIONS", default: 10_000, in: 1...10_000_000)
        limits.maxConnections = max(1, connections / workers)
        readBuffer(&reader)
        limits.idleMilliseconds = UInt64(reader.integer("HTTP_IDLE_SECONDS", default: 60, in: 1...86_400)) * 1000
        limits.headerMilliseconds = UInt64(reader.integer("HTTP_HEADER_SECONDS", default: 10, in: 1...3600)) * 1000
        limits.bodyMilliseconds = UInt64(reader.integer("HTTP_BODY_SECONDS", default: 30, in: 1...3600)) * 1000
        requestMilliseconds = UInt64(reader.integer("HTTP_REQUEST_SECONDS", default: 10, in: 1...3600)) * 1000
        shutdownMilliseconds = UInt64(reader.integer("HTTP_SHUTDOWN_SECONDS", default: 10, in: 1...3600)) * 1000
        compression = reader.choice("HTTP_COMPRESSION", default: compression)
        if reader["HTTP_CORS_ORIGINS"] != nil {
            crossOrigins = reader.parsed(
                "HTTP_CORS_ORIGINS", default: .listed([]),
                "* or origins as browsers send them, with commas between, such as https://shop.example.org,http://localhost:3000"
            ) { CrossOrigin.Origins($0) }
        } else {
            reader.show("HTTP_CORS_ORIGINS", "")
        }
        idempotencyHours = reader.integer("HTTP_IDEMPOTENCY_HOURS", default: idempotencyHours, in: 1...8760)
        readAdmission(&reader)
    }

    /// What is held for clients, and how slow they may be while it is.
    private mutating func readBuffer(_ reader: inout EnvironmentReader) {
        // Half of it is for requests, and the largest body has to fit; half is for answers, and so has the largest page.
        let least = max(4, (2 * limits.request.maxBody) >> 20 + 1) * workers
        let megabytes = reader.integer("HTTP_BUFFER_MB", default: max(64, least), in: 1...1_048_576)
        if megabytes < least {
            reader.reject(
                "HTTP_BUFFER_MB",
                "at least \(least) with HTTP_WORKERS \(workers) and HTTP_MAX_BODY_BYTES \(limits.request.maxBody)")
        }
        limits.bufferBytes = megabytes << 20 / workers
        limits.bodyRate.bytesPerSecond = reader.integer("HTTP_MIN_BODY_BYTES_PER_SECOND", default: 240, in: 1...1_048_576)
        limits.answerRate.bytesPerSecond = reader.integer("HTTP_MIN_ANSWER_BYTES_PER_SECOND", default: 240, in: 1...1_048_576)
        let grace = UInt64(reader.integer("HTTP_RATE_GRACE_SECONDS", default: 10, in: 1...3600)) * 1000
        limits.bodyRate.graceMilliseconds = grace
        limits.answerRate.graceMilliseconds = grace
    }
}
