import EventLoop
import RedisCache
import Testing

@Suite struct `The URL of Redis` {
    @Test func `names a host, and takes port and database by default`() throws {
        let configuration = try RedisConfiguration(url: "redis://cache.example")
        #expect(configuration.endpoint == .tcp(host: "cache.example", port: 6379))
        #expect(configuration.database == 0)
        #expect(configuration.user == nil)
        #expect(configuration.password == nil)
    }

    @Test func `names user, password, port and database`() throws {
        let configuration = try RedisConfiguration(url: "redis://larder:secret@10.0.0.1:7000/3")
        #expect(configuration.endpoint == .tcp(host: "10.0.0.1", port: 7000))
        #expect(configuration.user == "larder")
        #expect(configuration.password == "secret")
        #expect(configuration.database == 3)
    }

    @Test func `may have a password without a user`() throws {
        let configuration = try RedisConfiguration(url: "redis://:secret@localhost/")
        #expect(configuration.user == nil)
        #expect(configuration.password == "secret")
    }

    @Test func `decodes user and password`() throws {
        let configuration = try RedisConfiguration(url: "redis://a%40b:p%3a%2F%25%C3%A9@localhost")
        #expect(configuration.user == "a@b")
        #expect(configuration.password == "p:/%é")
    }

    @Test(arguments: [
        ("redis://[::1]", "::1", 6379), ("redis://[fe80::1]:7000/1", "fe80::1", 7000),
        ("redis://u:p@[2001:db8::2]:6380", "2001:db8::2", 6380),
    ])
    func `has IPv6 addresses in brackets`(url: String, host: String, port: UInt16) throws {
        #expect(try RedisConfiguration(url: url).endpoint == .tcp(host: host, port: port))
    }

    @Test func `names a unix socket`() throws {
        let plain = try RedisConfiguration(url: "unix:///run/redis.sock")
        #expect(plain.endpoint == .unix(path: "/run/redis.sock"))
        #expect(plain.database == 0)
        let full = try RedisConfiguration(url: "unix://larder:secret@/run/my%20redis.sock?db=2")
        #expect(full.endpoint == .unix(path: "/run/my redis.sock"))
        #expect(full.user == "larder")
        #expect(full.password == "secret")
        #expect(full.database == 2)
    }

    @Test(arguments: [
        ("", "scheme"), ("localhost:6379", "scheme"), ("http://localhost", "its scheme is unknown"),
        ("rediss://localhost", "TLS"),
        ("redis://", "host"), ("redis://:6379", "host"), ("redis://h:0", "port is not"), ("redis://h:65536", "port is not"),
        ("redis://h:", "port"), ("redis://h:+1", "port is not"), ("redis://h:6379x", "port is not"),
        ("redis://h/x", "the database is not"),
        ("redis://h/-1", "the database is not"), ("redis://h/0/1", "the database is not"), ("redis://a:1,b:2", "several hosts"),
        ("redis://a,b/0", "several hosts"), ("redis://::1", "brackets"), ("redis://[::1", "never closed"),
        ("redis://[::1]6379", "follows"), ("redis://[]:1", "host"), ("redis://user@h", "no password"),
        ("redis://user:@h", "password is empty"), ("redis://u:%zz@h", "% in the password"),
        ("redis://u:%4@h", "% in the password"),
        ("redis://u:%ff@h", "not UTF-8"), ("redis://h?db=1", "?"), ("unix://", "absolute"), ("unix://run/redis.sock", "absolute"),
        ("unix:///", "path"), ("unix:///a?db=x", "the database is not"), ("unix:///a?database=1", "its option is unknown"),
        ("unix://?db=/", "path"), ("unix:///" + String(repeating: "a", count: 110), "111 bytes"),
    ])
    func `that cannot be understood is refused with a reason`(url: String, reason: String) {
        do {
            let configuration = try RedisConfiguration(url: url)
            Issue.record("\(url) was read as \(configuration)")
        } catch {
            #expect(error.description.contains(reason))
            #expect(error.description.contains("; "), "it says what is expected")
        }
    }

    @Test(arguments: [
        "redis://larder:hunter2:x@h:99999", "redis://u:hunter2%@h", "redis://u:hunter2@h?x", "unix://u:hunter2@h/x?y",
        "redis://u:hunter2", "redis://u:hunter2/0", "redis://u:hunter2:x", "redis://:hunter2", "redis://[::1]hunter2",
    ])
    func `keeps the password out of its errors`(url: String) {
        #expect(throws: RedisURLError.self) { try RedisConfiguration(url: url) }
        do { _ = try RedisConfiguration(url: url) } catch { #expect(!error.description.contains("hunter2")) }
    }

    @Test(arguments: [
        ("redis://larder:secret@h:1/2", "redis://larder:***@h:1/2"), ("redis://[::1]", "redis://[::1]:6379/0"),
        ("unix://:secret@/a?db=1", "unix://:***@/a?db=1"), ("unix:///a", "unix:///a"),
    ])
    func `is shown without the password`(url: String, shown: String) throws {
        #expect(try RedisConfiguration(url: url).description == shown)
    }
}
