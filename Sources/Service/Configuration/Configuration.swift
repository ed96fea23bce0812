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

    /// What reads are served from.
    enum CacheMode: String, CaseIterable, Sendable {
        /// The cache that all instances share.
        case on
        /// The store.
        case off
        /// This process's memory: no other instance has a cache.
        case process
    }

    /// Nil: the store is this process's memory.
    var database: PostgresConfiguration?
    var databasePool = PoolLimits()
    /// Whether nobody said how large, so that it may be fitted to what the database allows.
    var isPoolSizeOpen = false
    /// Nil: there is no shared cache.
    var redis: RedisConfiguration?
    var cache = CacheMode.on
    var leaseMilliseconds: UInt64 = 5_000
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

    /// Whether other processes read what is cached.
    var hasSharedCache: Bool { redis != nil }

    /// How long a command waits for the shared cache, which may have to be opened, in milliseconds.
    var cachePatience: UInt64 { leaseMilliseconds + 3_000 }

    /// The same for a command: with two connections, and silent about what the command says itself.
    var commanding: Configuration {
        var configuration = self
        configuration.databasePool.size = 2
        configuration.log = log.from(max(log.level, .error))
        return configuration
    }

    /// The same for whoever looks after a busy cache, and waits longer for it than a request would.
    var administering: Configuration {
        var configuration = self
        configuration.redis?.commandTimeout = 5_000
        return configuration
    }

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
        log = Log(
            level: reader.read(ServiceSettings.logLevel),
            format: reader.read(ServiceSettings.logFormat, default: Terminal.errorIsTerminal ? .text : .json))
        migrationsFolder = reader.read(ServiceSettings.migrations)
        reader.refuseNearNames()
        guard reader.problems.isEmpty else { throw InvalidConfiguration(problems: reader.problems) }
        effective = reader.effective
    }

    private mutating func readDatabase(_ reader: inout EnvironmentReader) {
        let setting = ServiceSettings.database.name
        if let url = reader.url(setting) {
            do throws(PostgresError) {
                database = try PostgresConfiguration(url)
            } catch {
                reader.rejectSecret(setting, "\(error.message); expected is postgresql://user@host:5432/database")
            }
        }
        reader.show(setting, database?.description ?? "")
        databasePool.size = reader.read(ServiceSettings.poolSize)
        isPoolSizeOpen = reader[ServiceSettings.poolSize.name] == nil
        databasePool.idleTime = reader.milliseconds(ServiceSettings.connectionIdleSeconds)
        let writeMilliseconds = reader.milliseconds(ServiceSettings.writeSeconds)
        database?.writeTimeout = writeMilliseconds
        if reader["DATABASE_REPLICA_URL"] != nil {
            reader.rejectSecret("DATABASE_REPLICA_URL", "reads from a replica are not available in this version; unset it")
        }
    }

    private mutating func readCache(_ reader: inout EnvironmentReader) {
        leaseMilliseconds = reader.milliseconds(ServiceSettings.leaseSeconds)
        let prefix = reader.read(ServiceSettings.cachePrefix)
        readLifetimes(&reader)
        cachePolicy.freshnessBound = reader.read(ServiceSettings.freshness).milliseconds
        cachePolicy.staleIfError = Int64(reader.read(ServiceSettings.staleSeconds)) * 1_000
        cachePolicy.auditOneIn = reader.read(ServiceSettings.auditOneIn)
        cachePolicy.memoryBytes = reader.read(ServiceSettings.cacheMegabytes) << 20
        let setting = ServiceSettings.redis.name
        if let url = reader.url(setting) {
            do {
                redis = try RedisConfiguration(url: url)
                redis!.prefix = prefix
                redis!.fingerprint = declarations.fingerprint
                redis!.tagLifetime = 2 * ([cachePolicy.lifetime] + cachePolicy.lifetimes.values).max()!
            } catch {
                reader.rejectSecret(setting, "\(error)")
            }
        }
        reader.show(setting, redis?.description ?? "")
        readMode(&reader)
    }

    private mutating func readMode(_ reader: inout EnvironmentReader) {
        let usual: CacheMode = database == nil ? .process : redis == nil ? .off : .on
        cache = reader.read(ServiceSettings.cache, default: usual)
        switch cache {
        case .on where database == nil: cache = .process
        case .on where redis == nil:
            reader.reject(ServiceSettings.cache.name, "on needs REDIS_URL; a single instance without Redis can have process")
        case .process where redis != nil && database != nil:
            reader.reject(ServiceSettings.cache.name, "process has no use for REDIS_URL; unset one of them")
        default: break
        }
        // Rows in memory are this process's own, and so is what is cached of them.
        if database == nil { redis = nil }
    }

    private mutating func readLifetimes(_ reader: inout EnvironmentReader) {
        cachePolicy.lifetime = reader.read(ServiceSettings.lifetimeSeconds) * 1000
        for name in reader.names where name.hasPrefix("CACHE_TTL_") && name != ServiceSettings.lifetimeSeconds.name {
            _ = reader[name]
            let isSetting = name.hasSuffix("_SECONDS")
            let resource = name.dropFirst("CACHE_TTL_".count).dropLast(isSetting ? "_SECONDS".count : 0).lowercased()
            guard isSetting, declarations.resources.contains(resource) else {
                let hint = NearName.hint(for: resource, among: declarations.resources, "the resources are")
                reader.rejectSecret(name, "no such setting; \(hint), as in CACHE_TTL_ORDERS_SECONDS")
                continue
            }
            cachePolicy.lifetimes[resource] = reader.read(ServiceSettings.lifetimeSeconds(of: resource)) * 1000
        }
    }

    private mutating func readHTTP(_ reader: inout EnvironmentReader, _ cores: Int) {
        http = Address(host: reader.read(ServiceSettings.host), port: UInt16(reader.read(ServiceSettings.port)))
        admin = Address(host: reader.read(ServiceSettings.adminHost), port: UInt16(reader.read(ServiceSettings.adminPort)))
        workers = reader.read(ServiceSettings.workers, default: cores)
        cachePolicy.memoryBytes /= workers
        limits.request.maxBody = reader.read(ServiceSettings.bodyBytes)
        limits.maxConnections = max(1, reader.read(ServiceSettings.connections) / workers)
        readBuffer(&reader)
        limits.idleMilliseconds = reader.milliseconds(ServiceSettings.idleSeconds)
        limits.headerMilliseconds = reader.milliseconds(ServiceSettings.headerSeconds)
        limits.bodyMilliseconds = reader.milliseconds(ServiceSettings.bodySeconds)
        requestMilliseconds = reader.milliseconds(ServiceSettings.requestSeconds)
        shutdownMilliseconds = reader.milliseconds(ServiceSettings.shutdownSeconds)
        compression = reader.read(ServiceSettings.compression)
        crossOrigins = reader.read(ServiceSettings.crossOrigins)
        idempotencyHours = reader.read(ServiceSettings.idempotencyHours)
        readAdmission(&reader)
    }

    /// What is held for clients, and how slow they may be while it is.
    private mutating func readBuffer(_ reader: inout EnvironmentReader) {
        // Half of it is for requests, and the largest body has to fit; half is for answers, and so has the largest page.
        let least = max(4, (2 * limits.request.maxBody) >> 20 + 1) * workers
        let setting = ServiceSettings.bufferMegabytes
        let megabytes = reader.read(setting, default: max(setting.defaultValue, least))
        if megabytes < least {
            reader.reject(
                setting.name,
                "at least \(least) with HTTP_WORKERS \(workers) and HTTP_MAX_BODY_BYTES \(limits.request.maxBody)")
        }
        limits.bufferBytes = megabytes << 20 / workers
        limits.bodyRate.bytesPerSecond = reader.read(ServiceSettings.bodyRate)
        limits.answerRate.bytesPerSecond = reader.read(ServiceSettings.answerRate)
        let grace = reader.milliseconds(ServiceSettings.graceSeconds)
        limits.bodyRate.graceMilliseconds = grace
        limits.answerRate.graceMilliseconds = grace
    }
}
