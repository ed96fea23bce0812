import CacheCoordinator
import HTTPServer
import Model
import Postgres
import TestDomain
import Testing

@testable import Service

@Suite struct `The configuration` {
    private func read(_ environment: [String: String] = [:], cores: Int = 4) throws -> Configuration {
        try Configuration(environment, testDeclarations, cores: cores)
    }

    private func problems(_ environment: [String: String]) -> [String] {
        do throws(InvalidConfiguration) {
            _ = try Configuration(environment, testDeclarations, cores: 4)
            return []
        } catch {
            return error.problems
        }
    }

    private func effective(_ environment: [String: String]) throws -> [String: String] {
        Dictionary(uniqueKeysWithValues: try read(environment).effective.map { ($0.name, $0.value) })
    }

    // MARK: Values

    @Test func `has a default for everything`() throws {
        let effective = try effective(["LOG_FORMAT": "json"])
        #expect(
            effective == [
                "DATABASE_URL": "", "DATABASE_POOL_SIZE": "4", "DATABASE_IDLE_SECONDS": "60", "DATABASE_WRITE_SECONDS": "2",
                "REDIS_URL": "",
                "CACHE": "process", "CACHE_LEASE_SECONDS": "5", "CACHE_PREFIX": "larder", "CACHE_TTL_SECONDS": "300",
                "CACHE_FRESHNESS": "strict",
                "CACHE_STALE_IF_ERROR_SECONDS": "0", "CACHE_AUDIT_ONE_IN": "0", "CACHE_MEMORY_MB": "64", "HTTP_HOST": "127.0.0.1",
                "HTTP_PORT": "8080",
                "ADMIN_HOST": "127.0.0.1", "ADMIN_PORT": "8081", "HTTP_WORKERS": "4", "HTTP_MAX_BODY_BYTES": "1048576",
                "HTTP_MAX_CONNECTIONS": "10000", "HTTP_IDLE_SECONDS": "60", "HTTP_HEADER_SECONDS": "10",
                "HTTP_BODY_SECONDS": "30", "HTTP_BUFFER_MB": "64", "HTTP_MIN_BODY_BYTES_PER_SECOND": "240",
                "HTTP_MIN_ANSWER_BYTES_PER_SECOND": "240", "HTTP_RATE_GRACE_SECONDS": "10", "HTTP_REQUEST_SECONDS": "10",
                "HTTP_SHUTDOWN_SECONDS": "10", "HTTP_COMPRESSION": "on",
                "HTTP_CORS_ORIGINS": "", "HTTP_IDEMPOTENCY_HOURS": "24", "API_AUTH": "off", "ADMIN_AUTH": "off",
                "HTTP_HOSTS": "localhost,127.0.0.1,[::1]", "ADMIN_HOSTS": "localhost,127.0.0.1,[::1]",
                "DUES_PERCENT": "8.25", "LOG_LEVEL": "info", "LOG_FORMAT": "json", "MIGRATIONS_DIR": "./Migrations",
            ])
        let configuration = try read()
        #expect(configuration.database == nil)
        #expect(configuration.redis == nil)
        #expect(configuration.cachePolicy.freshnessBound == 0)
        #expect(configuration.cachePolicy.lifetimes.isEmpty)
    }

    @Test(arguments: [
        ("DATABASE_POOL_SIZE", "1"), ("DATABASE_POOL_SIZE", "1000"), ("DATABASE_WRITE_SECONDS", "60"), ("CACHE", "off"),
        ("CACHE_PREFIX", "My_app-1.2"), ("CACHE_TTL_SECONDS", "1"), ("CACHE_TTL_SECONDS", "2592000"),
        ("CACHE_TTL_SHIPMENTS_SECONDS", "5"),
        ("CACHE_FRESHNESS", "50ms"), ("CACHE_MEMORY_MB", "1"), ("HTTP_HOST", "127.0.0.2"), ("HTTP_PORT", "0"),
        ("HTTP_PORT", "65535"),
        ("ADMIN_HOST", "127.0.0.3"), ("HTTP_HOSTS", "*"), ("ADMIN_HOSTS", "a.example:8081,[::1]"), ("ADMIN_AUTH", "off"),
        ("ADMIN_PORT", "9000"), ("HTTP_WORKERS", "1"), ("HTTP_WORKERS", "1024"),
        ("HTTP_MAX_BODY_BYTES", "0"),
        ("HTTP_MAX_CONNECTIONS", "1"), ("HTTP_IDLE_SECONDS", "1"), ("HTTP_HEADER_SECONDS", "1"), ("HTTP_BODY_SECONDS", "1"),
        ("HTTP_BUFFER_MB", "65"), ("HTTP_MIN_BODY_BYTES_PER_SECOND", "1"), ("HTTP_MIN_ANSWER_BYTES_PER_SECOND", "100000"),
        ("HTTP_RATE_GRACE_SECONDS", "1"),
        ("HTTP_REQUEST_SECONDS", "1"), ("HTTP_SHUTDOWN_SECONDS", "1"), ("HTTP_COMPRESSION", "off"), ("HTTP_CORS_ORIGINS", "*"),
        ("HTTP_CORS_ORIGINS", "https://shop.example.org,http://localhost:3000"), ("HTTP_IDEMPOTENCY_HOURS", "8760"),
        ("API_AUTH", "off"),
        ("DUES_PERCENT", "0"),
        ("DUES_PERCENT", "100"), ("DUES_PERCENT", "7.1234"), ("LOG_LEVEL", "debug"), ("LOG_LEVEL", "error"),
        ("LOG_FORMAT", "text"), ("LOG_FORMAT", "json"), ("MIGRATIONS_DIR", "/srv/migrations"),
    ])
    func `shows the value of each variable that is set`(name: String, value: String) throws {
        #expect(try effective([name: value])[name] == value)
    }

    @Test func `has its values where they are used`() throws {
        let configuration = try read([
            "DATABASE_POOL_SIZE": "9", "CACHE": "off", "HTTP_HOST": "::1", "HTTP_PORT": "9001", "ADMIN_HOST": "h",
            "ADMIN_AUTH": "off",
            "ADMIN_PORT": "9002",
            "HTTP_WORKERS": "3", "HTTP_MAX_BODY_BYTES": "5", "HTTP_IDLE_SECONDS": "6", "HTTP_HEADER_SECONDS": "7",
            "HTTP_BODY_SECONDS": "8", "HTTP_MIN_BODY_BYTES_PER_SECOND": "101", "HTTP_MIN_ANSWER_BYTES_PER_SECOND": "102",
            "HTTP_RATE_GRACE_SECONDS": "14", "HTTP_REQUEST_SECONDS": "9", "HTTP_SHUTDOWN_SECONDS": "11",
            "HTTP_IDEMPOTENCY_HOURS": "13",
            "DUES_PERCENT": "7",
            "LOG_LEVEL": "warning", "LOG_FORMAT": "json", "MIGRATIONS_DIR": "m", "CACHE_FRESHNESS": "2s",
            "CACHE_TTL_SECONDS": "12",
        ])
        #expect(configuration.databasePool.size == 9)
        #expect(configuration.cache == .off)
        #expect(configuration.http.host == "::1" && configuration.http.port == 9001)
        #expect(configuration.admin.host == "h" && configuration.admin.port == 9002)
        #expect(configuration.workers == 3)
        #expect(configuration.limits.request.maxBody == 5)
        #expect(configuration.limits.idleMilliseconds == 6_000)
        #expect(configuration.idempotencyHours == 13)
        #expect(configuration.limits.headerMilliseconds == 7_000)
        #expect(configuration.limits.bodyMilliseconds == 8_000)
        #expect(configuration.limits.bodyRate == LeastRate(bytesPerSecond: 101, graceMilliseconds: 14_000))
        #expect(configuration.limits.answerRate == LeastRate(bytesPerSecond: 102, graceMilliseconds: 14_000))
        #expect(configuration.requestMilliseconds == 9_000)
        #expect(configuration.shutdownMilliseconds == 11_000)
        #expect(configuration.settings[Shipment.dues] == Percent("7"))
        #expect(configuration.log.level == .warning && configuration.log.format == .json)
        #expect(configuration.migrationsFolder == "m")
        #expect(configuration.cachePolicy.freshnessBound == 2_000)
        #expect(configuration.cachePolicy.lifetime == 12_000)
    }

    @Test func `has a worker for each core`() throws {
        #expect(try read(cores: 1).workers == 1)
        #expect(try read(cores: 64).workers == 64)
    }

    @Test func `knows whether the size of the pools may be fitted to the database`() throws {
        #expect(try read().isPoolSizeOpen)
        #expect(try !read(["DATABASE_POOL_SIZE": "4"]).isPoolSizeOpen)
    }

    @Test func `divides connections and memory among the workers`() throws {
        let configuration = try read(["HTTP_WORKERS": "4", "HTTP_MAX_CONNECTIONS": "100", "CACHE_MEMORY_MB": "8"])
        #expect(configuration.limits.maxConnections == 25)
        #expect(configuration.cachePolicy.memoryBytes == 2 << 20)
        #expect(try read(["HTTP_WORKERS": "4", "HTTP_MAX_CONNECTIONS": "3"]).limits.maxConnections == 1)
    }

    @Test func `divides the buffer among the workers, and gives each room for the largest body and the largest page`() throws {
        #expect(try read(["HTTP_WORKERS": "2", "HTTP_BUFFER_MB": "100"]).limits.bufferBytes == 50 << 20)
        #expect(try read(["HTTP_WORKERS": "40"]).limits.bufferBytes == 4 << 20)
        #expect(try read(["HTTP_WORKERS": "2", "HTTP_MAX_BODY_BYTES": "104857600"]).limits.bufferBytes == 201 << 20)
        let little = [
            (["HTTP_WORKERS": "8", "HTTP_BUFFER_MB": "31"], "at least 32 with HTTP_WORKERS 8"),
            (["HTTP_WORKERS": "1", "HTTP_BUFFER_MB": "8", "HTTP_MAX_BODY_BYTES": "5000000"], "at least 10 with HTTP_WORKERS 1"),
        ]
        for (environment, sentence) in little {
            let problems = problems(environment)
            #expect(problems.count == 1 && problems[0].contains(sentence), "\(problems)")
        }
    }

    @Test(arguments: [
        (["DATABASE_URL"], Configuration.CacheMode.off), (["DATABASE_URL", "REDIS_URL"], .on), ([], .process),
        (["REDIS_URL"], .process),
    ])
    func `has the cache that there can be, if nobody says which`(variables: [String], mode: Configuration.CacheMode) throws {
        let urls = ["DATABASE_URL": "postgresql://db/shop", "REDIS_URL": "redis://cache"]
        let configuration = try read(urls.filter { variables.contains($0.key) })
        #expect(configuration.cache == mode)
        #expect(configuration.hasSharedCache == (mode == .on))
    }

    @Test func `refuses a cache that there cannot be`() {
        let database = ["DATABASE_URL": "postgresql://db/shop"]
        #expect(problems(database.merging(["CACHE": "on"]) { $1 }).contains { $0.contains("CACHE") && $0.contains("REDIS_URL") })
        let both = ["REDIS_URL": "redis://cache", "CACHE": "process"].merging(database) { $1 }
        #expect(problems(both).contains { $0.contains("process has no use for REDIS_URL") })
    }

    @Test func `has a lease of a few seconds`() throws {
        #expect(try read().leaseMilliseconds == 5_000)
        #expect(try read(["CACHE_LEASE_SECONDS": "2"]).leaseMilliseconds == 2_000)
    }

    @Test(arguments: testDeclarations.resources)
    func `has lives of entries by resource`(resource: String) throws {
        let configuration = try read(["CACHE_TTL_\(resource.uppercased())_SECONDS": "7", "CACHE_TTL_SECONDS": "60"])
        #expect(configuration.cachePolicy.lifetimes == [resource: 7_000])
        #expect(configuration.cachePolicy.lifetime == 60_000)
    }

    @Test func `ignores what is not its own, and what is empty`() throws {
        let standard = try effective(["LOG_FORMAT": "json"])
        let others = [
            "PATH": "/bin", "HTTP_PROXY": "http://h", "CACHE": "", "HTTP_PORT": "", "CACHE_TTL_X_SECONDS": "",
            "LOG_FORMAT": "json",
        ]
        #expect(try effective(others) == standard)
    }

    @Test(arguments: ["DATABASE_URL", "REDIS_URL"])
    func `does not count blanks and line ends around a URL, which come with a file`(_ name: String) throws {
        let url = name == "REDIS_URL" ? "redis://cache:6379/2" : "postgresql://ann@db:6543/shop"
        for text in ["\(url)\n", " \(url)", "\(url)\r\n", "\t\(url) \n"] {
            #expect(try effective([name: text])[name] == url)
        }
        #expect(try effective([name: " \n"])[name] == "")
    }

    @Test func `ignores what Kubernetes and many other programs are told`() throws {
        let standard = try effective([:])
        let others = [
            "LARDER_PORT": "tcp://10.0.0.1:8080", "LARDER_PORT_8080_TCP": "tcp://10.0.0.1:8080",
            "HTTPX_PORT": "tcp://10.0.0.1:80",
            "LARDER_SERVICE_HOST": "10.0.0.1", "DATABASE_HOST": "db", "DATABASE_NAME": "x", "REDIS_HOST": "r",
            "REDIS_PORT": "6379",
            "HTTPS_PORT": "443", "HTTPS_PROXY": "http://h", "NO_PROXY": "x", "LOGLEVEL": "x", "LOG_DIR": "/x", "CACHE_DIR": "/x",
            "HTTP_HOME": "x", "PGHOST": "h", "PORT": "80", "HOST": "h", "MIGRATIONS": "x", "SALES": "1",
        ]
        #expect(try effective(others) == standard)
    }

    /// Two programs may be told in one environment where their databases are.
    @Test func `ignores what has a name near to one that is given`() throws {
        let standard = try effective(["HTTP_PORT": "80"])
        #expect(try effective(["HTTP_PORT": "80", "HTTP_PORTS": "81"]) == standard)
    }

    // MARK: Problems

    @Test(arguments: ["DATABASE_URL", "REDIS_URL"])
    func `refuses a URL in quotes without showing it`(_ name: String) {
        for quote in ["\"", "'", "`"] {
            for url in ["postgresql://ann:word@db/shop", "redis://ann:word@cache", "unix://ann:word@/s"] {
                #expect(
                    problems([name: " \(quote)\(url)\(quote)"])
                        == ["\(name): it begins with a quote; expected is the value alone, without quotes around it."])
            }
        }
    }

    @Test(arguments: [
        ("DATABASE_URL", "postgresql://ann:pass@geheim@db/shop"), ("DATABASE_URL", "postgresql://ann:1/geheim@db/shop"),
        ("DATABASE_URL", "host=db password=a geheim"), ("DATABASE_URL", "ann:geheim@db/shop"), ("DATABASE_URL", "geheim://db"),
        ("DATABASE_URL", "postgresql://db/shop?sslmode=geheim"), ("DATABASE_REPLICA_URL", "postgresql://ann:geheim@db"),
        ("REDIS_URL", "geheim://cache"), ("REDIS_URL", "redis://ann:geheim"), ("REDIS_URL", "redis://cache/geheim"),
        ("REDIS_URL", "redis://:geheim?x@cache"), ("REDIS_URL", "unix:///s?geheim=1"), ("REDIS_URL", "unix://:geheim@s"),
        ("REDIS_URL", "redis://:pass%zzgeheim@cache"), ("REDIS_URL", "geheim"),
    ])
    func `names the variable and what is expected of a URL, and shows nothing of it`(_ name: String, _ value: String) {
        let found = problems([name: value])
        #expect(found.count == 1)
        #expect(found.allSatisfy { $0.hasPrefix("\(name): ") && !$0.contains("geheim") }, "\(found)")
    }

    @Test(arguments: [
        ("DATABSE_URL", "DATABASE_URL"), ("DATABASE_URI", "DATABASE_URL"), ("HTTP_PROT", "HTTP_PORT"), ("HTTPPORT", "HTTP_PORT"),
        ("CACHE_TTL", "CACHE_TTL_SECONDS"), ("CACHE_TTL_SECOND", nil), ("CACHE_MEMORY", "CACHE_MEMORY_MB"),
        ("CACHE_MEMORY_BYTES", "CACHE_MEMORY_MB"), ("HTTP_IDLE_MS", "HTTP_IDLE_SECONDS"),
        ("HTTP_IDEL_SECONDS", "HTTP_IDLE_SECONDS"),
        ("HTTP_HOSTSS", "HTTP_HOSTS"), ("ADMIN_HOSTSS", "ADMIN_HOSTS"), ("ADMIN_AUHT", "ADMIN_AUTH"), ("ADMIN_ATH", "ADMIN_AUTH"),
        ("DUES", "DUES_PERCENT"), ("REDIS_URLS", "REDIS_URL"), ("LOG_LEVLE", "LOG_LEVEL"), ("http_port", "HTTP_PORT"),
    ])
    func `names the setting that a variable is near to`(name: String, near: String?) {
        let found = problems([name: "60"])
        #expect(found.count == 1)
        if let near { #expect(found == ["\(name) is no setting; perhaps \(near) is meant: rename or unset it."]) }
    }

    @Test(arguments: [("HTTP_HOST", "HTTP_HOTS", "HTTP_HOSTS"), ("ADMIN_HOST", "ADMIN_HOTS", "ADMIN_HOSTS")])
    func `names the setting that a variable is near to, beside one that is given`(given: String, name: String, near: String) {
        #expect(
            problems([given: "localhost", name: "a.example"])
                == ["\(name) is no setting; perhaps \(near) is meant: rename or unset it."])
    }

    @Test(arguments: ["HTTP_PORT", "ADMIN_PORT"], ["tcp://10.0.0.1:80", "udp://10.0.0.1:80"])
    func `tells of the links to services by which Kubernetes sets it`(name: String, value: String) {
        let found = problems([name: value])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("\(name) is \"\(value)\"; expected is a whole number from 0 to 65535. ") == true)
        #expect(found.first?.contains("Kubernetes service link: set enableServiceLinks: false") == true)
        #expect(problems([name: "http://10.0.0.1"]).first?.contains("Kubernetes") == false)
    }

    @Test(arguments: [
        ("DATABASE_POOL_SIZE", "0", "a whole number from 1 to 1000"),
        ("DATABASE_WRITE_SECONDS", "61", "a whole number from 1 to 60"),
        ("CACHE", "yes", "on or off or process"),
        ("CACHE_PREFIX", "a b", "1 to 50 letters, digits, dots, hyphens or underscores"),
        ("CACHE_PREFIX", "é", "1 to 50 letters, digits, dots, hyphens or underscores"),
        ("CACHE_PREFIX", String(repeating: "a", count: 51), "1 to 50 letters, digits, dots, hyphens or underscores"),
        ("CACHE_TTL_SECONDS", "0", "a whole number from 1 to 2592000"),
        ("CACHE_TTL_SHIPMENTS_SECONDS", "x", "a whole number from 1 to 2592000"),
        ("CACHE_FRESHNESS", "50", "strict, or a bound from 1ms to 60s such as 50ms"),
        ("CACHE_MEMORY_MB", "0", "a whole number from 1 to 1048576"),
        ("CACHE_STALE_IF_ERROR_SECONDS", "-1", "a whole number from 0 to 86400"),
        ("HTTP_PORT", "65536", "a whole number from 0 to 65535"),
        ("ADMIN_PORT", "http", "a whole number from 0 to 65535"), ("HTTP_WORKERS", "0", "a whole number from 1 to 1024"),
        ("HTTP_MAX_BODY_BYTES", "1MB", "a whole number from 0 to 1073741824"),
        ("HTTP_MAX_CONNECTIONS", "0", "a whole number from 1 to 10000000"),
        ("HTTP_IDLE_SECONDS", "0", "a whole number from 1 to 86400"),
        ("HTTP_HEADER_SECONDS", "10s", "a whole number from 1 to 3600"),
        ("HTTP_BODY_SECONDS", "0", "a whole number from 1 to 3600"),
        ("HTTP_REQUEST_SECONDS", "0", "a whole number from 1 to 3600"),
        ("HTTP_IDEMPOTENCY_HOURS", "0", "a whole number from 1 to 8760"),
        ("HTTP_SHUTDOWN_SECONDS", "0", "a whole number from 1 to 3600"), ("API_AUTH", "maybe", "off or token"),
        ("HTTP_COMPRESSION", "gzip", "on or off"),
        (
            "HTTP_HOSTS", "https://api.example.org",
            "* or hosts with commas between, each with a port or without, such as api.example.org,127.0.0.1:8080"
        ),
        (
            "ADMIN_HOSTS", "a,,b",
            "* or hosts with commas between, each with a port or without, such as api.example.org,127.0.0.1:8080"
        ),
        (
            "HTTP_CORS_ORIGINS", "shop.example.org",
            "* or origins as browsers send them, with commas between, such as https://shop.example.org,http://localhost:3000"
        ),
        ("DUES_PERCENT", "100.01", "a percentage from 0 to 100 with at most four decimals, such as 8.25"),
        ("DUES_PERCENT", "8,25", "a percentage from 0 to 100 with at most four decimals, such as 8.25"),
        ("DUES_PERCENT", "1.23456", "a percentage from 0 to 100 with at most four decimals, such as 8.25"),
        ("LOG_LEVEL", "verbose", "debug or info or warning or error"), ("LOG_FORMAT", "xml", "text or json"),
    ])
    func `names a variable that it does not understand, its value, and what is expected`(
        name: String, value: String, expectation: String
    ) {
        #expect(problems([name: value]) == ["\(name) is \"\(value)\"; expected is \(expectation)."])
    }

    @Test func `names all that is wrong at once`() {
        let environment = [
            "DATABASE_URL": "mysql://h", "REDIS_URL": "http://h", "CACHE": "yes", "CACHE_TTL_SECONDS": "0",
            "CACHE_TTL_X_SECONDS": "1",
            "CACHE_FRESHNESS": "x", "HTTP_HOST": "0.0.0.0", "HTTP_PORT": "x", "ADMIN_PORT": "x", "DUES_PERCENT": "x",
            "LOG_LEVEL": "x",
        ]
        let problems = problems(environment)
        let named = Set(problems.map { String($0.prefix { $0 != " " && $0 != ":" }) })
        #expect(named == Set(environment.keys.map { $0 == "HTTP_HOST" ? "API_AUTH" : $0 }))
        #expect(problems.count == environment.count)
        #expect(problems.allSatisfy { $0.hasSuffix(".") })
    }

    @Test(arguments: ["CACHE_TTL_SHIPMENT_SECONDS", "CACHE_TTL_SHIPMENTS", "CACHE_TTL_SHIPEMNTS_SECONDS"])
    func `hints at the resource whose name is near`(name: String) {
        let reason = "no such setting; perhaps shipments is meant, as in CACHE_TTL_ORDERS_SECONDS."
        #expect(problems([name: "5"]) == ["\(name): \(reason)"])
    }

    @Test(arguments: [
        "CACHE_TTL_RECIPES_SECONDS", "CACHE_TTL_", "CACHE_TTL__SECONDS", "CACHE_TTL_SECONDS_", "CACHE_TTL_SHIPMENT_LINES_SECONDS",
        "CACHE_TTL_SHIPMENTS_SECOND",
    ])
    func `knows no lives of other resources`(name: String) {
        let problems = problems([name: "5"])
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("\(name): no such setting; the resources are depots, crates, carriers, shipments"))
    }

    @Test(arguments: [
        ("DATABASE_REPLICA_URL", "postgres://h"), ("API_AUTH", "token"),
        ("ADMIN_AUTH", "token"),
    ])
    func `does not accept in silence what this version cannot do`(name: String, value: String) {
        let problems = problems([name: value])
        #expect(problems.count == 1)
        #expect(problems[0].hasPrefix("\(name): ") && problems[0].contains("not available in this version"))
    }
}
