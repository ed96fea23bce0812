import API
import TestDomain
import Testing

@testable import Service

@Suite struct `The configuration and what must not be open` {
    private func problems(_ environment: [String: String]) -> [String] {
        do throws(InvalidConfiguration) {
            _ = try Configuration(environment, testDeclarations, cores: 4)
            return []
        } catch {
            return error.problems
        }
    }

    @Test(arguments: ["127.0.0.1", "127.1.2.3", "localhost", "::1"])
    func `lets everybody in who is on this machine`(host: String) {
        #expect(problems(["HTTP_HOST": host]).isEmpty)
        #expect(problems(["HTTP_HOST": host, "API_AUTH": "off"]).isEmpty)
    }

    @Test(arguments: [
        "0.0.0.0", "::", "192.168.0.1", "10.0.0.1", "larder.example.org", "localhost.example.org", "1.127.0.0", "fe80::1",
    ])
    func `wants to be told who may come from other machines`(host: String) {
        let problems = problems(["HTTP_HOST": host])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("API_AUTH: HTTP_HOST \(host) can be reached from other machines") == true)
        #expect(self.problems(["HTTP_HOST": host, "API_AUTH": "off"]).isEmpty)
    }

    @Test(arguments: ["0.0.0.0", "::", "10.0.0.1", "admin.example.org", "localhost.example.org"])
    func `wants to be told who of other machines may administer it, whoever may use it`(host: String) {
        let problems = problems(["ADMIN_HOST": host, "API_AUTH": "off"])
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("ADMIN_AUTH: ADMIN_HOST \(host) can be reached from other machines") == true)
        #expect(self.problems(["ADMIN_HOST": host, "ADMIN_AUTH": "off"]).isEmpty)
        #expect(self.problems(["ADMIN_HOST": host, "HTTP_HOST": host]).count == 2)
    }

    private func hosts(_ environment: [String: String]) throws -> [String] {
        let everywhere = ["API_AUTH": "off", "ADMIN_AUTH": "off"]
        let hosts = try Configuration(environment.merging(everywhere) { $1 }, testDeclarations, cores: 1).hosts
        return [hosts.api.description, hosts.admin.description]
    }

    @Test func `answers for the names of loopback while it listens there, else for any, unless it is told`() throws {
        let loopback = "localhost,127.0.0.1,[::1]"
        #expect(try hosts([:]) == [loopback, loopback])
        #expect(try hosts(["HTTP_HOST": "0.0.0.0"]) == ["*", loopback])
        #expect(try hosts(["HTTP_HOST": "::", "ADMIN_HOST": "0.0.0.0"]) == ["*", "*"])
        #expect(try hosts(["HTTP_HOSTS": "api.example"]) == ["api.example", "\(loopback),api.example"])
        #expect(try hosts(["HTTP_HOSTS": "api.example", "ADMIN_HOST": "10.0.0.1"]) == ["api.example", "api.example"])
        #expect(try hosts(["HTTP_HOSTS": "api.example", "ADMIN_HOSTS": "*"]) == ["api.example", "*"])
        #expect(try hosts(["HTTP_HOSTS": "*"]) == ["*", "*"])
        #expect(try hosts(["ADMIN_HOSTS": "admin.example"]) == [loopback, "admin.example"])
    }

    @Test(arguments: ["127.example.org", "127.0.0.1.nip.io", "127.0.0.256", "127.0.0.+1", "127.0.0.1.", "127.0.0"])
    func `does not take a name for this machine because it begins like its address`(host: String) {
        #expect(!problems(["HTTP_HOST": host]).isEmpty)
    }

    @Test func `shows addresses without their passwords`() throws {
        let environment = [
            "DATABASE_URL": "postgresql://larder:hunter2@db.example:5433/shop?sslmode=require&sslpassword=hunter2",
            "REDIS_URL": "redis://cache:hunter2@redis.example:6380/2",
        ]
        let effective = try Configuration(environment, testDeclarations, cores: 1).effective
        let shown = Dictionary(uniqueKeysWithValues: effective.map { ($0.name, $0.value) })
        #expect(shown["DATABASE_URL"] == "postgresql://larder@db.example:5433/shop")
        #expect(shown["REDIS_URL"] == "redis://cache:***@redis.example:6380/2")
        #expect(!effective.contains { $0.value.contains("hunter2") })
    }

    @Test func `shows connection strings of keywords without their passwords`() throws {
        let url = "host=db.example user=larder password='hunter2 x' dbname=shop"
        let effective = try Configuration(["DATABASE_URL": url], testDeclarations, cores: 1).effective
        #expect(effective.contains { $0.name == "DATABASE_URL" && $0.value == "postgresql://larder@db.example/shop" })
        #expect(!effective.contains { $0.value.contains("hunter2") })
    }

    @Test(arguments: [
        ("DATABASE_URL", "postgres://u:hunter2@[h]x/db"), ("DATABASE_URL", "postgres://u:hunter2%zz@h/db"),
        ("DATABASE_URL", "postgres://u:hunter2@[::1/db"), ("DATABASE_URL", "postgres://u:hunter2@h/db?no=1"),
        ("DATABASE_URL", "host=h password='hunter2"), ("DATABASE_URL", "host=h password hunter2"), ("DATABASE_URL", "hunter2"),
        ("DATABASE_URL", "postgres://u:hunter2@h/db?connect_timeout=x"), ("DATABASE_REPLICA_URL", "postgres://u:hunter2@h/db"),
        ("REDIS_URL", "redis://u:hunter2@h:port"), ("REDIS_URL", "redis://u:hunter2%zz@h"), ("REDIS_URL", "redis://u:hunter2@"),
        ("REDIS_URL", "rediss://u:hunter2@h"), ("REDIS_URL", "http://u:hunter2@h"), ("REDIS_URL", "u:hunter2@h"),
        ("REDIS_URL", "redis://hunter2@h"),
        ("REDIS_URL", "redis://u:hunter2@h/x"), ("REDIS_URL", "redis://u:hunter2@a,b"), ("REDIS_URL", "redis://u:hunter2@h?x=1"),
    ])
    func `does not repeat a password when an address is malformed`(name: String, url: String) {
        let problems = problems([name: url])
        #expect(problems.count == 1)
        #expect(problems.allSatisfy { $0.hasPrefix("\(name): ") && !$0.contains("hunter2") }, "\(problems)")
    }

    @Test(arguments: [
        ("REDIS_URL", "redis://u:hunter2"), ("REDIS_URL", "redis://u:hunter2/0"), ("DATABASE_URL", "postgres://u:hunter2"),
        ("DATABASE_URL", "postgres://u:hunter2/shop"),
    ])
    func `does not repeat a password when the host was forgotten`(name: String, url: String) {
        let problems = problems([name: url])
        #expect(problems.count == 1)
        #expect(problems.allSatisfy { $0.contains("the port") && !$0.contains("hunter2") }, "\(problems)")
    }
}
